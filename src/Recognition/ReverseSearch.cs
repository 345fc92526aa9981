using System.Collections.Concurrent;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;

namespace Touchstone.Recognition;

/// <summary>The limits of asking what was seen. Immutable.</summary>
public sealed record ReverseSearchOptions
{
    /// <summary>Seen pictures that are compared for each picture of a reference, to begin with. 1 to 10,000, default 60.</summary>
    public int Candidates { get; init; } = 60;

    /// <summary>At most so many, where nearly all that were compared may match: a picture that hundreds of shops show. At least <see cref="Candidates"/>, default 4,000.</summary>
    public int MostCandidates { get; init; } = 4_000;

    /// <summary>Of those that promise no more than a review, the most probable are recognised, so many for each picture of a reference. 0 to 1,000, default 20.</summary>
    public int Reviews { get; init; } = 20;

    /// <summary>Everything that is wrong with these options; empty: nothing.</summary>
    public IEnumerable<string> Problems()
    {
        if (Candidates is < 1 or > 10_000) yield return $"LookBack:Candidates is {Candidates}; it is within 1 and 10,000.";
        if (Reviews is < 0 or > 1_000) yield return $"LookBack:Reviews is {Reviews}; it is within 0 and 1,000.";
        if (MostCandidates < Candidates) yield return $"LookBack:MostCandidates is {MostCandidates}; it is at least LookBack:Candidates, {Candidates}.";
    }
}

/// <summary>What a pair of pictures may come to be at best, and how probable it were then.</summary>
public readonly record struct Promise(Verdict Verdict, double Probability);

/// <summary>What was seen that may show a reference's picture.</summary>
/// <param name="Compared">Seen pictures that were compared.</param>
/// <param name="MayMatch">SHA-256 of those that may match once they are recognised: first those that promise a match, then those that promise a review, the most probable first.</param>
/// <param name="PromisedMatches">How many of these promise a match.</param>
public sealed record ReverseAnswer(int Compared, IReadOnlyList<string> MayMatch, int PromisedMatches);

/// <summary>
/// Asks the seen pictures with a reference's picture: the nearest by every index are compared, and more of them for as long as a share of the last ones may become matches.
/// It proposes; what it proposes is recognised like any other query. Safe for concurrent use.
/// </summary>
/// <param name="features">Of the seen pictures; those that it does not have are left out.</param>
public sealed class ReverseSearch(Recogniser recogniser, SeenGallery seen, ReferenceGallery gallery, IFeatureSource features, ReverseSearchOptions options)
{
    // Features of so many pictures are in memory at once, some 25 KB each.
    private const int AtOnce = 64;

    /// <summary>Of the pictures that were compared last one in so many has to be promising for more to be compared.</summary>
    private const int PromisingShare = 5;

    public async Task<ReverseAnswer> AskAsync(GalleryImage image, ImageFeatures reference, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(reference);
        var compared = new HashSet<long>();
        var promising = new List<(string Sha256, Promise Promise)>();
        for (int limit = options.Candidates; ; limit = Math.Min(2 * limit, options.MostCandidates))
        {
            IReadOnlyList<SeenPicture> near = seen.Near(reference, limit);
            string[] fresh = [.. near.Where(p => compared.Add(p.Number)).Select(p => p.Sha256)];
            int before = promising.Count;
            foreach (string[] some in fresh.Chunk(AtOnce)) promising.AddRange(await CompareAsync(some, image, reference, profile, cancellationToken));
            int matches = promising.Skip(before).Count(p => p.Promise.Verdict == Verdict.Match);
            if (limit == options.MostCandidates || near.Count < limit || matches * PromisingShare < fresh.Length) break;
        }
        (string Sha256, Promise Promise)[] ordered = [.. promising.OrderByDescending(p => p.Promise.Probability).ThenBy(p => p.Sha256, StringComparer.Ordinal)];
        string[] promised = [.. ordered.Where(p => p.Promise.Verdict == Verdict.Match).Select(p => p.Sha256)];
        return new ReverseAnswer(compared.Count, [.. promised, .. ordered.Where(p => p.Promise.Verdict == Verdict.Review).Take(options.Reviews).Select(p => p.Sha256)], promised.Length);
    }

    private async Task<IEnumerable<(string Sha256, Promise Promise)>> CompareAsync(string[] sha256s, GalleryImage image, ImageFeatures reference, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, ImageFeatures> found = await features.FindAsync(sha256s, cancellationToken);
        var promises = new ConcurrentBag<(string Sha256, Promise Promise)>();
        await Parallel.ForEachAsync(found.Values, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, async (picture, token) =>
            promises.Add((picture.Sha256, await recogniser.PromiseAsync(picture, image, reference, gallery, profile, token))));
        return promises.Where(p => p.Promise.Verdict != Verdict.NoMatch);
    }
}
