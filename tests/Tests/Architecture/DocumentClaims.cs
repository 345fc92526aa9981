using System.Text.RegularExpressions;

namespace Touchstone.Tests.Architecture;

/// <summary>What a Markdown page says that the checkout must bear out: paths and commands of the program. Pure.</summary>
internal static partial class DocumentClaims
{
    private static readonly string[] FileEndings = [".md", ".cs", ".csproj", ".json", ".props", ".slnx", ".mjs", ".py", ".ts", ".sh", ".png", ".jpg", ".svg", ".csv", ".txt", ".onnx"];

    /// <summary>
    /// The paths that a page names: in backticks where the text begins with a folder of the root or <c>./</c>, and as relative links. A part in
    /// capitals or with a wildcard or ellipsis stands for something that the reader chooses, and ends the path.
    /// </summary>
    /// <param name="topFolders">The names of the root's folders.</param>
    public static IEnumerable<string> PathsOf(string markdown, IReadOnlyCollection<string> topFolders)
    {
        string prose = Fence().Replace(markdown, "");
        foreach (Match span in Backticks().Matches(prose))
        {
            string text = span.Groups[1].Value.Trim().Split(' ')[0];
            if (text.StartsWith("./", StringComparison.Ordinal)) text = text[2..];
            else if (!topFolders.Contains(text.Split('/')[0]) || !text.Contains('/', StringComparison.Ordinal)) continue;
            if (Fixed(text) is { Length: > 0 } path) yield return path;
        }
        foreach (Match link in Links().Matches(prose))
        {
            string target = link.Groups[1].Value.Split('#')[0];
            if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)) yield return $"@{target}";
        }
    }

    /// <summary>The commands of the program that a page names, as words: <c>references import</c>; in backticks or at the start of a line in a fence.</summary>
    public static IEnumerable<IReadOnlyList<string>> CommandsOf(string markdown)
    {
        IEnumerable<string> spans = Backticks().Matches(Fence().Replace(markdown, "")).Select(x => x.Groups[1].Value);
        IEnumerable<string> lines = Fence().Matches(markdown).SelectMany(x => x.Value.Split('\n'));
        foreach (string text in spans.Concat(lines))
        {
            Match command = Command().Match(text.Trim());
            if (command.Success) yield return [.. command.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeWhile(x => Word().IsMatch(x))];
        }
    }

    private static string Fixed(string path)
    {
        IEnumerable<string> parts = path.Split('/').TakeWhile(x => !Chosen().IsMatch(x) || FileEndings.Any(e => x.EndsWith(e, StringComparison.Ordinal)));
        return string.Join('/', parts).TrimEnd('/', '.', ',', ':');
    }

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex Backticks();

    [GeneratedRegex(@"^[ \t]*```.*?^[ \t]*```[ \t]*$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^(?:\$ )?(?:\./)?touchstone((?: +\S+)*)")]
    private static partial Regex Command();

    [GeneratedRegex("^[a-z][a-z-]*$")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[A-Z_]+$|[*…<>{}?]|\.\.\.")]
    private static partial Regex Chosen();
}
