using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Recognition.Text;

namespace Touchstone.Recognition;

/// <summary>
/// The one recipe for reading images: candidates → each pair scored, closely where one may match → text where it is needed → several images of one thing fused → candidates
/// weighed against each other → calibrated probability → verdict. Every door, the evaluation, the calibration and the benchmarks call it. It
/// knows no database, network or clock: features of references come from <see cref="IFeatureSource"/>. Safe for concurrent use; deterministic
/// for equal content.
/// </summary>
public sealed class Recogniser(PairScorer scorer, IFeatureSource references, RecogniserOptions options)
{
    /// <summary>What the images of one thing show of a gallery.</summary>
    /// <exception cref="ArgumentException">An image is described by another model than the gallery's.</exception>
    public async Task<RecognitionOutcome> RecogniseAsync(RecognitionQuery query, ReferenceGallery gallery, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(profile);
        var compared = new List<ComparedImage>();
        foreach (QueryImage image in query.Images) compared.Add(await CompareOrFailAsync(image, query, gallery, profile, cancellationToken));
        if (compared.Count > 1) await ShareCandidatesAsync(compared, query, gallery, profile, cancellationToken);
        using (query.Stages?.Enter(RecognitionStage.Decision)) return Decide(compared, query, gallery, profile);
    }

    private static RecognitionOutcome Decide(List<ComparedImage> compared, RecognitionQuery query, ReferenceGallery gallery, CalibrationProfile profile)
    {
        foreach (ComparedImage image in compared) ReplaceAll(image.Measured, m => m with { Measurement = OfferEvidence.With(m.Measurement, query.Offer, gallery.Texts.FactsOf(m.Candidate.Image.ReferenceId), profile.Offer) });
        IReadOnlyList<IReadOnlyList<MeasuredCandidate>> weighed = ImageFusion.WithMargins([.. compared.Select(c => c.Measured)], profile, gallery.Identifiers.AreOne);
        IReadOnlyList<RankedCandidate> ranking = Ranking(weighed, profile);
        Rival[] rivals = Rival.Of(ranking, id => gallery.Texts.FactsOf(id)?.Title);
        FoundMatch[] found = [.. weighed.SelectMany((candidates, i) => candidates.Where(m => query.IsWanted(m.Candidate.Image.ReferenceId)).SelectMany(m => MatchesOf(m, profile, compared[i].Sha256)))];
        return new RecognitionOutcome(
            [.. BestOfEachReference([.. found, .. ByIdentifiers(query, gallery, profile)]).Select(m => m with { Signals = m.Signals with { Rivals = [.. rivals.Where(r => r.ReferenceId != m.ReferenceId).Take(Rival.Most)] } }).Select(m => TitleEvidence.With(m, query.Offer.Title, gallery.Texts.FactsOf(m.ReferenceId), gallery.Texts.Rarity))],
            ranking,
            [.. compared.Select(c => new RecognisedImage(c.Sha256, c.Text, c.Failure))]);
    }

    /// <summary>Every candidate of an image, measured with its text and without a profile: what a profile is fitted on.</summary>
    public async Task<IReadOnlyList<MeasuredCandidate>> MeasureAsync(QueryImage image, ReferenceGallery gallery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(gallery);
        QueryImage close = await CloseAsync(image, null, cancellationToken);
        List<MeasuredCandidate> measured = await MeasureAsync(close, [.. Candidates(image, gallery, [])], gallery, null, cancellationToken);
        return (await WithTextAsync(close, measured, gallery, null, cancellationToken)).Measured;
    }

    /// <summary>
    /// What an image may come to be to a reference image once it is recognised with all its rivals: as far ahead as can be, and with the texts of both as far as they
    /// were read. What looks back over many images recognises only those that promise something.
    /// </summary>
    public async Task<Promise> PromiseAsync(ImageFeatures seen, GalleryImage image, ImageFeatures reference, ReferenceGallery gallery, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(gallery);
        if (seen.Sha256 == reference.Sha256) return new Promise(Verdict.Match, 1);
        if (seen.ShowsTooLittle) return new Promise(Verdict.NoMatch, 0);
        var measured = new MeasuredCandidate(new Candidate(image), reference, scorer.Measure(seen, reference, image.Kind));
        (Verdict verdict, double probability) = CandidateCompetition.AtBest(measured, profile);
        if (verdict == Verdict.Match || (await references.FindTextsAsync([seen.Sha256], cancellationToken)).GetValueOrDefault(seen.Sha256) is not { Words.Count: > 0 } text) return new Promise(verdict, probability);
        MeasuredCandidate read = (await CompareTextsAsync(text, [measured], gallery, null, cancellationToken))[0];
        (Verdict withText, double then) = CandidateCompetition.AtBest(read, profile);
        if (PrintedName.MatchOf(read, profile, seen.Sha256) is { } named && named.Verdict < withText) (withText, then) = (named.Verdict, named.Probability.Value);
        return withText < verdict ? new Promise(withText, then) : new Promise(verdict, probability);
    }

