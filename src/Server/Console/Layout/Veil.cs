using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Console.Layout;

/// <summary>Which pictures are blurred for whoever asks, until they click on one or press a key. One for a request.</summary>
public sealed class Veil(IDbContextFactory<TouchstoneDb> databases)
{
    private const int MostMarked = 20_000;

    private Task? _read;
    private Blurring _blur;
    private HashSet<string> _categories = [];
    private HashSet<long> _references = [];

    /// <summary>Whether this account wants every picture blurred. Once it was read.</summary>
    public bool CoversAll => _blur == Blurring.All;

    /// <summary>Reads it, once for a request.</summary>
    public Task ReadAsync(HttpContext http) => _read ??= ReadAsync(http.User.ActorName(), http.RequestAborted);

    /// <summary>Whether a picture of a reference, or one that matches it, is blurred; null: a picture of no reference.</summary>
    public bool Covers(ReferenceRow? of) => _blur switch
    {
        Blurring.All => true,
        Blurring.None => false,
        _ => of is not null && (_references.Contains(of.Id) || (of.Category is { } category && _categories.Contains(category))),
    };

    /// <summary>Whether pictures of references that the page does not know are blurred: where any might be marked.</summary>
    public bool CoversUnknown => _blur == Blurring.All || _references.Count + _categories.Count > 0;

    private async Task ReadAsync(string account, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        _blur = await BlurPreference.ReadAsync(db, account, cancellationToken);
        if (_blur != Blurring.Marked) return;
        _categories = [.. CaseRules.Upsetting(await CaseRules.ReadAsync(db, cancellationToken))];
        _references = [.. await db.Upsetting.OrderByDescending(x => x.MarkedAt).Select(x => x.ReferenceId).Take(MostMarked).ToListAsync(cancellationToken)];
    }
}
