using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.References;

/// <summary>Which references are wanted; null: any.</summary>
/// <param name="Text">Words that must all occur, in title, brand, model, category, right holder, external id or an identifier; case does not count.</param>
/// <param name="Register">A register's name.</param>
/// <param name="Retired">False: only those in force; true: only retired ones; null: both.</param>
public sealed record ReferenceFilter(string? Text = null, string? Register = null, ReferenceKind? Kind = null, bool? Retired = false);

/// <summary>A register and what it holds.</summary>
public sealed record RegisterSummary(RegisterRow Register, int References, int Retired);

/// <summary>Reads references for people and programs, with the same queries on every database. The context's caller owns it.</summary>
public static class ReferenceQueries
{
    private const int MostWords = 8;

    // An index finds several kinds, and none but one.
    private static readonly ReferenceKind[] RegisterKinds = [.. Enum.GetValues<ReferenceKind>().Where(x => x != ReferenceKind.SearchedPicture)];

    /// <summary>The references of the registers, without the pictures of searches, also those that are retired.</summary>
    public static IQueryable<ReferenceRow> OfRegisters(TouchstoneDb db) => db.References.AsNoTracking().Where(x => RegisterKinds.Contains(x.Kind));

    /// <summary>References with their register and pictures, the newest first.</summary>
    /// <param name="before">The cursor of the page before; null: from the newest.</param>
    /// <exception cref="ArgumentOutOfRangeException">A page has 1 to 500 references.</exception>
    public static async Task<Page<ReferenceRow>> ListAsync(TouchstoneDb db, ReferenceFilter filter, long? before, int take, CancellationToken cancellationToken)
    {
        Page<ReferenceRow>.CheckedTake(take);
        IQueryable<ReferenceRow> rows = Filtered(db, filter);
        if (before is { } id) rows = rows.Where(x => x.Id < id);
        List<ReferenceRow> read = await rows.OrderByDescending(x => x.Id).Take(take + 1).Include(x => x.Register).Include(x => x.Images.OrderBy(i => i.Position)).AsSplitQuery().ToListAsync(cancellationToken);
        return Page<ReferenceRow>.Cut(read, take, x => x.Id);
    }

    public static Task<int> CountAsync(TouchstoneDb db, ReferenceFilter filter, CancellationToken cancellationToken) => Filtered(db, filter).CountAsync(cancellationToken);

    /// <summary>One reference with its register, pictures and identifiers; null if there is none.</summary>
    public static Task<ReferenceRow?> FindAsync(TouchstoneDb db, long id, CancellationToken cancellationToken) =>
        db.References.AsNoTracking().Include(x => x.Register).Include(x => x.Record).Include(x => x.Images.OrderBy(i => i.Position)).Include(x => x.Identifiers).AsSplitQuery().FirstOrDefaultAsync(x => x.Id == id, cancellationToken);

    /// <summary>The registers by name.</summary>
    public static async Task<IReadOnlyList<RegisterSummary>> RegistersAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        List<RegisterRow> registers = await db.Registers.AsNoTracking().OrderBy(x => x.Name).ToListAsync(cancellationToken);
        var counts = await db.References.GroupBy(x => new { x.RegisterId, Retired = x.RetiredAt != null }).Select(x => new { x.Key.RegisterId, x.Key.Retired, Count = x.Count() }).ToListAsync(cancellationToken);
        return [.. registers.Select(r => new RegisterSummary(r, counts.Where(x => x.RegisterId == r.Id).Sum(x => x.Count), counts.Where(x => x.RegisterId == r.Id && x.Retired).Sum(x => x.Count)))];
    }

    private static IQueryable<ReferenceRow> Filtered(TouchstoneDb db, ReferenceFilter filter)
    {
        IQueryable<ReferenceRow> rows = db.References.AsNoTracking();
        if (filter.Register is { } register) rows = rows.Where(x => x.Register!.Name == register);
        rows = filter.Kind is { } kind ? rows.Where(x => x.Kind == kind) : rows.Where(x => x.Kind != ReferenceKind.SearchedPicture);
        if (filter.Retired is { } retired) rows = rows.Where(x => (x.RetiredAt != null) == retired);
        foreach (string word in (filter.Text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(MostWords))
        {
            string like = $"%{Escape(word.ToLowerInvariant())}%";
            // SQLite lowers ASCII only, so the word as written and in capitals is looked for, too.
            string written = $"%{Escape(word)}%";
            rows = rows.Where(x =>
                EF.Functions.Like(x.Title.ToLower(), like, "\\") || EF.Functions.Like(x.Title, written, "\\")
                || EF.Functions.Like(x.Brand!.ToLower(), like, "\\") || EF.Functions.Like(x.Brand!, written, "\\")
                || EF.Functions.Like(x.Model!.ToLower(), like, "\\") || EF.Functions.Like(x.Category!.ToLower(), like, "\\")
                || EF.Functions.Like(x.RightHolder!.ToLower(), like, "\\") || EF.Functions.Like(x.ExternalId.ToLower(), like, "\\")
                || x.Identifiers.Any(i => EF.Functions.Like(i.Value.ToLower(), like, "\\")));
        }
        return rows;
    }

    private static string Escape(string word) => word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
