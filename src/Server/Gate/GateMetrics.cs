using System.Diagnostics.Metrics;

namespace Touchstone.Server.Gate;

/// <summary>What the gate answers. How long it takes is in http.server.request.duration. One set for the process. Safe for concurrent use.</summary>
public static class GateMetrics
{
    public const string MeterName = "Touchstone.Gate";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Decisions = Meter.CreateCounter<long>("touchstone.gate.decisions", "{listing}", "Listings by decision; an answer that was given again is not counted.");

    internal static void Decided(GateDecision decision) => Decisions.Add(1, new KeyValuePair<string, object?>("decision", decision.ToString()));
}
