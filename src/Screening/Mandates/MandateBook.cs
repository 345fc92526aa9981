using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Politeness;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Mandates;

/// <summary>
/// Which mandate holds for a host now: one of the configuration, or else one that a person recorded. What was recorded or ended on any node is known here within
/// <see cref="Freshness"/>. Safe for concurrent use.
/// </summary>
public sealed class MandateBook(IDbContextFactory<TouchstoneDb> databases, PolitenessOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>How old what is known may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1, 1);

    private volatile Known _known = new([], DateTimeOffset.MinValue);

    public async ValueTask<Mandate?> FindAsync(string host, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (options.FindMandate(host, now) is { } configured) return configured;
        Known known = IsFresh(_known) ? _known : await ReadAsync(cancellationToken);
        return known.Mandates.FirstOrDefault(m => m.Expires > now && PolitenessOptions.Covers(m.Host, host));
    }

    public void Dispose() => _reading.Dispose();

    private bool IsFresh(Known known) => (clock.GetUtcNow() - known.At).Duration() < Freshness;

    private async Task<Known> ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (IsFresh(_known)) return _known;
            DateTimeOffset now = clock.GetUtcNow();
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            List<MandateRow> rows = await db.Mandates.AsNoTracking().Where(x => x.EndedAt == null && x.Expires > now).OrderBy(x => x.Id).ToListAsync(cancellationToken);
            return _known = new Known([.. rows.Select(x => new Mandate(x.Key, x.Host, x.LegalBasis, x.Approver, x.Expires))], now);
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Known(IReadOnlyList<Mandate> Mandates, DateTimeOffset At);
}