    /// <summary>A stage that throws leaves this image out and the others alone.</summary>
    private async Task<ComparedImage> CompareOrFailAsync(QueryImage image, RecognitionQuery query, ReferenceGallery gallery, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        gallery.Check(image.Features);
        try
        {
            return await CompareAsync(image, query, gallery, profile, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new ComparedImage(image, [], null) { Failure = e };
        }
    }

    private async Task<ComparedImage> CompareAsync(QueryImage image, RecognitionQuery query, ReferenceGallery gallery, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        string sha256 = image.Features.Sha256;
        bool featureless = image.Features.ShowsTooLittle;
        Candidate[] candidates;
        using (query.Stages?.Enter(RecognitionStage.Candidates)) candidates = [.. Candidates(image, gallery, query.Asked).Where(c => !query.IsRejected(sha256, c.Image.ReferenceId))];
        List<MeasuredCandidate> measured = await MeasureAsync(image, [.. candidates.Where(c => query.IsWanted(c.Image.ReferenceId))], gallery, query.Stages, cancellationToken);
        if (!measured.Exists(m => CandidateCompetition.MayMatch(m, profile)) && (featureless || !NeedsText(sha256, query.Text, measured, gallery, profile))) return new ComparedImage(image, measured, null);
        // What else the image may show is measured before anything is decided, and all of it closely.
        QueryImage close = await CloseAsync(image, query.Stages, cancellationToken);
        measured = await MeasureAsync(close, candidates, gallery, query.Stages, cancellationToken);
        IReadOnlyList<MeasuredCandidate> weighed;
        using (query.Stages?.Enter(RecognitionStage.Decision)) weighed = CandidateCompetition.WithMargins(measured, profile, gallery.Identifiers.AreOne);
        if (featureless || !NeedsText(sha256, query.Text, weighed, gallery, profile)) return new ComparedImage(close, measured, null);
        (OcrOutcome outcome, List<MeasuredCandidate> read) = await WithTextAsync(close, measured, gallery, query.Stages, cancellationToken);
        read.RemoveAll(m => query.IsRejected(sha256, m.Candidate.Image.ReferenceId));
        return new ComparedImage(close, read, outcome);
    }

    private static async Task<QueryImage> CloseAsync(QueryImage image, IStageObserver? stages, CancellationToken cancellationToken)
    {
        using IDisposable? stage = stages?.Enter(RecognitionStage.CloseLook);
        return image with { Features = await image.LookCloselyAsync(cancellationToken) };
    }

    /// <summary>What shows too little resembles everything of its kind; only the very same bytes still tell.</summary>
    private IEnumerable<Candidate> Candidates(QueryImage image, ReferenceGallery gallery, IReadOnlyCollection<GalleryImage> asked)
    {
        IEnumerable<Candidate> found = gallery.FindCandidates(image.Features, options.Candidates, options.Threads).Union(asked.Select(i => new Candidate(i)));
        return image.Features.ShowsTooLittle ? found.Where(c => c.Image.Sha256 == image.Features.Sha256) : found;
    }

    /// <summary>The references that one image has most for are looked for in the others, too: what two images show is more than either says.</summary>
    private async Task ShareCandidatesAsync(List<ComparedImage> compared, RecognitionQuery query, ReferenceGallery gallery, CalibrationProfile profile, CancellationToken cancellationToken)
    {
        if (profile.Evidence is not { } scales) return;
        Candidate[] best = [.. compared.SelectMany(c => c.Measured)
            .OrderByDescending(m => scales[m.Measurement.Relation].Of(m.Measurement.Features)).ThenBy(m => m.Candidate.Image.ReferenceImageId)
            .Select(m => m.Candidate).DistinctBy(c => c.Image.ReferenceImageId).Take(options.Shared)];
        foreach (ComparedImage image in compared.Where(c => c.Failure is null && !c.Image.Features.ShowsTooLittle))
        {
            HashSet<long> known = [.. image.Measured.Select(m => m.Candidate.Image.ReferenceImageId)];
            Candidate[] further = [.. best.Where(c => !known.Contains(c.Image.ReferenceImageId) && !query.IsRejected(image.Sha256, c.Image.ReferenceId))];
            List<MeasuredCandidate> measured = await MeasureAsync(image.Image, further, gallery, query.Stages, cancellationToken);
            image.Measured.AddRange(image.Outcome?.Text is { } text ? await CompareTextsAsync(text, measured, gallery, query.Stages, cancellationToken) : measured);
        }
    }

    private async Task<List<MeasuredCandidate>> MeasureAsync(QueryImage image, Candidate[] asked, ReferenceGallery gallery, IStageObserver? stages, CancellationToken cancellationToken)
    {
        if (asked.Length == 0) return [];
        using IDisposable? stage = stages?.Enter(RecognitionStage.Scoring);
        IReadOnlyDictionary<string, ImageFeatures> features = await references.FindAsync([.. asked.Select(c => c.Image.Sha256)], cancellationToken);
        Candidate[] found = [.. asked.Where(c => features.ContainsKey(c.Image.Sha256))];
        var measured = new MeasuredCandidate[found.Length];
        if (options.Threads > 1) Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken }, Measure);
        else for (int i = 0; i < found.Length; i++) Measure(i);
        return [.. measured];

