using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>
/// Makes the picture of a search a reference of its own register, so that what it finds are matches, hits and cases like any other.
/// The same picture is one reference, however often it is searched for.
/// </summary>
public sealed class SearchPictures(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock)
{
    public const string RegisterName = "search-pictures";

    /// <summary>Returns the search with its reference set if it has a picture and no reference yet.</summary>
    public async Task<SearchRow> EnrolAsync(SearchRow search, CancellationToken cancellationToken)
    {
        if (search.ImageSha256 is not { } sha256 || search.ReferenceId is not null) return search;
        DateTimeOffset now = clock.GetUtcNow();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        RegisterRow register = await db.Registers.FirstOrDefaultAsync(r => r.Name == RegisterName, cancellationToken)
            ?? db.Registers.Add(new RegisterRow { Name = RegisterName, Format = "search", CreatedAt = now }).Entity;
        ReferenceRow reference = await db.References.FirstOrDefaultAsync(r => r.Register!.Name == RegisterName && r.ExternalId == sha256, cancellationToken)
            ?? db.References.Add(new ReferenceRow
            {
                Register = register,
                ExternalId = sha256,
                Kind = ReferenceKind.Alert,
                Title = $"Picture of the search \"{search.Name}\"",
                RawPayload = "",
                ContentHash = sha256,
                ImportedAt = now,
                Images = { new ReferenceImageRow { ImageSha256 = sha256 } },
            }).Entity;
        reference.UpdatedAt = now;
        reference.RetiredAt = null;
        await db.SaveChangesAsync(cancellationToken);
        SearchRow saved = await db.Searches.FirstAsync(s => s.Id == search.Id, cancellationToken);
        saved.ReferenceId = reference.Id;
        await db.SaveChangesAsync(cancellationToken);
        search.ReferenceId = reference.Id;
        return search;
    }
}
