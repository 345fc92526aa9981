using Touchstone.Crawling;
using Touchstone.Screening;
using Touchstone.Screening.Searches;
using Touchstone.Server.Console.Layout;

namespace Touchstone.Server.Console.Searches;

/// <summary>Says in words why something was not covered; the reasons are those of the crawler, and of an undetermined screening.</summary>
internal static class Coverage
{
    public static string Explain(string reason)
    {
        if (Enum.TryParse(reason, out UndeterminedReason undetermined) && Enum.IsDefined(undetermined)) return Words.Of(undetermined);
        if (Enum.TryParse(reason, out UnsearchedReason unsearched) && Enum.IsDefined(unsearched)) return UnsearchedShop.Explain(unsearched);
        return reason == SearchQueries.NoLongerKept ? "the run ended long ago, and the reasons are no longer kept" : CrawlReasons.Explain(reason);
    }
}
