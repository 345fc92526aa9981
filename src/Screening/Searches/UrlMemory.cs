using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>The memory of URLs in the database, with the bodies in the blob store. Safe for concurrent use by several processes.</summary>
public sealed class UrlMemory(IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs) : IUrlMemory
{
    private const int MaxRaces = 5;

    private const int MostUnknown = 10_000;

    // URLs of which nothing was known when somebody looked, a moment ago: their rows are to be added, not changed.
    private readonly ConcurrentDictionary<string, bool> _unknown = new(StringComparer.Ordinal);

    public async Task<RememberedUrl?> FindAsync(string url, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        RememberedUrlRow? row = await db.RememberedUrls.AsNoTracking().FirstOrDefaultAsync(x => x.Url == url, cancellationToken);
        if (row is null)
        {
            if (_unknown.Count > MostUnknown) _unknown.Clear();
            _unknown[url] = true;
        }
        if (row is null || await BodyAsync(row.BodySha256, cancellationToken) is not { } body) return null;
        var answer = new FetchExchange
        {
            Url = row.AskedUrl,
            RequestHead = row.RequestHead,
            ResponseHead = row.ResponseHead,
            Body = body,
            IsWhole = true,
            Address = row.Address,
            Policy = row.Policy,
            AskedAt = row.AskedAt,
            EndedAt = row.EndedAt,
        };
        return new RememberedUrl(answer, row.CheckedAt);
    }

    public async Task KeepAsync(string url, FetchExchange answer, CancellationToken cancellationToken)
    {
        // The database could not index it, and no frontier holds it.
        if (url.Length > StoredText.LongestUrl) return;
        string sha256 = await blobs.PutAsync(answer.Body, cancellationToken);
        bool validator = (answer.Header("ETag") ?? answer.Header("Last-Modified")) is not null;
        byte[] requestHead = answer.RequestHead.ToArray(), responseHead = answer.ResponseHead.ToArray();
        bool unknown = _unknown.TryRemove(url, out _);
        for (int attempt = 1; ; attempt++)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            using WriteTurn turn = await WriteTurn.EnterAsync(db, cancellationToken);
            // All columns at once: half of one worker's answer and half of another's would be neither.
            int changed = unknown && attempt == 1 ? 0 : await db.RememberedUrls.Where(x => x.Url == url).ExecuteUpdateAsync(
                s => s.SetProperty(x => x.AskedUrl, answer.Url)
                    .SetProperty(x => x.RequestHead, requestHead)
                    .SetProperty(x => x.ResponseHead, responseHead)
                    .SetProperty(x => x.BodySha256, sha256)
                    .SetProperty(x => x.HasValidator, validator)
                    .SetProperty(x => x.Address, answer.Address)
                    .SetProperty(x => x.Policy, answer.Policy)
                    .SetProperty(x => x.AskedAt, answer.AskedAt)
                    .SetProperty(x => x.EndedAt, answer.EndedAt)
                    .SetProperty(x => x.CheckedAt, answer.EndedAt),
                cancellationToken);
            if (changed > 0) return;
            db.RememberedUrls.Add(new RememberedUrlRow
            {
                Url = url,
                AskedUrl = answer.Url,
                RequestHead = requestHead,
                ResponseHead = responseHead,
                BodySha256 = sha256,
                HasValidator = validator,
                Address = answer.Address,
                Policy = answer.Policy,
                AskedAt = answer.AskedAt,
                EndedAt = answer.EndedAt,
                CheckedAt = answer.EndedAt,
            });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateException e) when (attempt < MaxRaces && !DatabaseAway.Explains(e))
            {
                // Another worker kept the URL in between; the next turn changes its row.
            }
        }
    }

    public async Task ConfirmAsync(string url, DateTimeOffset checkedAt, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        await db.RememberedUrls.Where(x => x.Url == url).ExecuteUpdateAsync(s => s.SetProperty(x => x.CheckedAt, checkedAt), cancellationToken);
    }

    /// <summary>A body that is lost or was changed makes the URL one that is not known: it is asked for whole.</summary>
    private async Task<byte[]?> BodyAsync(string sha256, CancellationToken cancellationToken)
    {
        try
        {
            return await blobs.GetAsync(sha256, cancellationToken);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
