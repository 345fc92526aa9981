namespace Touchstone.Tests.Architecture;

/// <summary>One idea a file: what grows longer than this holds two.</summary>
public sealed class FileLengthTests
{
    private const int MostLines = 450;

    [Fact]
    public void No_source_file_is_too_long() =>
        Assert.Empty(SourceTree.Files(["src", "eval", "tests"], ".cs", ".razor").Where(x => !x.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(x => (Path: x, Lines: SourceTree.Read(x).Count(c => c == '\n'))).Where(x => x.Lines > MostLines));
}
