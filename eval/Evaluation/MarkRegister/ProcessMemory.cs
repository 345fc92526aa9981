using System.Globalization;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>What this process takes, in bytes, as Linux tells it; null elsewhere.</summary>
/// <param name="Own">Pages that belong to no file.</param>
/// <param name="Mapped">Pages of the files below a folder.</param>
internal sealed record ProcessMemory(long? Own, long? Mapped, long Managed)
{
    public static ProcessMemory Now(string folder)
    {
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        if (!OperatingSystem.IsLinux()) return new ProcessMemory(null, null, managed);
        long own = File.ReadLines("/proc/self/status").Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal)).Sum(Kilobytes);
        long mapped = 0;
        bool below = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            // A mapping begins with its addresses and ends with its file; its figures follow.
            if (line.Contains('-', StringComparison.Ordinal) && !line.Contains(" kB", StringComparison.Ordinal)) below = line.Contains(folder, StringComparison.Ordinal);
            else if (below && line.StartsWith("Rss:", StringComparison.Ordinal)) mapped += Kilobytes(line);
        }
        return new ProcessMemory(own, mapped, managed);
    }

    private static long Kilobytes(string line) => 1_024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
}
