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
        "\"{0}\" is no SHA-256 of 64 lower-case hexadecimal digits.",
        "A reason has 1 to {0} characters and no NUL.",
        "It is a picture of reference {0} ({1}), which is searched with it. Retire the reference first.",
        "Nothing is stored under {0}, and nothing refers to it.",
    ];
}
