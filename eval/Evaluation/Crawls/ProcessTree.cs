using System.Globalization;

namespace Touchstone.Evaluation.Crawls;

/// <summary>What a process and those that it started take, as Linux tells it. Not safe for concurrent use.</summary>
internal sealed class ProcessTree(int root)
{
    // Of /proc/*/stat, which counts in hundredths of a second on every Linux that .NET runs on.
    private const double TicksASecond = 100;

    // Memory costs more to look at than time.
    private const int LooksAMemory = 10;

    private readonly Dictionary<int, double> _seconds = [];
    private int _looks;

    /// <summary>Most memory of all of them at once, in bytes; what several of them map counts once (the proportional set size).</summary>
    public long Peak { get; private set; }

    /// <summary>The same of the first process alone.</summary>
    public long OwnPeak { get; private set; }

    /// <summary>Seconds of processor time of all that were seen, those that ended meanwhile included as far as they were seen.</summary>
    public double Seconds => _seconds.Values.Sum();

    public static bool IsKnown => OperatingSystem.IsLinux();

    /// <summary>Looks once, at memory only now and then.</summary>
    public void Look()
    {
        if (!IsKnown) return;
        Dictionary<int, (int Parent, double Seconds)> all = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && Read(folder) is { } seen) all[id] = seen;
        int[] ours = [.. all.Keys.Where(id => IsOurs(id, all))];
        foreach (int id in ours) _seconds[id] = Math.Max(all[id].Seconds, _seconds.GetValueOrDefault(id));
        if (_looks++ % LooksAMemory != 0) return;
        Dictionary<int, long> bytes = ours.ToDictionary(id => id, Memory);
        Peak = Math.Max(Peak, bytes.Values.Sum());
        OwnPeak = Math.Max(OwnPeak, bytes.GetValueOrDefault(root));
    }

    private bool IsOurs(int id, Dictionary<int, (int Parent, double Seconds)> all)
    {
        for (int steps = 0; steps < 20; steps++)
        {
            if (id == root) return true;
            if (!all.TryGetValue(id, out (int Parent, double Seconds) process)) return false;
            id = process.Parent;
        }
        return false;
    }

    private static (int Parent, double Seconds)? Read(string folder)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            // The name stands in brackets and may hold anything.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksASecond);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended just now.
            return null;
        }
    }

    private static long Memory(int id)
    {
        try
        {
            string line = File.ReadLines($"/proc/{id}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
            return 1_024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return 0;
        }
    }
}
