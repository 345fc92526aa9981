using System.Text.RegularExpressions;

namespace Touchstone.Tests.Architecture;

/// <summary>Unsafe code and native imports live in Vision and in two files of Index; the tests may use them too.</summary>
public sealed partial class UnsafeCodeTests
{
    // A span over memory that a file is mapped into needs a pointer, and so does asking the processor to bring memory near.
    private static readonly string[] Addresses = ["src/Index/Segments/MappedBytes.cs", "src/Index/Rows/Prefetch.cs", "src/Index/Index.csproj"];

    [Theory]
    [InlineData("public unsafe void Read(byte* from)")]
    [InlineData("    unsafe\n    {")]
    [InlineData("[LibraryImport(\"vips\")]")]
    [InlineData("[DllImport(\"vips\")]")]
    [InlineData("<AllowUnsafeBlocks>true</AllowUnsafeBlocks>")]
    public void A_planted_violation_is_found(string source) => Assert.True(IsUnsafe(source));

    [Theory]
    [InlineData("// An unsafe-looking name")]
    [InlineData("Assert.True(unsafeName);")]
    [InlineData("JavaScriptEncoder.UnsafeRelaxedJsonEscaping")]
    public void What_only_names_it_is_not(string source) => Assert.False(IsUnsafe(source));

    [Fact]
    public void Only_Vision_and_what_needs_addresses_have_unsafe_code()
    {
        string[] elsewhere = [.. SourceTree.Files(["src", "eval"], ".cs", ".csproj", ".razor").Where(x => !x.StartsWith("src/Vision/", StringComparison.Ordinal) && IsUnsafe(SourceTree.Read(x)))];
        Assert.Equal(Addresses.Order(StringComparer.Ordinal), elsewhere.Order(StringComparer.Ordinal));
    }

    private static bool IsUnsafe(string source) => Unsafe().IsMatch(Comment().Replace(source, ""));

    [GeneratedRegex(@"\bunsafe\b(?!-)|\[(LibraryImport|DllImport)\b|<AllowUnsafeBlocks>\s*true")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();
}
