namespace Touchstone.Recognition.Scoring;

/// <summary>Whether the text in a picture is read.</summary>
public enum TextReading
{
    /// <summary>Not at all: the answer has to be fast.</summary>
    Never,

    /// <summary>Where <see cref="TextRule"/> finds a need.</summary>
    WhenNeeded,

    Always,
}

/// <summary>
/// When the text of a picture is read, which takes as long as the rest of the reading. A sibling may agree in all but a word however probable it is, so a clear verdict is no reason to leave
/// it unread; the reference's very picture is, unless cosmetics or packaged goods are among the candidates, which differ by what is printed on them. Immutable; thread-safe.
/// </summary>
public sealed record TextRule
{
    /// <summary>Where every candidate is less probable, text is not read. 0 to 1, default 0: text may name what no picture shows.</summary>
    public double ClearBelow { get; init; }

    /// <summary>Categories of the alert register whose products are told apart by their print.</summary>
    public IReadOnlyList<string> PrintedCategories { get; init; } = ["Cosmetics", "Chemical products", "Food-imitating products", "Liquids for e-cigarettes", "Pyrotechnic articles"];

    /// <param name="best">The highest probability without text; 0 if there is no candidate.</param>
    /// <param name="isEqual">Whether the picture is a reference's, byte for byte.</param>
    /// <param name="categories">Of the references that the picture may show; null for none.</param>
    public bool Needs(TextReading wish, double best, bool isEqual, IEnumerable<string?> categories) => wish switch
    {
        TextReading.Never => false,
        TextReading.Always => true,
        _ => categories.Any(c => c is not null && PrintedCategories.Contains(c, StringComparer.OrdinalIgnoreCase)) || (!isEqual && best >= ClearBelow),
    };
}
