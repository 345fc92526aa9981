using System.Text.RegularExpressions;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening;
using Touchstone.Server.Console.Layout;

namespace Touchstone.Server.Console.Searches;

/// <summary>Says in words why something was not covered.</summary>
internal static partial class Coverage
{
    public static string Explain(string reason)
    {
        string head = reason.Split(':', ' ')[0];
        string tail = reason[head.Length..].Trim(':', ' ');
        if (Enum.TryParse(head, out UndeterminedReason undetermined) && Enum.IsDefined(undetermined)) return Words.Of(undetermined);
        string words = Enum.TryParse(head, out FetchFailure failure) && Enum.IsDefined(failure) ? Of(failure) : Spaced().Replace(head, " $1").ToLowerInvariant();
        return tail.Length == 0 ? words : $"{words} ({tail})";
    }

    private static string Of(FetchFailure failure) => failure switch
    {
        FetchFailure.BadUrl => "the URL is malformed",
        FetchFailure.ForbiddenAddress => "the address is internal and not allowed",
        FetchFailure.DisallowedByRobots => "the shop's robots rules disallow it",
        FetchFailure.RobotsUnreachable => "the shop's robots rules could not be read",
        FetchFailure.BudgetExhausted => "the budget of the shop was used up",
        FetchFailure.NameNotResolved => "the name did not resolve",
        FetchFailure.ConnectionFailed => "the connection failed",
        FetchFailure.TimedOut => "the shop did not answer in time",
        FetchFailure.TooManyBytes => "the page was too large",
        FetchFailure.TooManyRedirects => "there were too many redirects",
        FetchFailure.HttpStatus => "the shop answered with an error",
        _ => failure.ToString(),
    };

    [GeneratedRegex("(?<!^)([A-Z])", RegexOptions.None, 200)]
    private static partial Regex Spaced();
}
