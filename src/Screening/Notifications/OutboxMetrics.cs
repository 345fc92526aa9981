using System.Diagnostics.Metrics;

namespace Touchstone.Screening.Notifications;

/// <summary>What became of messages on this node. One set for the process. Safe for concurrent use.</summary>
public static class OutboxMetrics
{
    public const string MeterName = "Touchstone.Outbox";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Messages = Meter.CreateCounter<long>("touchstone.outbox.messages", "{message}", "Messages that were tried, by outcome.");

    internal static void Tried(DeliveryRound round)
    {
        Add("delivered", round.Delivered);
        Add("postponed", round.Postponed);
        Add("dead", round.Dead);
        Add("overtaken", round.Overtaken);

        static void Add(string outcome, int count)
        {
            if (count > 0) Messages.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
