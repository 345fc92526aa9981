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
        string head = reason.Split(':')[0];
        if (head.StartsWith("http-", StringComparison.Ordinal)) return $"the shop answered {head["http-".Length..]}";
        return head switch
        {
            "bad-url" => "the URL is malformed",
            "forbidden-address" => "the address is internal and not allowed",
            "robots" => "the shop's robots rules disallow it",
            "robots-unreachable" => "the shop's robots rules could not be read",
            "budget" => "the budget of the shop was used up",
            "name-not-resolved" => "the name did not resolve",
            "connection" => "the connection failed",
            "timeout" => "the shop did not answer in time",
            "too-many-bytes" => "the page was too large",
            "too-many-redirects" => "there were too many redirects",
            "no-sitemap" => "the shop has no sitemap there; its links were followed instead",
            "ended-workers" => "the program ended twice while it read the page, so it was given up; the log of that time says over what",
            "read-timeout" => "reading the page took too long",
            "unreadable" => "the page could not be read; the log says why",
            "unknown-coding" => "the page is packed in a way that nobody asked for",
            "off-site" => "it leads to another site",
            SearchQueries.NoLongerKept => "the run ended long ago, and the reasons are no longer kept",
            "not-html" => "it is no page",
            _ => reason,
        };
    }
}
