using Microsoft.EntityFrameworkCore;
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
        return [.. rows.Select(x => new CaptureMessage(x.Id, long.TryParse(x.Key[key.Length..].Split('/')[0], out long reference) ? reference : 0, x.Recipient, x.State, x.Attempts, x.LastError, x.CreatedAt, x.DeliveredAt))];
    }
}
