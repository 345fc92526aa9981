using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.References;

/// <summary>Has a worker take in what was previewed.</summary>
public sealed record StartImport(long ImportId)
{
    public Task<VerbOutcome<ImportRow>> RunAsync(VerbContext context, CancellationToken cancellationToken) => ImportSteps.MoveAsync(context, ImportId, ImportState.Queued, "import.started", cancellationToken);
}

/// <summary>Drops a file that was previewed.</summary>
public sealed record DiscardImport(long ImportId)
{
    public Task<VerbOutcome<ImportRow>> RunAsync(VerbContext context, CancellationToken cancellationToken) => ImportSteps.MoveAsync(context, ImportId, ImportState.Discarded, "import.discarded", cancellationToken);
}

/// <summary>Has a worker download a register and take it in, once.</summary>
/// <param name="Url">http or https.</param>
/// <param name="Kind">What the records are; null: what the format or the record says.</param>
public sealed record DownloadImport(string Register, string Url, ReferenceKind? Kind)
{
    public async Task<VerbOutcome<ImportRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if ((ReferenceImport.ProblemOfName(Register) ?? ImportSteps.ProblemOfUrl(Url)) is { } problem) return VerbOutcome.Refused<ImportRow>(Refusal.Invalid, problem);
        if (Kind == ReferenceKind.SearchedPicture) return VerbOutcome.Refused<ImportRow>(Refusal.Invalid, "References of registers are alerts, designs, marks, genuine products or known fakes.");
        ImportRow row = ImportSteps.Download(Register, Url.Trim(), Kind, context.Actor, context.Clock.GetUtcNow());
        context.Db.Imports.Add(row);
        await AuditLog.SaveAsync(context, "import.started", _ => $"import/{row.Id}", $"{row.Url} for {Register}", cancellationToken);
        return VerbOutcome.Done(row);
    }
}

/// <summary>Says from where and how often a register is downloaded; the first time at once.</summary>
/// <param name="Url">http or https; null: never again.</param>
/// <param name="EveryHours">1 to 8,760.</param>
public sealed record ScheduleRegister(long RegisterId, string? Url, int EveryHours = 24)
{
    public async Task<VerbOutcome<RegisterRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (Url is not null && ImportSteps.ProblemOfUrl(Url) is { } problem) return VerbOutcome.Refused<RegisterRow>(Refusal.Invalid, problem);
        if (Url is not null && EveryHours is < 1 or > 8_760) return VerbOutcome.Refused<RegisterRow>(Refusal.Invalid, $"The interval of {EveryHours} hours is not within 1 and 8,760.");
        if (await context.Db.Registers.SingleOrDefaultAsync(x => x.Id == RegisterId, cancellationToken) is not { } row) return VerbOutcome.Refused<RegisterRow>(Refusal.NotFound, $"There is no register {RegisterId}.");
        if (Url is not null && ReferenceImport.ProblemOfName(row.Name) is { } reserved) return VerbOutcome.Refused<RegisterRow>(Refusal.Invalid, reserved);
        bool same = row.ScheduleUrl == Url?.Trim();
        DateTimeOffset now = context.Clock.GetUtcNow();
        row.NextImportAt = Url is null ? null : same && row.NextImportAt < now.AddHours(EveryHours) ? row.NextImportAt : now;
        row.ScheduleUrl = Url?.Trim();
        row.ScheduleEveryHours = Url is null ? null : EveryHours;
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, "register.scheduled", AuditSubject.Register(row.Name), Url is null ? "no more" : $"{row.ScheduleUrl} every {EveryHours} h"), cancellationToken);
        return VerbOutcome.Done(row);
    }
}

/// <summary>What the verbs on imports share.</summary>
internal static class ImportSteps
{
    private const int LongestUrl = 2_000;

    /// <summary>Moves an import on that was previewed and is undecided.</summary>
    public static async Task<VerbOutcome<ImportRow>> MoveAsync(VerbContext context, long id, ImportState to, string action, CancellationToken cancellationToken)
    {
        if (await context.Db.Imports.SingleOrDefaultAsync(x => x.Id == id, cancellationToken) is not { } row) return VerbOutcome.Refused<ImportRow>(Refusal.NotFound, $"There is no import {id}.");
        if (row.State != ImportState.Previewed) return VerbOutcome.Refused<ImportRow>(Refusal.Conflict, $"Import {id} is {row.State}; only one that was previewed waits for a decision.");
        row.State = to;
        row.Fence++;
        if (to == ImportState.Discarded) row.FinishedAt = context.Clock.GetUtcNow();
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, action, $"import/{id}", $"{row.FileName} for {row.Register}"), cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return VerbOutcome.Refused<ImportRow>(Refusal.Conflict, $"Somebody else decided import {id} at the same moment. Look at it again.");
        }
        return VerbOutcome.Done(row);
    }

    /// <summary>Who asks for downloads that nobody starts by hand.</summary>
    public const string Schedule = "schedule";

    public static ImportRow Download(string register, string url, ReferenceKind? kind, string by, DateTimeOffset now) => new()
    {
        Register = register,
        FileName = ImportCopy.NameOf(new Uri(url).AbsolutePath),
        Url = url,
        Kind = kind,
        State = ImportState.Queued,
        CreatedBy = by,
        CreatedAt = now,
    };

    public static string? ProblemOfUrl(string? url) =>
        url?.Trim() is { Length: <= LongestUrl } text && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? uri.UserInfo.Length == 0 ? null : "An address with a user name or a password in it would be shown to every reader; give one without."
            : $"'{url}' is no http or https address.";
}
