namespace Touchstone.Cli.GateLoad;

/// <summary>How a gate is loaded.</summary>
/// <param name="Impatient">Whether a client that was refused asks again at once.</param>
internal sealed record LoadPlan(string Images, int Pictures, int Clients, TimeSpan Duration, bool Impatient);

/// <summary>How long requests took, from the first byte sent to the last received, in seconds.</summary>
internal sealed record Latencies(int Count, double Median, double P99, double Max)
{
    public static Latencies Of(IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(x => x.TotalSeconds).Order()];
        double At(double share) => sorted.Length == 0 ? 0 : Math.Round(sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))], 4);
        return new Latencies(sorted.Length, At(0.5), At(0.99), At(1));
    }
}

/// <summary>What a loaded gate did.</summary>
/// <param name="Alone">One request after the other, before the clients came.</param>
/// <param name="Failed">Any other answer than 200, 429 and 503, or none.</param>
/// <param name="Next">The first request after the clients had gone, in seconds.</param>
/// <param name="PeakMebibytes">The most memory that the server's process held at any time, in MiB.</param>
internal sealed record LoadReport(int Clients, double Seconds, Latencies Alone, Latencies Answered, Latencies TooMany, Latencies Busy, Latencies Failed, double Next, double PeakMebibytes);
