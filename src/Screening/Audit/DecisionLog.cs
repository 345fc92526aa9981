using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Audit;

/// <summary>One line of the decision log in JSON: an entry of the audit log, word for word.</summary>
/// <param name="Decision">What it decided and on what; null: nobody decided by it, or nothing is kept of what it was about.</param>
public sealed record DecisionLine(long Id, DateTimeOffset At, string Actor, string Action, string Subject, string? Detail, string PreviousHash, string Hash, DecisionFacts? Decision);

/// <summary>The last line of the decision log in JSON.</summary>
/// <param name="Head">The audit log's head at the last entry of the file.</param>
/// <param name="Sha256">Of the lines before, each as UTF-8 and ended by a line feed.</param>
/// <param name="Signature">Of the installation over <see cref="Signed"/>; DER, base64.</param>
public sealed record DecisionLogEnd(AuditHead Head, string Sha256, string Signature)
{
    /// <summary>The text that is signed, as UTF-8: format, hash of the lines and hash of the head's entry, a line each.</summary>
    public static string Signed(string sha256, AuditHead head) => $"touchstone-decision-log/1\n{sha256}\n{head.Hash}\n";
}

/// <summary>
/// Writes the decision log. As CSV (UTF-8, comma, a header line): the entries of the audit log by which a person decided something, with what was decided on; a value
/// that a spreadsheet would run as a formula gets an apostrophe in front. As JSON lines: all entries of the time, since a chain with gaps cannot be checked, those of
/// decisions with what was decided on, and a signed end (<see cref="DecisionLogCheck"/> reads it).
/// </summary>
public static class DecisionLog
{
    private const int Batch = 500;

    private static readonly string[] Columns =
    [
        "id", "at", "actor", "action", "subject", "detail", "hit", "case", "notice", "listing_url", "register", "reference", "decision_id", "decision", "reason", "note", "match", "screening", "model", "profile",
        "gallery_sequence", "gallery", "relation", "probability", "verdict", "takes_back", "taken_back_by", "taken_back_at", "batch", "appeals", "previous_hash", "hash",
    ];

    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a file, never a page
    };

    /// <summary>Writes the decisions of a span of time, the oldest first, and returns how many there are.</summary>
    /// <param name="from">The first instant; null: from the beginning.</param>
    /// <param name="until">The instant after the last; null: up to now.</param>
    public static async Task<long> WriteCsvAsync(TouchstoneDb db, TextWriter output, DateTimeOffset? from, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await using CsvWriter csv = CsvWriter.Create(output, new CsvWriterOptions { Injection = CsvInjection.Escape }, leaveOpen: true);
        await csv.WriteRecordAsync(Columns, cancellationToken);
        IQueryable<AuditRow> wanted = db.Audit.AsNoTracking().Where(x => AuditAction.Decisions.Contains(x.Action));
        if (from is { } first) wanted = wanted.Where(x => x.At >= first);
        if (until is { } end) wanted = wanted.Where(x => x.At < end);
        long count = 0;
        await foreach ((AuditRow row, DecisionFacts? facts) in ReadAsync(db, wanted, cancellationToken))
        {
            await csv.WriteRecordAsync(Record(row, facts ?? new DecisionFacts()), cancellationToken);
            count++;
        }
        await csv.FlushAsync(cancellationToken);
        return count;
    }

    /// <summary>Writes the entries from the first at <paramref name="from"/> or later to the last before <paramref name="until"/>, and the signed end; returns how many there are.</summary>
    public static async Task<long> WriteJsonLinesAsync(VerbContext context, TextWriter output, DateTimeOffset? from, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        TouchstoneDb db = context.Db;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Entries are numbered in the order of the chain, and clocks of several nodes differ: the file holds a piece of the chain without gaps.
        long first = from is { } start ? await db.Audit.Where(x => x.At >= start).MinAsync(x => (long?)x.Id, cancellationToken) ?? long.MaxValue : 0;
        long last = await (until is { } end ? db.Audit.Where(x => x.At < end) : db.Audit).MaxAsync(x => (long?)x.Id, cancellationToken) ?? 0;
        AuditHead head = await HandOutHead.SignAsync(context, last, cancellationToken);
        long count = 0;
        await foreach ((AuditRow row, DecisionFacts? facts) in ReadAsync(db, db.Audit.AsNoTracking().Where(x => x.Id >= first && x.Id <= last), cancellationToken))
        {
            await LineAsync(new DecisionLine(row.Id, row.At, row.Actor, row.Action, row.Subject, row.Detail, row.PreviousHash, row.Hash, facts));
            count++;
        }
        string sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        using SigningKey key = await SigningKey.OpenAsync(db, context.Clock, cancellationToken);
        await LineAsync(new DecisionLogEnd(head, sha256, key.Sign(SHA256.HashData(Encoding.UTF8.GetBytes(DecisionLogEnd.Signed(sha256, head))))));
        await output.FlushAsync(cancellationToken);
        return count;

        async Task LineAsync<T>(T value)
        {
            string line = JsonSerializer.Serialize(value, Json) + "\n";
            hash.AppendData(Encoding.UTF8.GetBytes(line));
            await output.WriteAsync(line.AsMemory(), cancellationToken);
        }
    }

    private static async IAsyncEnumerable<(AuditRow Row, DecisionFacts? Facts)> ReadAsync(TouchstoneDb db, IQueryable<AuditRow> wanted, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long last = 0;
        while (true)
        {
            List<AuditRow> rows = await wanted.Where(x => x.Id > last).OrderBy(x => x.Id).Take(Batch).ToListAsync(cancellationToken);
            if (rows.Count == 0) yield break;
            IReadOnlyDictionary<long, DecisionFacts> facts = await DecisionFacts.ReadAsync(db, [.. rows.Where(x => AuditAction.Decisions.Contains(x.Action))], cancellationToken);
            foreach (AuditRow row in rows) yield return (row, facts.GetValueOrDefault(row.Id));
            last = rows[^1].Id;
        }
    }

    private static string?[] Record(AuditRow row, DecisionFacts x) =>
    [
        Text(row.Id), Text(row.At), row.Actor, row.Action, row.Subject, row.Detail, Text(x.HitId), Text(x.CaseId), Text(x.NoticeId), x.ListingUrl, x.Register, x.Reference, Text(x.DecisionId), x.State?.ToString(), x.Reason?.ToString(), x.Note,
        Text(x.MatchId), Text(x.ScreeningId), x.ModelId, x.ProfileId, Text(x.GallerySequence), x.GalleryFingerprint, x.Relation?.ToString(), x.Probability?.ToString("0.####", CultureInfo.InvariantCulture), x.Verdict?.ToString(),
        Text(x.TakesBackId), x.TakenBackBy, x.TakenBackAt is { } at ? Text(at) : null, x.Batch, string.Join("; ", x.Appeals.Select(Said)), row.PreviousHash, row.Hash,
    ];

    private static string Said(AppealFacts appeal) => appeal.Upheld switch
    {
        null => FormattableString.Invariant($"notice {appeal.NoticeId}: not decided"),
        true => FormattableString.Invariant($"notice {appeal.NoticeId}: stands, by {appeal.DecidedBy}"),
        false => FormattableString.Invariant($"notice {appeal.NoticeId}: taken back, by {appeal.DecidedBy}"),
    };

    private static string? Text(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
