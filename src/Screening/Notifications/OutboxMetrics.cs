using System.Diagnostics.Metrics;

namespace Touchstone.Screening.Notifications;

/// <summary>What became of messages on this node. One set for the process. Safe for concurrent use.</summary>
public static class OutboxMetrics
{
    public const string MeterName = "Touchstone.Outbox";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Messages = Meter.CreateCounter<long>("touchstone.outbox.messages", "{message}", "Messages that were tried, by outcome.");

    private static readonly Gauge<long> Waiting = Meter.CreateGauge<long>("touchstone.outbox.waiting", "{message}", "Messages of the whole installation that wait, as last seen.");
    private static readonly Gauge<double> Late = Meter.CreateGauge<double>("touchstone.outbox.late", "s", "How long the longest due of them has been due; 0: none is.");

    /// <param name="late">Since the message that is due longest was due; zero where none is.</param>
    internal static void Waits(int count, TimeSpan late)
    {
        Waiting.Record(count);
        Late.Record(late.TotalSeconds);
    }

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
