using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Server.Console.Layout;

namespace Touchstone.Server.Console.Searches;

/// <summary>Says in words why something was not covered; the reasons are those of the crawler, and of an undetermined screening.</summary>
internal static class Coverage
{
    public static string Explain(CoverageGap gap) =>
        Enum.TryParse(gap.Reason, out UndeterminedReason undetermined) && Enum.IsDefined(undetermined) ? Words.Of(undetermined) : gap.Meaning;
}
