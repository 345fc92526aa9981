using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Features;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Embedding;

namespace Touchstone.Screening.Features;

/// <summary>
/// The rows of pictures and of one model's features in this version's format: one query looks up many, one transaction saves many. Rows of other formats are
/// another version's, which may run beside this one, and are left alone. Safe for concurrent use, also by several processes.
/// </summary>
internal sealed class FeatureRows(IDbContextFactory<TouchstoneDb> databases, ModelEntry model)
{
    /// <summary>Most pictures that one query asks for.</summary>
    public const int MostAtOnce = 500;

    // Several workers may describe the same pictures; each attempt saves what the others have not.
    private const int Attempts = 4;

    /// <summary>The stored features of these pictures.</summary>
    /// <param name="dropsDamaged">Whether damaged features are deleted, to be extracted anew.</param>
    /// <exception cref="InvalidDataException">Stored features are damaged, and those are not to be deleted.</exception>
    public async Task<Dictionary<string, ImageFeatures>> FindAsync(IReadOnlyCollection<string> sha256s, bool dropsDamaged, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ImageFeatures>(StringComparer.Ordinal);
        if (sha256s.Count == 0) return found;
        var useless = new List<long>();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (string[] part in sha256s.Chunk(MostAtOnce))
        {
            var rows = await Own(db, part).Select(d => new { d.Id, d.ImageSha256, d.Content }).ToListAsync(cancellationToken);
            foreach (var row in rows)
            {
                if (Read(row.ImageSha256, row.Content, dropsDamaged) is { } features) found[row.ImageSha256] = features;
                else useless.Add(row.Id);
            }
        }
        if (useless.Count > 0) await db.ImageFeatures.Where(d => useless.Contains(d.Id)).ExecuteDeleteAsync(cancellationToken);
        return found;
    }

    /// <summary>Of these pictures, those that have a row, each with why it could not be decoded or null.</summary>
    public async Task<Dictionary<string, string?>> FailuresAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        var failures = new Dictionary<string, string?>(StringComparer.Ordinal);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (string[] part in sha256s.Chunk(MostAtOnce))
        {
            var rows = await db.Images.Where(i => EF.Parameter(part).Contains(i.Sha256)).Select(i => new { i.Sha256, i.Failure }).ToListAsync(cancellationToken);
            foreach (var row in rows) failures[row.Sha256] = row.Failure;
        }
        return failures;
    }

    /// <summary>Saves pictures and features in one transaction. A row that another worker inserts at the same time is as good as ours and stays.</summary>
    /// <exception cref="DbUpdateException">The database refuses the rows for another reason.</exception>
    public async Task SaveAsync(IReadOnlyCollection<ImageRow> images, IReadOnlyCollection<ImageFeatures> described, DateTimeOffset at, CancellationToken cancellationToken)
    {
        (IReadOnlyCollection<ImageRow> newImages, IReadOnlyCollection<ImageFeatures> newFeatures) = (images, described);
        for (int attempt = 1; newImages.Count + newFeatures.Count > 0; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            db.Images.AddRange(newImages);
            db.ImageFeatures.AddRange(newFeatures.Select(f => new ImageFeaturesRow { ImageSha256 = f.Sha256, ModelId = model.Id, Format = FeatureFormat.Version, Content = FeatureFormat.Write(f), ExtractedAt = at }));
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateException) when (attempt < Attempts)
            {
                Dictionary<string, string?> storedImages = await FailuresAsync([.. images.Select(i => i.Sha256)], cancellationToken);
                HashSet<string> storedFeatures = await DescribedAsync([.. described.Select(f => f.Sha256)], cancellationToken);
                newImages = [.. images.Where(i => !storedImages.ContainsKey(i.Sha256))];
                newFeatures = [.. described.Where(f => !storedFeatures.Contains(f.Sha256))];
            }
        }
    }

    /// <summary>Those of these pictures whose features are stored.</summary>
    public async Task<HashSet<string>> DescribedAsync(IReadOnlyCollection<string> sha256s, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var described = new HashSet<string>(StringComparer.Ordinal);
        foreach (string[] part in sha256s.Chunk(MostAtOnce))
            described.UnionWith(await Own(db, part).Select(d => d.ImageSha256).ToListAsync(cancellationToken));
        return described;
    }

    private IQueryable<ImageFeaturesRow> Own(TouchstoneDb db, string[] sha256s) => db.ImageFeatures.Where(d => EF.Parameter(sha256s).Contains(d.ImageSha256) && d.ModelId == model.Id && d.Format == FeatureFormat.Version);

    private ImageFeatures? Read(string sha256, byte[] content, bool dropsDamaged)
    {
        try
        {
            return FeatureFormat.Read(sha256, model, content);
        }
        catch (InvalidDataException) when (dropsDamaged)
        {
            return null;
        }
    }
}
