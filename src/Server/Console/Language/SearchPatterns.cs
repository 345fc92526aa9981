namespace Touchstone.Server.Console.Language;

/// <summary>The sentences that searches make of their pace and of offers that a run did not see again, as those of <see cref="CorePatterns"/>.</summary>
internal static class SearchPatterns
{
    public static IReadOnlyList<string> English { get; } =
    [
        "A time of day goes with a search that repeats by whole days: 24 hours, 168 hours, and so on.",
        "A day of the week goes with a weekly search (168 hours) that has a time of day.",
        "A time of day is to the minute.",
        "its page is there and offers nothing any more",
        "its page showed no offer, and the run read no offer of the shop at all: the shop may have refused the program",
        "its page offers what was read under another address",
        "its page was read, and the offer no longer passes the search's words or is told under another address",
        "no page that the run read led to it",
        "the run has not come to it yet",
        "the run is paused",
        "the run was stopped before it came to it",
        "the run failed before it came to it",
    ];
}
