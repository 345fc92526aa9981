using System.ComponentModel;
using System.Diagnostics;

namespace Touchstone.Evaluation.Crawls;

/// <summary>
/// Runs a crawler in a process of its own. On its standard output it says <c>product SKU</c> for each product that it read and <c>done</c> at its end, after which it waits for its input to
/// end; <c>missing WHAT</c> where it cannot run here.
/// </summary>
internal static class CrawlerProcess
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Crawls once. Returns what was measured, or what the crawler lacks.</summary>
    /// <param name="limit">What runs longer is ended, and what it did until then counts.</param>
    /// <exception cref="InvalidOperationException">It ended before it was done; its messages are on standard error.</exception>
    public static async Task<(CrawlMeasured? Measured, string? Missing)> RunAsync(ProcessStartInfo start, CrawlGround ground, TimeSpan limit, CancellationToken cancellationToken)
    {
        ground.Reset();
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            return (null, $"{start.FileName} cannot be started: {e.Message}");
        }
        using (process)
        {
            try
            {
                return await WatchedAsync(process, ground, limit, cancellationToken);
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static async Task<(CrawlMeasured? Measured, string? Missing)> WatchedAsync(Process process, CrawlGround ground, TimeSpan limit, CancellationToken cancellationToken)
    {
        ProcessTree tree = new(process.Id);
        HashSet<string> products = new(StringComparer.Ordinal);
        double before = 0, last = 0;
        using PeriodicTimer timer = new(Tick);
        Task<string?> line = process.StandardOutput.ReadLineAsync(cancellationToken).AsTask();
        Task<bool> tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        while (ground.Since < limit.TotalSeconds)
        {
            if (tick.IsCompleted || await Task.WhenAny(line, tick) == tick)
            {
                tree.Look();
                if (!ground.HasBegun) before = tree.Seconds;
                tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
                continue;
            }
            if (await line is not { } said) throw new InvalidOperationException($"{process.StartInfo.FileName} ended before it was done; its messages are above.");
            if (said.StartsWith("missing ", StringComparison.Ordinal)) return (null, said["missing ".Length..]);
            if (said == "done") break;
            if (said.StartsWith("product ", StringComparison.Ordinal) && products.Add(said["product ".Length..])) last = ground.Since;
            line = process.StandardOutput.ReadLineAsync(cancellationToken).AsTask();
        }
        double seconds = ground.Since;
        tree.Look();
        double? Known(double value) => ProcessTree.IsKnown ? value : null;
        return (new CrawlMeasured(ground.Requests, seconds, Known(tree.Seconds - before), Known(tree.Peak / (double)(1 << 20)), Known(tree.OwnPeak / (double)(1 << 20)), products.Count, last), null);
    }
}
