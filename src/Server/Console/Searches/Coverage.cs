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
