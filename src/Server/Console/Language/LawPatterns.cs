namespace Touchstone.Server.Console.Language;

/// <summary>The sentences that the core makes of persons' data and of what a role may keep, as <see cref="CorePatterns"/> has them.</summary>
internal static class LawPatterns
{
    public static IReadOnlyList<string> English { get; } =
    [
        "What was chosen is not there any more, or nothing was: look for the person again.",
        "Say who asked, and by which right.",
        "The reason names the person, and is kept for ever: name the request instead.",
        "{0} is no role; there are {1}.",
    ];
}
