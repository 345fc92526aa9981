using System.Diagnostics;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Statistics;
using Touchstone.Screening;
using Touchstone.Screening.Pipeline;

namespace Touchstone.Evaluation.Retrieval;

/// <summary>Measures how often the right reference is found for a query, and how often a wrong one for a picture that shows none.</summary>
public static class RetrievalEvaluation
{
    /// <exception cref="InvalidDataException">The manifest cannot be used; the message says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static RetrievalReport Run(EvaluationParts parts, RetrievalOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        long start = Stopwatch.GetTimestamp();
        RetrievalManifest manifest = RetrievalManifest.Read(options.ManifestPath);
        var describer = new PictureDescriber(parts, options.Threads, progress, cancellationToken);
        using var gallery = new LabelledGallery(parts, options.Signals, options.Shortlist);
        Fill(gallery, describer, options, manifest);
        if (gallery.Count == 0) throw new InvalidDataException($"None of the references of {options.ManifestPath} could be read under {options.Root}.");
        Answer[] queries = Ask("queries", ManifestRole.Query, options.MaxQueries);
        Answer[] distractors = Ask("distractors", ManifestRole.Distractor, options.MaxDistractors);
        bool calibrated = options.Signals == RetrievalSignals.All && parts.Profile is not null;
        Answer[] all = [.. queries, .. distractors];
        return new RetrievalReport
        {
            DataSetId = manifest.Id,
            ModelId = parts.ModelId,
            ProfileId = calibrated ? parts.Profile!.Id : null,
            Signals = options.Signals,
            References = gallery.Count,
            Labels = manifest.Rows.Where(row => row.Role == ManifestRole.Reference).Select(row => row.Label).Distinct(StringComparer.Ordinal).Count(),
            Queries = queries.Length,
            Distractors = distractors.Length,
            Leaks = manifest.Leaks,
            RecallAt1 = new Proportion(queries.Count(answer => answer.RankOfLabel() is 1), queries.Length),
            RecallAt5 = new Proportion(queries.Count(answer => answer.RankOfLabel() is <= 5), queries.Length),
            FoundAtMatchPoint = calibrated ? new Proportion(queries.Count(answer => answer.Ranked.Any(entry => entry.Verdict == Verdict.Match && entry.Label == answer.Row.Label)), queries.Length) : null,
            FalseMatches = calibrated && distractors.Length > 0 ? FalseMatches(distractors) : [],
            SecondsPerQuery = all.Length == 0 ? 0 : all.Average(answer => answer.Seconds),
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Threads = options.Threads,
            Unread = describer.Unread,
        };

        Answer[] Ask(string stage, ManifestRole role, int? most) => describer.Map(stage, Drawn(manifest, role, most, options.Seed), row => AskOne(row, describer, gallery, options.Root));
    }

    private static void Fill(LabelledGallery gallery, PictureDescriber describer, RetrievalOptions options, RetrievalManifest manifest)
    {
        ManifestRow[] rows = [.. manifest.Rows.Where(row => row.Role == ManifestRole.Reference)];
        DescribedImage?[] described = describer.Map("references", rows, row => describer.Describe(row.File, Path.Combine(options.Root, row.File)));
        for (int i = 0; i < rows.Length; i++)
            if (described[i] is { } image) gallery.Add(rows[i].Label, options.Kind, image);
    }

    private static Answer AskOne(ManifestRow row, PictureDescriber describer, LabelledGallery gallery, string root)
    {
        long start = Stopwatch.GetTimestamp();
        DescribedImage? query = describer.Describe(row.File, Path.Combine(root, row.File));
        IReadOnlyList<RankedReference> ranked = query is null ? [] : gallery.Rank(query);
        return new Answer(row, ranked, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static ManifestRow[] Drawn(RetrievalManifest manifest, ManifestRole role, int? most, int seed)
    {
        ManifestRow[] rows = [.. manifest.Rows.Where(row => row.Role == role)];
        if (most is not { } limit || rows.Length <= limit) return rows;
        new Random(seed).Shuffle(rows);
        return rows[..limit];
    }

    private static FalseMatchRate[] FalseMatches(Answer[] distractors) =>
    [
        new("match", new Proportion(distractors.Count(answer => answer.Ranked.Any(entry => entry.Verdict == Verdict.Match)), distractors.Length)),
        new("review", new Proportion(distractors.Count(answer => answer.Ranked.Any(entry => entry.Verdict is Verdict.Match or Verdict.Review)), distractors.Length)),
    ];

    private sealed record Answer(ManifestRow Row, IReadOnlyList<RankedReference> Ranked, double Seconds)
    {
        /// <summary>1 where the row's label comes first among the labels; null where it is not ranked at all.</summary>
        public int? RankOfLabel()
        {
            int rank = 1;
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (RankedReference entry in Ranked)
            {
                if (entry.Label == Row.Label) return rank;
                if (seen.Add(entry.Label)) rank++;
            }
            return null;
        }
    }
}
