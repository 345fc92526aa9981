namespace Touchstone.Evaluation.MarkRegister;

/// <summary>The values that half, 95 and 99 in a hundred stay below; milliseconds.</summary>
/// <param name="Count">Photos that came to this stage.</param>
public sealed record StageShares(string Stage, int Count, double P50, double P95, double P99)
{
    public static StageShares Of(string stage, IEnumerable<double> milliseconds)
    {
        double[] rising = [.. milliseconds.Order()];
        double At(double share) => rising.Length == 0 ? 0 : Math.Round(rising[Math.Min(rising.Length - 1, (int)(share * rising.Length))], 2);
        return new StageShares(stage, rising.Length, At(0.5), At(0.95), At(0.99));
    }
}

/// <summary>Photos asked with on so many threads.</summary>
/// <param name="ExitedWithMark">Share of the photos with a mark that were not looked at closer.</param>
/// <param name="ExitedStrangers">The same of those without.</param>
/// <param name="Proposed">Share of the photos with a mark whose mark was among those compared.</param>
/// <param name="First">Share of those whose mark came first.</param>
/// <param name="MadeCompared">Share of made marks among those that photos without a mark were compared with.</param>
public sealed record PhotosAsked(int Threads, int WithMark, int Strangers, double ExitedWithMark, double ExitedStrangers, double Proposed, double First, double MadeCompared, IReadOnlyList<StageShares> Stages);

/// <summary>What an open gallery takes; bytes a mark. Null where the system does not tell.</summary>
/// <param name="Files">Of its files, which are mapped: the most that it may take.</param>
/// <param name="Mapped">Of these, what lies in memory after all photos; the system takes it back when it needs room.</param>
/// <param name="Own">Memory of the process's own that came by opening and asking.</param>
/// <param name="Managed">Of this, what the collector holds.</param>
/// <param name="Facts">What the register says of the marks (a name each), kept in memory to compare texts.</param>
public sealed record GalleryMemory(double Files, double? Mapped, double? Own, double Managed, double Facts);

/// <summary>A gallery measured.</summary>
/// <param name="BuildSeconds">Null where it was there from an earlier run.</param>
/// <param name="FirstOpenMilliseconds">Opened for the first time in the process; its files are in the system's cache if they were just built.</param>
/// <param name="OpenMilliseconds">Opened again, the median of five.</param>
public sealed record GalleryMeasured(int References, double VectorsEach, double? BuildSeconds, double FirstOpenMilliseconds, double OpenMilliseconds, GalleryMemory Memory, IReadOnlyList<PhotosAsked> Asked);

/// <summary>How made marks compare with described ones: tenth, half and nine tenths below.</summary>
public sealed record SpreadCompared(string What, double[] Described, double[] Made);

/// <summary>What <c>touchstone bench gallery</c> found: the drawn marks alone, then all.</summary>
/// <param name="StoredBytes">Of the stored features of a drawn mark, on average.</param>
public sealed record GalleryBenchReport(string Model, int Drawn, int Emblems, double StoredBytes, double Bandwidth, double HashShare, IReadOnlyList<SpreadCompared> Spread, IReadOnlyList<GalleryMeasured> Galleries);
