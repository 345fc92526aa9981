using System.CommandLine;
using System.Reflection;
using Touchstone.Cli.Frame;

namespace Touchstone.Tests.Architecture;

/// <summary>Documents cannot lie about what is there: every path and every command that one names exists.</summary>
public sealed class DocumentationTests
{
    private static readonly string[] Folders = ["src", "docs"];

    [Theory]
    [InlineData("See `src/Nothing.cs`.", "src/Nothing.cs")]
    [InlineData("Run `./nothing now`.", "nothing")]
    [InlineData("In `docs/decisions/NAME.md` and `src/*/Part`.", "docs/decisions/NAME.md,src")]
    [InlineData("A [page](other.md#part) and a [site](https://example.org/x.md).", "@other.md")]
    [InlineData("`application/json`, `GET /api/v1/cases`, `a/b`", "")]
    [InlineData("```\n`src/InFence.cs`\n```\n", "")]
    public void Paths_are_found_where_they_are_claimed(string markdown, string expected) => Assert.Equal(expected, string.Join(',', DocumentClaims.PathsOf(markdown, Folders)));

    [Theory]
    [InlineData("Use `touchstone references import PATH --register NAME`.", "references import")]
    [InlineData("```\n./touchstone demo --json --exit\n```\n", "demo")]
    [InlineData("The `touchstone` program; `touchstones x`", "")]
    public void Commands_are_found_where_they_are_claimed(string markdown, string expected) =>
        Assert.Equal(expected, string.Join(',', DocumentClaims.CommandsOf(markdown).Select(x => string.Join(' ', x)).Where(x => x.Length > 0)));

    [Theory]
    [InlineData("audit verify", null)]
    [InlineData("audit verify all", null)]
    [InlineData("audit nothing", "nothing")]
    [InlineData("nothing", "nothing")]
    public void A_command_that_is_not_there_is_found(string words, string? missing) => Assert.Equal(missing, MissingWord(words.Split(' ')));

    [Fact]
    public void Every_path_in_a_document_exists()
    {
        string[] top = [.. SourceTree.TopFolders];
        IEnumerable<string> missing = Documents().SelectMany(page => DocumentClaims.PathsOf(SourceTree.Read(page), top).Distinct()
            .Where(x => !Exists(page, x)).Select(x => $"{page}: {x.TrimStart('@')}"));
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_command_in_a_document_exists() =>
        Assert.Empty(Documents().SelectMany(page => DocumentClaims.CommandsOf(SourceTree.Read(page))
            .Select(x => (Words: x, Missing: MissingWord(x))).Where(x => x.Missing is not null).Select(x => $"{page}: touchstone {string.Join(' ', x.Words)} (no {x.Missing})")));

    private static IEnumerable<string> Documents() => SourceTree.Files([".", .. SourceTree.TopFolders], ".md");

    private static bool Exists(string page, string claim)
    {
        string folder = claim[0] == '@' ? Path.Combine(SourceTree.Root, Path.GetDirectoryName(page)!) : SourceTree.Root;
        string path = Path.Combine(folder, claim.TrimStart('@'));
        return File.Exists(path) || Directory.Exists(path);
    }

    // Below a command that has no commands of its own, words are its arguments.
    private static string? MissingWord(IReadOnlyList<string> words)
    {
        IEnumerable<Command> known = Commands();
        foreach (string word in words)
        {
            Command? found = known.FirstOrDefault(x => x.Name == word);
            if (found is null) return word;
            if (found.Subcommands.Count == 0) return null;
            known = found.Subcommands;
        }
        return null;
    }

    private static IEnumerable<Command> Commands() => typeof(TouchstoneProgram).Assembly.GetTypes()
        .Select(x => x.GetMethod("Create", BindingFlags.Public | BindingFlags.Static, []))
        .Where(x => x?.ReturnType == typeof(Command)).Select(x => (Command)x!.Invoke(null, null)!);
}
