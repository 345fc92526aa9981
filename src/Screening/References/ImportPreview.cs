using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.References;

/// <summary>What an import would do now, without doing it.</summary>
/// <param name="Report">Its counts, and what it would reject; pictures at URLs count as pending.</param>
/// <param name="Sample">The first records that it would take in.</param>
/// <param name="Documents">Documents that lists in the file name; the import downloads and reads them.</param>
public sealed record ImportPreview(ImportReport Report, IReadOnlyList<PreviewedReference> Sample, int Documents)
{
    public const int MostSamples = 20;
}

/// <summary>A record as it would be taken in.</summary>
public sealed record PreviewedReference(string Row, string ExternalId, ReferenceKind Kind, string Title, string? Brand, string? Model, DateOnly? ExpiresOn, int Pictures);

/// <summary>Looks what a batch would be, by what is stored. One for a preview; not safe for concurrent use.</summary>
/// <param name="registerId">Null: there is no such register yet.</param>
internal sealed class PreviewedBatches(IDbContextFactory<TouchstoneDb> databases, long? registerId)
{
    public List<PreviewedReference> Sample { get; } = [];

    public async Task<BatchResult> LookAsync(IReadOnlyList<IncomingReference> batch, CancellationToken cancellationToken)
    {
        string[] ids = [.. batch.Select(x => x.Reference.ExternalId)];
        Dictionary<string, string> known = [];
        if (registerId is { } register)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            known = await db.References.Where(x => x.RegisterId == register && EF.Parameter(ids).Contains(x.ExternalId)).ToDictionaryAsync(x => x.ExternalId, x => x.ContentHash, StringComparer.Ordinal, cancellationToken);
        }
        BatchResult result = new();
        foreach (IncomingReference incoming in batch)
        {
            UpsertResult would = !known.TryGetValue(incoming.Reference.ExternalId, out string? hash) ? UpsertResult.Added : hash == incoming.Hash ? UpsertResult.Unchanged : UpsertResult.Changed;
            result.Records.Add((incoming, would, null));
            result.Stored += incoming.Local.Count(x => x.Value is not null);
            result.Failures.AddRange(incoming.Local.Where(x => x.Value is null).Select(_ => "The file is missing, damaged, protected by a password, or too large"));
            result.Pending.AddRange(incoming.Reference.Pictures.OfType<PictureSource.Web>().Select(x => new PendingPicture(0, 0, x.Url, null)));
            if (Sample.Count < ImportPreview.MostSamples) Sample.Add(SampleOf(incoming));
        }
        return result;
    }

    private static PreviewedReference SampleOf(IncomingReference x) => new(
        x.Row, x.Reference.ExternalId, x.Reference.Kind, x.Reference.Title, x.Reference.Brands.Count == 0 ? null : string.Join(ReferenceRows.Separator, x.Reference.Brands),
        x.Reference.Models.Count == 0 ? null : string.Join(ReferenceRows.Separator, x.Reference.Models), x.Reference.ExpiresOn, x.Reference.Pictures.Count);
}