        void Measure(int i)
        {
            ImageFeatures reference = features[found[i].Image.Sha256];
            measured[i] = new MeasuredCandidate(found[i], reference, scorer.Measure(image.Features, reference, found[i].Image.Kind));
        }
    }

    private bool NeedsText(string sha256, TextReading wish, IReadOnlyList<MeasuredCandidate> measured, ReferenceGallery gallery, CalibrationProfile profile)
    {
        double best = measured.Select(m => profile.Relations[m.Measurement.Relation].ProbabilityOf(m.Measurement.Features).Value).DefaultIfEmpty().Max();
        return options.Text.Needs(wish, best, measured.Any(m => m.Candidate.Image.Sha256 == sha256), measured.Take(5).Select(m => gallery.Texts.FactsOf(m.Candidate.Image.ReferenceId)?.Category));
    }

    /// <summary>The candidates measured with what the image reads, and those that the text adds.</summary>
    private async Task<(OcrOutcome Outcome, List<MeasuredCandidate> Measured)> WithTextAsync(QueryImage image, List<MeasuredCandidate> measured, ReferenceGallery gallery, IStageObserver? stages, CancellationToken cancellationToken)
    {
        OcrOutcome outcome;
        using (stages?.Enter(RecognitionStage.Text)) outcome = await image.ReadTextAsync(cancellationToken);
        if (outcome.Text is not { Words.Count: > 0 } text) return (outcome, measured);
        HashSet<long> known = [.. measured.Select(m => m.Candidate.Image.ReferenceImageId)];
        Candidate[] added;
        using (stages?.Enter(RecognitionStage.Candidates)) added = [.. gallery.FindByText(text, options.CandidatesByText).Where(c => !known.Contains(c.Image.ReferenceImageId))];
        return (outcome, await CompareTextsAsync(text, [.. measured, .. await MeasureAsync(image, added, gallery, stages, cancellationToken)], gallery, stages, cancellationToken));
    }

    private async Task<List<MeasuredCandidate>> CompareTextsAsync(OcrText text, List<MeasuredCandidate> measured, ReferenceGallery gallery, IStageObserver? stages, CancellationToken cancellationToken)
    {
        if (measured.Count == 0) return measured;
        using IDisposable? stage = stages?.Enter(RecognitionStage.Text);
        IReadOnlyDictionary<string, OcrText> texts = await references.FindTextsAsync([.. measured.Select(m => m.Candidate.Image.Sha256)], cancellationToken);
        return [.. measured.Select(m => m with
        {
            Measurement = PairScorer.WithText(m.Measurement, TextComparison.Compare(text, texts.GetValueOrDefault(m.Candidate.Image.Sha256), gallery.Texts.FactsOf(m.Candidate.Image.ReferenceId), gallery.Texts.Rarity, m.Measurement.Placement)),
        })];
    }

    private static void ReplaceAll(List<MeasuredCandidate> measured, Func<MeasuredCandidate, MeasuredCandidate> by)
    {
        for (int i = 0; i < measured.Count; i++) measured[i] = by(measured[i]);
    }

    private static IReadOnlyList<RankedCandidate> Ranking(IReadOnlyList<IReadOnlyList<MeasuredCandidate>> weighed, CalibrationProfile profile) =>
        [.. weighed.SelectMany(candidates => candidates)
            .Select(m => (Measured: m, Decided: PairScorer.Decide(m.Measurement, profile)))
            .Select(x => new RankedCandidate(x.Measured, x.Decided.Probability, x.Decided.Verdict))
            .GroupBy(r => r.ReferenceId).Select(g => g.OrderBy(r => r.Verdict).ThenByDescending(r => r.Probability).First())
            .OrderByDescending(r => r.Probability).ThenBy(r => r.ReferenceId)];

    /// <summary>The match that the measurements make and the one that the text alone makes, as far as they do.</summary>
    private static IEnumerable<FoundMatch> MatchesOf(MeasuredCandidate measured, CalibrationProfile profile, string sha256)
    {
        if (Decided(measured, profile, sha256) is { } decided) yield return decided;
        if (PrintedName.MatchOf(measured, profile, sha256) is { } named) yield return named;
    }

    private static FoundMatch? Decided(MeasuredCandidate measured, CalibrationProfile profile, string sha256)
    {
        Measurement m = measured.Measurement;
        (Probability probability, Verdict verdict, HeldBack? heldBack) = PairScorer.Decide(m, profile);
        if (verdict == Verdict.NoMatch) return null;
        GalleryImage image = measured.Candidate.Image;
        var notes = new List<string>();
        if (profile.Relations[m.Relation].Abstains) notes.Add($"For this relation the profile {profile.Id} guarantees no precision: such matches are only for review.");
        if (heldBack == HeldBack.NotExplained) notes.Add("Things of one kind look alike, and too little else speaks for this match: it is only for review.");
        if (heldBack == HeldBack.ShowsAnother) notes.Add("Most of the picture agrees, and a part of it shows another thing: a sibling product does so, and a copy with something laid over it, so it is only for review.");
        if (heldBack == HeldBack.ReadsOtherwise) notes.Add("At a place where both are printed they read differently, as the names of two flavours or sizes do: it is only for review.");
        MatchSignals signals = m.Signals with { Features = m.Features.ByName(), Notes = notes, NotExplained = !PairScorer.IsCorroborated(m.Relation, m.Features) };
        return new FoundMatch(image.ReferenceId, m.Relation, probability, verdict, sha256, image.Sha256, signals);
    }

    private static IEnumerable<FoundMatch> ByIdentifiers(RecognitionQuery query, ReferenceGallery gallery, CalibrationProfile profile) =>
        from agreement in gallery.Identifiers.Find(query.Offer)
        where query.IsWanted(agreement.ReferenceId)
        let contradictions = OfferEvidence.Contradictions(query.Offer, gallery.Texts.FactsOf(agreement.ReferenceId), profile.Offer)
        let probability = new Probability(LogOdds.ToProbability(LogOdds.Of(agreement.Kind == IdentifierKind.Gtin ? profile.Identifiers.Gtin : profile.Identifiers.BrandAndModel) + contradictions.LogOdds))
        let verdict = probability.Value >= profile.Identifiers.Match ? Verdict.Match : Verdict.Review
        select new FoundMatch(agreement.ReferenceId, Relation.SameIdentifier, probability, verdict, null, null, new MatchSignals { For = [agreement.Text], Against = contradictions.Against });

    /// <summary>The most probable match with each reference; the others' sentences for it are kept.</summary>
    private static List<FoundMatch> BestOfEachReference(IReadOnlyList<FoundMatch> found) =>
        [.. found.GroupBy(m => m.ReferenceId)
            .Select(g =>
            {
                FoundMatch best = g.OrderBy(m => m.Verdict).ThenByDescending(m => m.Probability).First();
                string[] identifiers = [.. g.Where(m => m.Relation == Relation.SameIdentifier && m != best).SelectMany(m => m.Signals.For)];
                return best with { Signals = best.Signals with { For = [.. best.Signals.For.Union(identifiers, StringComparer.Ordinal)], NotExplained = best.Signals.NotExplained && identifiers.Length == 0 } };
            })
            .OrderBy(m => m.Verdict).ThenByDescending(m => m.Probability).ThenBy(m => m.ReferenceId)];

    /// <summary>An image of the query and what was measured of it so far.</summary>
    private sealed record ComparedImage(QueryImage Image, List<MeasuredCandidate> Measured, OcrOutcome? Outcome)
    {
        public string Sha256 => Image.Features.Sha256;

        public Exception? Failure { get; init; }

        public ReadingOfText? Text => Outcome is { } o ? new ReadingOfText(o.Text?.Lines.Count ?? 0, o.Text?.LinesNotRead ?? 0, o.Failure, o.ReadNow) : null;
    }
}
