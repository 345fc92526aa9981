using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Gate;

/// <summary>An answer that was given before under the same key, or the reason why the key may not be used.</summary>
internal sealed record Remembered(string? Json, int Status, string? Refusal);

/// <summary>
/// Answers a repeated request as it was answered before, as long as the retention keeps the answer. A key belongs to its caller; the same key with another body is
/// refused.
/// Safe for concurrent use: of two equal requests at once, the answer stored first is given to both.
/// </summary>
internal sealed class Idempotency(IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
{
    public const int LongestKey = 200;

    /// <summary>What is remembered under the key; null: nothing.</summary>
    public async Task<Remembered?> FindAsync(string actor, string key, string requestHash, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        IdempotencyRow? row = await db.IdempotencyKeys.AsNoTracking().SingleOrDefaultAsync(x => x.Actor == actor && x.Key == key, cancellationToken);
        if (row is null) return null;
        return row.RequestHash == requestHash
            ? new Remembered(row.Response, row.Status, null)
            : new Remembered(null, StatusCodes.Status422UnprocessableEntity, "This Idempotency-Key was used for another body. Give each listing its own key.");
    }

    /// <summary>Keeps an answer and gives what is remembered: this one, or the one that was faster.</summary>
    public async Task<Remembered> KeepAsync<T>(string actor, string key, string requestHash, T answer, CancellationToken cancellationToken)
    {
        string text = JsonSerializer.Serialize(answer, json.Value.SerializerOptions);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        db.IdempotencyKeys.Add(new IdempotencyRow { Actor = actor, Key = key, RequestHash = requestHash, Status = StatusCodes.Status200OK, Response = text, At = clock.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return new Remembered(text, StatusCodes.Status200OK, null);
        }
        catch (DbUpdateException)
        {
            return await FindAsync(actor, key, requestHash, cancellationToken) ?? throw new InvalidOperationException($"The answer under the key {key} could be neither kept nor found.");
        }
    }
}
