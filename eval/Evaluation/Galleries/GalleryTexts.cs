using Touchstone.Screening.Pipeline;
using Touchstone.Screening.Text;
using Touchstone.Vision.Verification;

namespace Touchstone.Evaluation.Galleries;

/// <summary>
/// The texts in the pictures of a gallery, as a screening uses them but without a register's facts, which would give the answer away.
/// Safe for concurrent use once filled.
/// </summary>
internal sealed class GalleryTexts
{
    private const int MostCandidates = 10;

    private readonly TextIndex _index = new();
    private readonly Dictionary<int, DescribedImage> _images = [];

    public void Add(int reference, DescribedImage image)
    {
        if (image.Text is not { } text) return;
        _index.Put(TextOwner.Picture(reference), text.Words);
        _images[reference] = image;
    }

    /// <summary>References whose text shares telling words with the query's; none where texts were not read.</summary>
    public IEnumerable<int> FindCandidates(DescribedImage query) => Find(query, MostCandidates);

    /// <summary>What the texts of two pictures say of each other; nothing where one was not read.</summary>
    /// <param name="placement">How the reference lies in the query, where that was found.</param>
    public TextAgreement Compare(DescribedImage query, DescribedImage reference, Placement? placement = null) =>
        query.Text is { } text ? TextComparison.Compare(text, reference.Text, null, _index.Rarity, placement) : TextAgreement.None;

    /// <summary>A measurement with what the texts say of the same two.</summary>
    public Measurement WithText(Measurement measurement, DescribedImage query, DescribedImage reference) =>
        MatchJudge.WithText(measurement, Compare(query, reference, measurement.Placement));

    /// <summary>The references that agree with the query's text at all, with their agreement, 0..1.</summary>
    public IEnumerable<(int Reference, double Agreement)> Rank(DescribedImage query) =>
        Find(query, int.MaxValue).Select(reference => (reference, Compare(query, _images[reference]).Agreement)).Where(found => found.Agreement > 0);

    private IEnumerable<int> Find(DescribedImage query, int most) =>
        query.Text is { } text ? _index.Find(text.Words, most).Select(hit => (int)hit.Owner.Id) : [];
}
