using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Text;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.Following;

/// <summary>A reference and the number of its newest change.</summary>
internal sealed record ReferenceChange(long Id, long Number);

/// <summary>What a gallery needs to know of a reference that is not retired.</summary>
/// <param name="Gtins">Valid ones, as the register writes them.</param>
/// <param name="Models">Model names and part numbers, as the register writes them.</param>
internal sealed record RegisterReference(string? Brand, IReadOnlyList<string> Gtins, IReadOnlyList<string> Models, ReferenceFacts Facts, IReadOnlyList<RegisterPicture> Pictures);

/// <summary>A stored picture of a reference.</summary>
/// <param name="Failure">Why it is not searchable, as far as that was noted.</param>
internal sealed record RegisterPicture(long Id, long ReferenceId, ReferenceKind Kind, string Sha256, string? Failure);

/// <summary>The registers as the gallery's follower reads them: what changed, and of each reference only what a gallery needs. Safe for concurrent use.</summary>
internal sealed class RegisterChanges(IDbContextFactory<TouchstoneDb> databases)
{
    /// <summary>The references that changed after the change of that number, oldest change first; not the pictures of searches, which no gallery holds.</summary>
    public async Task<IReadOnlyList<ReferenceChange>> SinceAsync(long number, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var changes = await db.ReferenceChanges.Where(c => c.Number > number).GroupBy(c => c.ReferenceId).Select(g => new { Id = g.Key, Number = g.Max(c => c.Number) }).ToListAsync(cancellationToken);
        return [.. changes.OrderBy(c => c.Number).Select(c => new ReferenceChange(c.Id, c.Number))];
    }

    /// <summary>Those of these references that are not retired.</summary>
    public async Task<IReadOnlyDictionary<long, RegisterReference>> ReadAsync(long[] ids, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.References.Where(r => EF.Parameter(ids).Contains(r.Id) && r.RetiredAt == null)
            .Select(r => new { r.Id, r.Kind, r.Title, r.Brand, r.Model, r.Category }).ToListAsync(cancellationToken);
        var identifiers = (await db.ReferenceIdentifiers.Where(i => EF.Parameter(ids).Contains(i.ReferenceId) && ((i.Scheme == "Gtin" && i.Valid) || i.Scheme == "Model" || i.Scheme == "Mpn"))
            .OrderBy(i => i.Id).Select(i => new { i.ReferenceId, i.Scheme, i.Value }).ToListAsync(cancellationToken)).ToLookup(i => i.ReferenceId);
        ILookup<long, RegisterPicture> pictures = (await PicturesAsync(db, ids, cancellationToken)).ToLookup(p => p.ReferenceId);
        var references = new Dictionary<long, RegisterReference>(rows.Count);
        foreach (var row in rows)
        {
            string[] gtins = [.. identifiers[row.Id].Where(i => i.Scheme == "Gtin").Select(i => i.Value)], models = [.. identifiers[row.Id].Where(i => i.Scheme != "Gtin").Select(i => i.Value)];
            var facts = new ReferenceFacts(
                row.Id, row.Kind, row.Title, ReferenceText.Brands(row.Brand, TextForm.Plain), ReferenceText.Distinct(models.Concat(ReferenceText.Models(row.Model, TextForm.Plain))), row.Category, [.. gtins.Select(g => g.PadLeft(14, '0'))]);
            references[row.Id] = new RegisterReference(row.Brand, gtins, [.. models, row.Model ?? ""], facts, [.. pictures[row.Id]]);
        }
        return references;
    }

    /// <summary>The stored pictures of those of these references that are not retired.</summary>
    public async Task<IReadOnlyList<RegisterPicture>> PicturesAsync(long[] ids, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await PicturesAsync(db, ids, cancellationToken);
    }

    /// <summary>Notes why a reference's picture is not searchable; null: it is.</summary>
    public async Task NoteFailureAsync(long referenceImageId, string? failure, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        await db.ReferenceImages.Where(i => i.Id == referenceImageId).ExecuteUpdateAsync(s => s.SetProperty(i => i.Failure, failure), cancellationToken);
    }

    private static Task<List<RegisterPicture>> PicturesAsync(TouchstoneDb db, long[] ids, CancellationToken cancellationToken) =>
        db.ReferenceImages.Where(i => EF.Parameter(ids).Contains(i.ReferenceId) && i.ImageSha256 != null && i.Reference!.RetiredAt == null).OrderBy(i => i.Id)
            .Select(i => new RegisterPicture(i.Id, i.ReferenceId, i.Reference!.Kind, i.ImageSha256!, i.Failure)).ToListAsync(cancellationToken);
}
