using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening.Features;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>What a run compares with alone: a reference of the registers, the picture of its search, or (both null) every reference.</summary>
/// <param name="ReferenceId">The reference that matches are wanted with.</param>
/// <param name="Picture">The picture of the search; its reference is <see cref="ReferenceId"/>.</param>
internal sealed record SearchTarget(long? ReferenceId, GalleryImage? Picture);

/// <summary>
/// Gives the picture of a search an entry of its own, so that what it finds are matches, hits and cases like any other. The entry is of the kind
/// <see cref="ReferenceKind.SearchedPicture"/>: only its search asks with it, and no gallery holds it.
/// </summary>
public sealed class SearchPictures(IDbContextFactory<TouchstoneDb> databases, FeatureStore features, TimeProvider clock)
{
    private const int MostAttempts = 3;

    /// <summary>What the search is for; its picture is described when this returns.</summary>
    /// <exception cref="InvalidOperationException">The picture cannot be read, so nothing can be compared with it.</exception>
    internal async Task<SearchTarget> TargetAsync(SearchRow search, CancellationToken cancellationToken)
    {
        if (search.ImageSha256 is not { } sha256) return new SearchTarget(search.ReferenceId, null);
        ReadOutcome read = await features.ReadStoredAsync(sha256, cancellationToken);
        if (read.Image is null) throw new InvalidOperationException($"The picture that is searched for cannot be read: {read.Failure}");
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                ReferenceImageRow image = await EntryAsync(search, sha256, cancellationToken);
                // It competes with the things of the registers as an alert would: what another reference shows better is not what is searched for.
                return new SearchTarget(image.ReferenceId, new GalleryImage(image.Id, image.ReferenceId, ReferenceKind.Alert, sha256));
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                // The first runs of two searches made the register at the same moment; the next turn finds it.
            }
        }
    }

    private async Task<ReferenceImageRow> EntryAsync(SearchRow search, string sha256, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string externalId = $"search {search.Id}";
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        ReferenceRow? entry = await db.References.Include(r => r.Images).FirstOrDefaultAsync(r => r.Register!.Name == RegisterRow.OfSearches && r.ExternalId == externalId, cancellationToken);
        if (entry is null)
        {
            entry = new ReferenceRow
            {
                Register = await db.Registers.FirstOrDefaultAsync(r => r.Name == RegisterRow.OfSearches, cancellationToken) ?? new RegisterRow { Name = RegisterRow.OfSearches, Format = "search", CreatedAt = now },
                ExternalId = externalId,
                Kind = ReferenceKind.SearchedPicture,
                Title = $"Picture of the search \"{search.Name}\"",
                RawPayload = "",
                ContentHash = sha256,
                ImportedAt = now,
                UpdatedAt = now,
                Images = { new ReferenceImageRow { ImageSha256 = sha256 } },
            };
            db.References.Add(entry);
            await db.SaveChangesAsync(cancellationToken);
            await db.Searches.Where(s => s.Id == search.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.ReferenceId, entry.Id), cancellationToken);
        }
        return entry.Images.Single();
    }
}
