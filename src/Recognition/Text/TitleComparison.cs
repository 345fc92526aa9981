namespace Touchstone.Recognition.Text;

/// <summary>How two titles or records of products agree, before any threshold. Every value is finite; one that says nothing is 0.</summary>
/// <param name="Overlap">The weight of the shared words among that of all words, 0..1.</param>
/// <param name="Contained">The weight of the shared words among that of the poorer text, 0..1.</param>
/// <param name="Numbers">As <paramref name="Overlap"/>, of the words with digits alone, 0..1.</param>
/// <param name="NumbersConflict">0..1 where both state telling numbers or models and share none, else 0.</param>
public readonly record struct TitleAgreement(double Overlap, double Contained, double Numbers, double NumbersConflict)
{
    public double[] ToArray() => [Overlap, Contained, Numbers, NumbersConflict];
}

/// <summary>Compares what two shops write of a product, with the words and weights by which the texts of pictures are compared. Pure; safe for concurrent use.</summary>
public static class TitleComparison
{
    // A number below this weight is a size or a year rather than a model.
    private const double TellingNumber = 0.5;

    public static TitleAgreement Compare(IReadOnlyList<TextWord> left, IReadOnlyList<TextWord> right, IdfWeights rarity)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(rarity);
        left = [.. left.DistinctBy(w => w.Folded)];
        right = [.. right.DistinctBy(w => w.Folded)];
        List<WordPair> pairs = WordMatching.Pair(left, right, rarity.Of);
        double leftWeight = left.Sum(rarity.Of), rightWeight = right.Sum(rarity.Of), shared = pairs.Sum(p => p.Weight);
        double leftNumbers = Numbers(left, rarity), rightNumbers = Numbers(right, rarity), sharedNumbers = pairs.Where(p => p.Left.HasDigit && p.Right.HasDigit).Sum(p => p.Weight);
        IReadOnlyList<string> leftModels = TextStatements.Of(left).Models, rightModels = TextStatements.Of(right).Models;
        bool models = leftModels.Count > 0 && rightModels.Count > 0 && !leftModels.Intersect(rightModels, StringComparer.Ordinal).Any();
        bool conflict = models || (sharedNumbers == 0 && left.Any(Telling) && right.Any(Telling));
        return new TitleAgreement(Part(shared, leftWeight + rightWeight - shared), Part(shared, Math.Min(leftWeight, rightWeight)), Part(sharedNumbers, leftNumbers + rightNumbers - sharedNumbers), conflict ? 1 : 0);

        bool Telling(TextWord word) => word.HasDigit && rarity.Of(word) >= TellingNumber;
    }

    private static double Numbers(IReadOnlyList<TextWord> words, IdfWeights rarity) => words.Where(w => w.HasDigit).Sum(rarity.Of);

    private static double Part(double shared, double all) => all <= 0 ? 0 : Math.Clamp(shared / all, 0, 1);
}
