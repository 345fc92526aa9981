using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Field;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>A message about a capture, and how far it came.</summary>
public sealed record CaptureMessage(long MessageId, long ReferenceId, string Recipient, OutboxState State, int Attempts, string? LastError, DateTimeOffset CreatedAt, DateTimeOffset? DeliveredAt);

/// <summary>Reads the messages to right holders about what officers photographed.</summary>
internal static class CaptureMessages
{
    private const int Most = 100;

    /// <summary>The messages about a capture, at most 100, the oldest first.</summary>
    public static async Task<IReadOnlyList<CaptureMessage>> OfAsync(TouchstoneDb db, long captureId, CancellationToken cancellationToken)
    {
        string key = $"capture/{captureId}/reference/";
        List<OutboxRow> rows = await db.Outbox.AsNoTracking().Where(x => x.Key.StartsWith(key)).OrderBy(x => x.Id).Take(Most).ToListAsync(cancellationToken);
        return [.. rows.Select(x => Of(x, long.TryParse(x.Key[key.Length..].Split('/')[0], out long reference) ? reference : 0))];
    }

    /// <summary>The message about each hit of a photo, by the hit; a hit of which nobody was told has none. One query, however many.</summary>
    public static async Task<IReadOnlyDictionary<long, CaptureMessage>> OfHitsAsync(TouchstoneDb db, IReadOnlyCollection<HitRow> hits, CancellationToken cancellationToken)
    {
        Dictionary<string, HitRow> wanted = hits.Where(x => x.CaptureId is not null).ToDictionary(x => new NotifyOwner(x.CaptureId!.Value, x.ReferenceId).Key, StringComparer.Ordinal);
        string[] keys = [.. wanted.Keys];
        List<OutboxRow> rows = keys.Length == 0 ? [] : await db.Outbox.AsNoTracking().Where(x => EF.Parameter(keys).Contains(x.Key)).ToListAsync(cancellationToken);
        return rows.ToDictionary(x => wanted[x.Key].Id, x => Of(x, wanted[x.Key].ReferenceId));
    }

    private static CaptureMessage Of(OutboxRow x, long reference) => new(x.Id, reference, x.Recipient, x.State, x.Attempts, x.LastError, x.CreatedAt, x.DeliveredAt);
}
