using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.References;

/// <summary>
/// Takes in what was given to the server or is due to be downloaded. Each import is leased, so that one worker of one node does it; one that was killed is done again by
/// another, and changes nothing twice. One over which two workers ended is given up. Safe for concurrent use by several processes.
/// </summary>
public sealed class ImportJobs(IDbContextFactory<TouchstoneDb> databases, ReferenceImport import, IBlobStore blobs, OutboundHttp http, TimeProvider clock, ILogger<ImportJobs> log)
{
    // Of a list that names a document for each week, a download by schedule reads the newest: it comes again.
    private const int MostScheduledDocuments = 10;

    // What ended the program twice would end it again.
    private const int MostLosses = 2;

    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(40);
    private static readonly FetchLimits Document = new() { MaxBytes = 64L << 20, Time = TimeSpan.FromMinutes(5), Accept = "*/*" };

    /// <summary>Does the oldest import that waits, or that its worker abandoned; false if there is none.</summary>
    public async Task<bool> RunNextAsync(string worker, CancellationToken cancellationToken)
    {
        if (await TakeAsync(worker, cancellationToken) is not { } row) return false;
        if (row.Losses >= MostLosses)
        {
            log.LogError("Import {Import} is given up: {Losses} workers ended while they took it in.", row.Id, row.Losses);
            await EndAsync(row, ImportState.Failed, "The program ended twice while it took this in, so it was given up; the log of that time says over what.", null);
            return true;
        }
        int read = 0;
        string? error = null;
        ImportReport? report = null;
        try
        {
            bool held = await HeldLease.RunAsync(LeaseTime, token => RenewAsync(row, read, token), async token => (report, error) = await DoAsync(row, new Latest(x => read = x.Read), token), clock, log, cancellationToken);
            if (!held) return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await EndAsync(row, ImportState.Queued, null, null);
            throw;
        }
        catch (Exception e) when (!DatabaseAway.Explains(e))
        {
            log.LogError(e, "Import {Import} failed.", row.Id);
            error = e.Message;
        }
        await EndAsync(row, error is null ? ImportState.Done : ImportState.Failed, error, report);
        return true;
    }

    /// <summary>Queues a download of each register whose time has come; returns how many. Of several workers that ask at once one queues.</summary>
    public async Task<int> QueueDueAsync(CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        List<RegisterRow> due = await db.Registers.AsNoTracking().Where(x => x.NextImportAt <= now).ToListAsync(cancellationToken);
        int queued = 0;
        foreach (RegisterRow register in due)
        {
            await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            DateTimeOffset? next = now.AddHours(register.ScheduleEveryHours!.Value);
            int taken = await db.Registers.Where(x => x.Id == register.Id && x.NextImportAt == register.NextImportAt).ExecuteUpdateAsync(x => x.SetProperty(r => r.NextImportAt, next), cancellationToken);
            if (taken == 0) continue;
            // One that still waits or runs is the same.
            bool waits = await db.Imports.AnyAsync(x => x.Register == register.Name && x.Url == register.ScheduleUrl && (x.State == ImportState.Queued || x.State == ImportState.Running), cancellationToken);
            if (!waits) db.Imports.Add(ImportSteps.Download(register.Name, register.ScheduleUrl!, register.Kind, ImportSteps.Schedule, now));
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (!waits) queued++;
        }
        return queued;
    }

    internal static string WithoutParameter(Exception e) => e is ArgumentException { ParamName: { } name } ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;

