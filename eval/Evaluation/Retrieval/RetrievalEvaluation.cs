using Touchstone.Evaluation.Galleries;

namespace Touchstone.Evaluation.Retrieval;

/// <summary>Measures how often the right reference is found for a query, and how often a wrong one for a picture that shows none.</summary>
public static class RetrievalEvaluation
{
    /// <param name="models">The model that is measured first, then baselines to stand beside it.</param>
    /// <exception cref="InvalidDataException">The manifest cannot be used; the message says why.</exception>
    /// <exception cref="ArgumentException">An option outside its range, or no model.</exception>
    public static RetrievalReport Run(IReadOnlyList<EvaluationParts> models, RetrievalOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(options);
        if (models.Count == 0) throw new ArgumentException("At least one model is measured.", nameof(models));
        options.Check();
        RetrievalManifest manifest = RetrievalManifest.Read(options.ManifestPath);
        var task = new RankingTask(
            manifest.Id, options.Kind, Pictures(ManifestRole.Reference, null), Pictures(ManifestRole.Query, options.MaxQueries), Pictures(ManifestRole.Distractor, options.MaxDistractors),
            static (left, right) => left == right);
        var settings = new RankingSettings(options.Signals, options.Shortlist, options.Threads, options.CacheFolder, options.MistakesKept, progress, cancellationToken) { GroupSize = options.GroupSize };
        return RankingRun.Of(models, task, settings, manifest.Leaks);

        SourcePicture[] Pictures(ManifestRole role, int? most) =>
            [.. Drawn(manifest, role, most, options.Seed).Select(row => new SourcePicture(row.File, row.Label, () => File.ReadAllBytes(Path.Combine(options.Root, row.File))) { Group = row.Group })];
    }

    private static ManifestRow[] Drawn(RetrievalManifest manifest, ManifestRole role, int? most, int seed)
    {
        ManifestRow[] rows = [.. manifest.Rows.Where(row => row.Role == role)];
        if (most is not { } limit || rows.Length <= limit) return rows;
        new Random(seed).Shuffle(rows);
        return rows[..limit];
    }
}
