using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Console.Layout;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Searches;

/// <summary>Says in words why something was not covered; the reasons are those of the crawler, and of an undetermined screening.</summary>
internal static class Coverage
{
    public static string Explain(CoverageGap gap) =>
        Enum.TryParse(gap.Reason, out UndeterminedReason undetermined) && Enum.IsDefined(undetermined) ? Words.Of(undetermined) : CoreSentences.Say(gap.Meaning);

    /// <summary>Shops of which nothing was searched for one reason are one gap that counts them; every other gap stays.</summary>
    public static IEnumerable<CoverageGap> Together(IEnumerable<CoverageGap> gaps) =>
        gaps.GroupBy(x => x.What == CoverageGap.UnsearchedShops ? (x.What, x.Reason, "") : (x.What, x.Reason, x.Example), (_, alike) => alike.ToArray())
            .Select(x => x[0].What == CoverageGap.UnsearchedShops ? x[0] with { Count = x.Length } : x[0]);

    /// <summary>The heading over gaps of one sort.</summary>
    public static string Heading(string what) => what switch
    {
        CoverageGap.LostUrls => T("Dropped by a limit: offers may be missing"),
        CoverageGap.UnsearchedShops => T("Shops of which nothing was searched"),
        "Skipped URLs" => T("Left out"),
        "Failed URLs" => T("Could not be read"),
        "Pages not rendered" => T("Needed a browser"),
        "Undetermined listings" => T("Offers without a verdict"),
        _ => what,
    };
}
