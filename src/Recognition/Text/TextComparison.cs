using Touchstone.Vision.Alignment;

namespace Touchstone.Recognition.Text;

/// <summary>
/// Compares the text of a picture with a reference: with the text of its picture, and with the register's facts. Words agree though some
/// letters were misread; rare words tell more than common ones. Pure; safe for concurrent use.
/// </summary>
public static class TextComparison
{
    // Words of this weight together leave a third of the doubt: one rare word of five letters says 0.63.
    private const double Enough = 1;

    // Both sides say so much that something of it would agree.
    private const double MuchText = 3;

    // A title names a product by two rare words, a mark by one.
    private const double TitleWeight = 1.6;
    private const double MarkWeight = 0.8;

    // Readings are never quite certain.
    private const double Whole = 0.75;

    /// <param name="query">The picture's text.</param>
    /// <param name="reference">The text of the reference's picture; null where it was not read.</param>
    /// <param name="facts">What the register says; null to compare the pictures alone.</param>
    /// <param name="placement">How the reference's picture lies in the picture; null where that was not found.</param>
    public static TextAgreement Compare(OcrText query, OcrText? reference, ReferenceFacts? facts, IdfWeights rarity, Placement? placement = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(rarity);
        if (query.Words.Count == 0) return TextAgreement.None;
        TextStatements stated = TextStatements.Of(query.Words);
        TextStatements? other = reference is { Words.Count: > 0 } ? TextStatements.Of(reference.Words) : null;
        var words = new List<AgreedWord>();
        double doubt = 1;
        var named = Naming.None;
        if (reference is { Words.Count: > 0 }) doubt *= 1 - WithPicture(query, reference, rarity, words);
        if (facts is not null)
        {
            (double share, named) = WithFacts(query, facts, rarity, words);
            doubt *= 1 - share;
        }
        string[] gtins = [.. facts?.Gtins ?? [], .. other?.Gtins ?? []];
        if (stated.Gtins.FirstOrDefault(gtins.Contains) is { } gtin)
        {
            doubt *= 0.02;
            named = Naming.Gtin;
            words.Add(new AgreedWord(gtin.TrimStart('0'), gtin.TrimStart('0'), TextSource.Gtin, 1.3, [], []));
        }
        double agreement = 1 - doubt;
        (double contradiction, string? conflict) = Contradiction(query, reference, stated, other, gtins, agreement, rarity);
        return new TextAgreement(agreement, contradiction, [.. words.OrderByDescending(w => w.Weight)], named, [.. stated.Warnings.Intersect(other?.Warnings ?? [])])
        {
            Conflict = conflict,
            AtPlace = placement is not null && reference is not null ? TextAtPlace.Compare(query, reference, placement) : TextAtPlace.None,
        };
    }

    private static double WithPicture(OcrText query, OcrText reference, IdfWeights rarity, List<AgreedWord> words)
    {
        List<WordPair> pairs = WordMatching.Pair(query.Words, reference.Words, rarity.Of);
        words.AddRange(pairs.Select(p => new AgreedWord(p.Left.Text, p.Right.Text, TextSource.Picture, p.Weight, query.CornersOf(p.Left), reference.CornersOf(p.Right))));
        return Share(pairs, query.Words.Sum(rarity.Of), reference.Words.Sum(rarity.Of));
    }

    /// <summary>The best of the facts counts: a picture that states the brand and the model need not repeat the title.</summary>
    private static (double Share, Naming Named) WithFacts(OcrText query, ReferenceFacts facts, IdfWeights rarity, List<AgreedWord> words)
    {
        (double title, bool titled) = Fact(facts.TitleWords, TextSource.Title, facts.Kind == ReferenceKind.Mark ? MarkWeight : TitleWeight);
        (double brand, bool branded) = Best(facts.BrandWords, TextSource.Brand);
        (double model, bool modelled) = Best(facts.ModelWords, TextSource.Model);
        // A brand alone stands on every product of its maker.
        double product = 1 - ((1 - (0.5 * brand)) * (1 - model));
        return (Math.Max(title, product), branded && modelled ? Naming.BrandAndModel : titled ? Naming.Title : Naming.None);

        (double Share, bool Whole) Best(IReadOnlyList<IReadOnlyList<TextWord>> all, TextSource source) =>
            all.Select(fact => Fact(fact, source, 0.3)).DefaultIfEmpty().MaxBy(f => f.Share);

        (double Share, bool Whole) Fact(IReadOnlyList<TextWord> fact, TextSource source, double least)
        {
            double all = fact.Sum(rarity.Of);
            if (all <= 0) return (0, false);
            List<WordPair> pairs = WordMatching.Pair(query.Words, fact, rarity.Of);
            words.AddRange(pairs.Where(p => p.Weight > 0.2).Select(p => new AgreedWord(p.Left.Text, p.Right.Text, source, p.Weight, query.CornersOf(p.Left), [])));
            double shared = pairs.Sum(p => p.Weight);
            return (Share(pairs, all, all), shared >= least && shared >= Whole * all);
        }
    }

    private static double Share(List<WordPair> pairs, double left, double right)
    {
        double shared = pairs.Sum(p => p.Weight), poorer = Math.Min(left, right);
        if (shared <= 0 || poorer <= 0) return 0;
        return (1 - Math.Exp(-shared / Enough)) * Math.Sqrt(Math.Min(1, shared / poorer));
    }

    private static (double Value, string? Conflict) Contradiction(OcrText query, OcrText? reference, TextStatements stated, TextStatements? other, string[] gtins, double agreement, IdfWeights rarity)
    {
        if (stated.Gtins.Count > 0 && gtins.Length > 0 && !stated.Gtins.Any(gtins.Contains))
            return (0.8, $"The picture states the GTIN {stated.Gtins[0].TrimStart('0')}, the reference {gtins[0].TrimStart('0')}.");
        if (other is null || reference is null) return (0, null);
        if (stated.Models.Count > 0 && other.Models.Count > 0 && !stated.Models.Intersect(other.Models, StringComparer.Ordinal).Any())
            return (0.3, $"The picture states the model {stated.Models[0].ToUpperInvariant()}, the reference's {other.Models[0].ToUpperInvariant()}.");
        double poorer = Math.Min(query.Words.Sum(rarity.Of), reference.Words.Sum(rarity.Of)), value = 0.5 * (1 - (4 * agreement));
        return poorer < MuchText || value <= 0 ? (0, null) : (value, "Both pictures have much text, and hardly any of it agrees.");
    }
}
