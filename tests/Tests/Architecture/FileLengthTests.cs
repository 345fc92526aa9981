namespace Touchstone.Tests.Architecture;

/// <summary>One idea a file: what grows longer than this holds two.</summary>
public sealed class FileLengthTests
{
    private const int MostLines = 450;

    [Fact]
    public void No_source_file_is_too_long()
    {
        string[] tooLong = [.. SourceTree.Files(["src", "eval", "tests"], ".cs", ".razor")
            .Where(x => !x.Contains("/Migrations/", StringComparison.Ordinal) && SourceTree.Read(x).Count(c => c == '\n') > MostLines)];
        Assert.Empty(tooLong);
    }
}