    private async Task<ImportRow?> TakeAsync(string worker, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        while (true)
        {
            DateTimeOffset now = clock.GetUtcNow();
            ImportRow? row = await db.Imports.AsNoTracking().Where(x => x.State == ImportState.Queued || x.State == ImportState.Running).Free(now).OrderBy(x => x.Id).FirstOrDefaultAsync(cancellationToken);
            if (row is null) return null;
            row.Losses += row.State == ImportState.Running ? 1 : 0;
            row.StartedAt ??= now;
            if (!await db.Imports.Where(x => x.Id == row.Id).TakeAsync(
                row.Fence, worker, now + LeaseTime, s => s.SetProperty(x => x.State, ImportState.Running).SetProperty(x => x.Losses, row.Losses).SetProperty(x => x.StartedAt, row.StartedAt), cancellationToken)) continue;
            row.Fence++;
            return row;
        }
    }

    private async Task<bool> RenewAsync(ImportRow row, int read, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<ImportRow> held = db.Imports.Where(x => x.Id == row.Id);
        await held.Held(row.Fence).ExecuteUpdateAsync(s => s.SetProperty(x => x.Read, read), cancellationToken);
        return await held.RenewAsync(row.Fence, clock.GetUtcNow() + LeaseTime, cancellationToken);
    }

    private async Task<(ImportReport? Report, string? Error)> DoAsync(ImportRow row, IProgress<ImportProgress> progress, CancellationToken cancellationToken)
    {
        (ReadOnlyMemory<byte>? bytes, string? error) = row.Url is { } url ? await DownloadAsync(url, cancellationToken) : (await blobs.GetAsync(row.FileSha256!, cancellationToken), "The file that was given is not stored any more; give it again.");
        if (bytes is not { } content) return (null, error);
        using ImportCopy copy = await ImportCopy.MakeAsync(row.FileName, content, tells: row.Url is null, cancellationToken);
        var request = new ImportRequest { Path = copy.Path, Register = row.Register, Kind = row.Kind, Actor = row.CreatedBy, Source = row.Url, LatestDocuments = row.CreatedBy == ImportSteps.Schedule ? MostScheduledDocuments : null };
        try
        {
            return (await import.RunAsync(request, progress, cancellationToken), null);
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException)
        {
            return (null, WithoutParameter(e));
        }
    }

    private async Task<(ReadOnlyMemory<byte>? Bytes, string? Error)> DownloadAsync(string url, CancellationToken cancellationToken)
    {
        FetchOutcome outcome = await http.GetAsync(url, Document, cancellationToken);
        return outcome.Failure is null ? (outcome.Body, null) : (null, $"{url} was not downloaded: {ReferencePictures.Explain(outcome)}");
    }

    private async Task EndAsync(ImportRow row, ImportState state, string? error, ImportReport? report)
    {
        DateTimeOffset? finished = state == ImportState.Queued ? null : clock.GetUtcNow();
        string? said = report is null ? null : JsonSerializer.Serialize(report);
        int read = report?.Read ?? 0;
        await using TouchstoneDb db = await databases.CreateDbContextAsync();
        string? why = error is null ? null : await WithCountsAsync(db, row, error);
        await db.Imports.Where(x => x.Id == row.Id).EndAsync(
            row.Fence,
            s => s.SetProperty(x => x.State, state).SetProperty(x => x.Error, why).SetProperty(x => x.FinishedAt, finished).SetProperty(x => x.Report, said).SetProperty(x => x.Read, read),
            CancellationToken.None);
    }

    /// <summary>Why an import failed, with what it had taken in: records are taken in by the batch, also by a worker that ended then.</summary>
    private static async Task<string> WithCountsAsync(TouchstoneDb db, ImportRow row, string error)
    {
        IQueryable<ReferenceRow> taken = db.References.Where(x => x.Register!.Name == row.Register && x.UpdatedAt >= row.StartedAt);
        int added = await taken.CountAsync(x => x.ImportedAt >= row.StartedAt), changed = await taken.CountAsync(x => x.ImportedAt < row.StartedAt);
        return added + changed == 0 ? $"Nothing was taken in: {error}" : $"Before it failed, {added} new and {changed} changed records were taken in, which stay: {error}";
    }

    private sealed class Latest(Action<ImportProgress> set) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => set(value);
    }
}
