using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;

namespace Touchstone.Screening.Subjects;

/// <summary>A person's file that was handed out.</summary>
/// <param name="Sha256">Of the ZIP; the audit log has it.</param>
public sealed record ExportedSubject(SubjectFile File, string Sha256);

/// <summary>
/// Hands out what is kept about a person as a ZIP: <c>person.json</c> for programs and <c>index.html</c> for people. Recorded with the reason, how many rows there were and the hash of the file, without
/// the name.
/// </summary>
/// <param name="Reason">Who asked, and by which right; 1 to 2,000 characters.</param>
public sealed record ExportSubject(IReadOnlyList<SubjectPick> Picks, string Reason)
{
    /// <summary>The longest reason, in UTF-16 units.</summary>
    public const int LongestReason = 2000;

    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a file, never a part of a page
        WriteIndented = true,
    };

    public async Task<VerbOutcome<ExportedSubject>> RunAsync(VerbContext context, Stream output, CancellationToken cancellationToken)
    {
        if (ReasonProblem(Reason) is { } problem) return VerbOutcome.Refused<ExportedSubject>(Refusal.Invalid, problem);
        if (await Subject.ReadAsync(context.Db, Picks, cancellationToken) is not { } person) return VerbOutcome.Refused<ExportedSubject>(Refusal.NotFound, NoneChosen);
        SubjectFile file = await SubjectFile.ReadAsync(context.Db, person, cancellationToken);
        string from = await context.Db.Operators.Select(x => x.Name).FirstOrDefaultAsync(cancellationToken) ?? "Touchstone";
        using var zipped = new MemoryStream();
        using (var zip = new ZipArchive(zipped, ZipArchiveMode.Create, leaveOpen: true))
        {
            await AddAsync(zip, "person.json", JsonSerializer.Serialize(file, Json), context, cancellationToken);
            await AddAsync(zip, "index.html", SubjectPage.Write(file, from, context.Clock.GetUtcNow()), context, cancellationToken);
        }
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(zipped.GetBuffer().AsSpan(0, (int)zipped.Length)));
        string detail = $"{file.Observations.Count} observations, {file.Hits.Count} hits, {file.Notices.Count} notices; bundle {sha256}: {Reason.Trim()}";
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.SubjectExported, "person", detail), cancellationToken);
        zipped.Position = 0;
        await zipped.CopyToAsync(output, cancellationToken);
        return VerbOutcome.Done(new ExportedSubject(file, sha256));
    }

    internal const string NoneChosen = "What was chosen is not there any more, or nothing was: look for the person again.";

    internal static string? ReasonProblem(string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason)) return "Say who asked, and by which right.";
        if (reason.Length > LongestReason) return $"The reason has {reason.Length} characters; at most {LongestReason} are kept.";
        return reason.Contains('\0', StringComparison.Ordinal) ? "The reason holds a NUL character." : null;
    }

    private static async Task AddAsync(ZipArchive zip, string name, string text, VerbContext context, CancellationToken cancellationToken)
    {
        ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = context.Clock.GetUtcNow();
        await using Stream stream = await entry.OpenAsync(cancellationToken);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
    }
}
