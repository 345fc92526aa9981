namespace Touchstone.Tests.Architecture;

/// <summary>Touchstone says that a picture matches; what the item is, a person decides. The word that would say more is not in it.</summary>
public sealed class WordsTests
{
    private static readonly string Word = string.Concat("counter", "feit");

    /// <summary>The pages that state the rule.</summary>
    private static readonly string[] StatesTheRule = ["docs/glossary.md", "docs/architecture.md"];

    [Theory]
    [InlineData("This is a {0} bag.", 1)]
    [InlineData("{0}s and\nC{1}", 2)]
    [InlineData("A picture matches.", 0)]
    public void A_planted_word_is_found(string text, int lines) =>
        Assert.Equal(lines, LinesWithWord(string.Format(System.Globalization.CultureInfo.InvariantCulture, text, Word, Word[1..].ToUpperInvariant())).Count());

    [Fact]
    public void The_word_is_nowhere_but_in_the_rule() =>
        Assert.Empty(SourceTree.Files([".", .. SourceTree.TopFolders.Except(["tests"])], ".cs", ".razor", ".md", ".ts", ".css", ".html", ".json", ".py", ".mjs")
            .Except(StatesTheRule).SelectMany(path => LinesWithWord(SourceTree.Read(path)).Select(line => $"{path}: {line.Trim()}")));

    [Fact]
    public void The_rule_itself_is_stated() => Assert.Single(LinesWithWord(SourceTree.Read("docs/glossary.md")));

    private static IEnumerable<string> LinesWithWord(string text) => text.Split('\n').Where(x => x.Contains(Word, StringComparison.OrdinalIgnoreCase));
}
