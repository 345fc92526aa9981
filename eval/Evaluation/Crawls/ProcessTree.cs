using System.Globalization;

namespace Touchstone.Evaluation.Crawls;

/// <summary>What a process and those that it started take, as Linux tells it. Not safe for concurrent use.</summary>
internal sealed class ProcessTree(int root)
{
    // Of /proc/*/stat, which counts in hundredths of a second on every Linux that .NET runs on.
    private const double TicksASecond = 100;

    private readonly Dictionary<int, double> _seconds = [];

    /// <summary>Most memory of all of them together at a time when it was looked at, bytes that are resident; what they share counts for each.</summary>
    public long Peak { get; private set; }

    /// <summary>Most memory of the first alone.</summary>
    public long OwnPeak { get; private set; }

    /// <summary>Seconds of processor time of all that were seen, those that ended meanwhile included as far as they were seen.</summary>
    public double Seconds => _seconds.Values.Sum();

    public static bool IsKnown => OperatingSystem.IsLinux();

    /// <summary>Looks once.</summary>
    public void Look()
    {
        if (!IsKnown) return;
        Dictionary<int, (int Parent, double Seconds, long Bytes)> all = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && Read(folder) is { } seen) all[id] = seen;
        long together = 0;
        foreach ((int id, (_, double seconds, long bytes)) in all)
        {
            if (!IsOurs(id, all)) continue;
            _seconds[id] = Math.Max(seconds, _seconds.GetValueOrDefault(id));
            together += bytes;
            if (id == root) OwnPeak = Math.Max(OwnPeak, bytes);
        }
        Peak = Math.Max(Peak, together);
    }

    private bool IsOurs(int id, Dictionary<int, (int Parent, double Seconds, long Bytes)> all)
    {
        for (int steps = 0; steps < 20; steps++)
        {
            if (id == root) return true;
            if (!all.TryGetValue(id, out (int Parent, double Seconds, long Bytes) process)) return false;
            id = process.Parent;
        }
        return false;
    }

    private static (int Parent, double Seconds, long Bytes)? Read(string folder)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            // The name stands in brackets and may hold anything.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            double seconds = (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksASecond;
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), seconds, long.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended just now.
            return null;
        }
    }
}
