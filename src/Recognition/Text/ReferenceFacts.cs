namespace Touchstone.Recognition.Text;

/// <summary>What a register says of a reference in words; these are split whenever they are asked for: a million references lie in memory, and few are compared. Immutable; thread-safe.</summary>
/// <param name="Kind">For a mark the title is its name.</param>
/// <param name="Category">The product category, or null.</param>
/// <param name="Gtins">Trade numbers, as 14 digits.</param>
public sealed record ReferenceFacts(long ReferenceId, ReferenceKind Kind, string Title, IReadOnlyList<string> Brands, IReadOnlyList<string> Models, string? Category, IReadOnlyList<string> Gtins)
{
    public IReadOnlyList<TextWord> TitleWords => [.. TextWord.Of(Title)];

    public IReadOnlyList<IReadOnlyList<TextWord>> BrandWords => [.. Brands.Select(b => TextWord.Of(b).ToArray())];

    public IReadOnlyList<IReadOnlyList<TextWord>> ModelWords => [.. Models.Select(m => TextWord.Of(m).ToArray())];

    /// <summary>Every word of the facts, for finding the reference by one of them; none is kept.</summary>
    public IEnumerable<TextWord> Words => Brands.Concat(Models).Prepend(Title).SelectMany(text => TextWord.Of(text)).Concat(Gtins.SelectMany(GtinWord));

    /// <summary>A trade number as a picture may print it, without the zeros that pad it.</summary>
    public static IEnumerable<TextWord> GtinWord(string gtin) => TextWord.Of(gtin.TrimStart('0'));
}
