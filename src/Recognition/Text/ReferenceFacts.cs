namespace Touchstone.Recognition.Text;

/// <summary>What a register says of a reference in words. Immutable; thread-safe. Words are cut when they are asked for: a million references are in memory, and few are compared.</summary>
/// <param name="Kind">For a mark the title is its name.</param>
/// <param name="Category">The product category, or null.</param>
/// <param name="Gtins">Trade numbers, as 14 digits.</param>
public sealed record ReferenceFacts(long ReferenceId, ReferenceKind Kind, string Title, IReadOnlyList<string> Brands, IReadOnlyList<string> Models, string? Category, IReadOnlyList<string> Gtins)
{
    public IReadOnlyList<TextWord> TitleWords => [.. TextWord.Of(Title)];

    public IReadOnlyList<IReadOnlyList<TextWord>> BrandWords => [.. Brands.Select(b => TextWord.Of(b).ToArray())];

    public IReadOnlyList<IReadOnlyList<TextWord>> ModelWords => [.. Models.Select(m => TextWord.Of(m).ToArray())];

    /// <summary>Every word of the facts, for finding the reference by one of them.</summary>
    public IEnumerable<TextWord> Words => TitleWords.Concat(BrandWords.SelectMany(w => w)).Concat(ModelWords.SelectMany(w => w)).Concat(Gtins.SelectMany(GtinWord));

    /// <summary>A trade number as a picture may print it, without the zeros that pad it.</summary>
    public static IEnumerable<TextWord> GtinWord(string gtin) => TextWord.Of(gtin.TrimStart('0'));
}
