using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>Which references are wanted; null fields do not narrow.</summary>
public sealed record ReferenceFilter(long? RegisterId = null, ReferenceKind? Kind = null, string? Text = null, bool Retired = false);

internal static class ReferenceQueries
{
    /// <summary>Newest first, with register and pictures; one row more than wanted, to see if there are more.</summary>
    public static Task<List<ReferenceRow>> ListAsync(TouchstoneDb db, ReferenceFilter filter, long? after, int limit, CancellationToken cancellationToken)
    {
        IQueryable<ReferenceRow> rows = db.References.AsNoTracking().Include(x => x.Register).Include(x => x.Images.OrderBy(i => i.Position)).AsSplitQuery();
        rows = filter.Retired ? rows.Where(x => x.RetiredAt != null) : rows.Where(x => x.RetiredAt == null);
        if (filter.RegisterId is { } register) rows = rows.Where(x => x.RegisterId == register);
        rows = filter.Kind is { } kind ? rows.Where(x => x.Kind == kind) : rows.Where(x => x.Kind != ReferenceKind.SearchedPicture);
        foreach (string word in (filter.Text ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8))
        {
            // ToLower is translated by both databases, where case-insensitive LIKE differs between them.
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // translated to SQL
            rows = rows.Where(x => x.Title.ToLower().Contains(word) || x.ExternalId.ToLower().Contains(word) || (x.Brand != null && x.Brand.ToLower().Contains(word))
                || (x.Model != null && x.Model.ToLower().Contains(word)) || (x.Category != null && x.Category.ToLower().Contains(word))
                || x.Identifiers.Any(i => i.Value.ToLower() == word));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }
        if (after is { } last) rows = rows.Where(x => x.Id < last);
        return rows.OrderByDescending(x => x.Id).Take(limit + 1).ToListAsync(cancellationToken);
    }

    public static Task<ReferenceRow?> FindAsync(TouchstoneDb db, long id, CancellationToken cancellationToken) =>
        db.References.AsNoTracking().Include(x => x.Register).Include(x => x.Record).Include(x => x.Identifiers).Include(x => x.Images.OrderBy(i => i.Position)).AsSplitQuery().SingleOrDefaultAsync(x => x.Id == id, cancellationToken);
}
