using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>What every verb on a notice does in the same way.</summary>
internal static class NoticeHistory
{
    /// <summary>The notice to change, with its links, or why it may not be changed.</summary>
    /// <param name="state">Null: in any state.</param>
    public static async Task<VerbOutcome<NoticeRow>> FindAsync(VerbContext context, long id, long? seen, NoticeState? state, CancellationToken cancellationToken)
    {
        NoticeRow? found = await context.Db.Notices.Include(x => x.Links).FirstOrDefaultAsync(x => x.Id == id, cancellationToken);
        if (found is null) return Refused(Refusal.NotFound, $"There is no notice {id}.");
        await context.Db.Entry(found).ReloadAsync(cancellationToken);
        // That it was sent says more than that it changed.
        if (state is { } wanted && found.State != wanted) return Refused(Refusal.Conflict, found.State == NoticeState.Sent ? $"Notice {id} was sent; what was sent is not changed." : $"Notice {id} was not sent yet.");
        return seen is { } version && version != found.Version ? Overtaken(id) : VerbOutcome.Done(found);
    }

    /// <summary>Saves the changed notice with its audit entry; a change by someone else in between is a conflict.</summary>
    public static async Task<VerbOutcome<NoticeRow>> SaveAsync(VerbContext context, NoticeRow changed, string action, string? detail, CancellationToken cancellationToken)
    {
        changed.Version++;
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, action, AuditSubject.Notice(changed.Id), detail), cancellationToken);
            return VerbOutcome.Done(changed);
        }
        catch (DbUpdateConcurrencyException)
        {
            context.Db.ChangeTracker.Clear();
            return Overtaken(changed.Id);
        }
    }

    /// <summary>Tells a case what happened; the case itself does not change.</summary>
    public static void Tell(TouchstoneDb db, long caseId, string actor, DateTimeOffset at, string kind, string text) =>
        db.CaseEvents.Add(new CaseEventRow { CaseId = caseId, Kind = kind, Actor = actor, At = at, Text = text });

    public static VerbOutcome<NoticeRow> Overtaken(long id) => Refused(Refusal.Overtaken, $"Somebody changed notice {id} meanwhile. Read it again and repeat what still applies.");

    public static VerbOutcome<NoticeRow> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<NoticeRow>(refusal, detail);
}

/// <summary>Begins a notice of a case, with the links of its confirmed hits and what the operator says of itself. Nobody is written to, and no recipient is guessed.</summary>
/// <param name="Language">Null: the operator's.</param>
/// <param name="HitIds">Which of the confirmed hits; null: each that has a link.</param>
public sealed record DraftNotice(long CaseId, NoticeKind Kind, string? Language = null, IReadOnlyList<long>? HitIds = null)
{
    /// <summary>Most links of one notice.</summary>
    public const int MostLinks = 500;

    public async Task<VerbOutcome<NoticeRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (await context.Db.Cases.AsNoTracking().FirstOrDefaultAsync(x => x.Id == CaseId, cancellationToken) is not { } of) return NoticeHistory.Refused(Refusal.NotFound, $"There is no case {CaseId}.");
        OperatorRow? from = await Operators.FindAsync(context.Db, cancellationToken);
        string language = Language ?? (from is not null && NoticeTemplates.BuiltIn(Kind, from.Language) is not null ? from.Language : "en");
        if (NoticeTemplates.BuiltIn(Kind, language) is null) return NoticeHistory.Refused(Refusal.Invalid, $"A {Kind} is not written in the language {language}.");
        List<HitRow> hits = await context.Db.Hits.Include(x => x.Listing).Where(x => x.CaseId == CaseId && x.State == HitState.Confirmed && x.ListingId != null).OrderBy(x => x.Id).Take(MostLinks + 1).ToListAsync(cancellationToken);
        if (HitIds is { } chosen)
        {
            if (chosen.Except(hits.Select(x => x.Id)).Select(x => (long?)x).FirstOrDefault() is { } other) return NoticeHistory.Refused(Refusal.Invalid, $"Hit {other} is no confirmed hit of case {CaseId} with a link.");
            hits = [.. hits.Where(x => chosen.Contains(x.Id))];
        }
        if (hits.Count == 0) return NoticeHistory.Refused(Refusal.Conflict, $"Case {CaseId} has no confirmed hit with a link: confirm one first.");
        if (hits.Count > MostLinks) return NoticeHistory.Refused(Refusal.Invalid, $"A notice has at most {MostLinks} links; choose among the hits.");
        DateTimeOffset now = context.Clock.GetUtcNow();
        var notice = new NoticeRow
        {
            CaseId = CaseId,
            Kind = Kind,
            Version = 1,
            Language = language,
            LegalBasis = from?.LegalBasis,
            Redress = from?.Redress,
            Territory = from?.Territory ?? of.Market,
            RespondBy = await NoticeClocks.DefaultAsync(context.Db, Kind, of.Market, DateOnly.FromDateTime(now.UtcDateTime), cancellationToken),
            CreatedBy = context.Actor,
            CreatedAt = now,
        };
        foreach (HitRow hit in hits) notice.Links.Add(new NoticeLinkRow { HitId = hit.Id, Url = hit.Listing!.Url });
        context.Db.Notices.Add(notice);
        await AuditLog.SaveAsync(context, AuditAction.NoticeDrafted, _ => AuditSubject.Notice(notice.Id), string.Create(CultureInfo.InvariantCulture, $"{Kind} of case {CaseId}, {hits.Count} links"), cancellationToken);
        return VerbOutcome.Done(notice);
    }
}

/// <summary>What a draft says. Each member is set as it stands here.</summary>
/// <param name="HitIds">Null: the links stay.</param>
public sealed record NoticeWording(
    string Language, NoticeWay Way, string? Recipient, string? RecipientName, string? Reasons, string? LegalBasis, string? Redress, string? Territory, string? Measure, bool GoodFaith, DateOnly? RespondBy, IReadOnlyList<long>? HitIds = null);

/// <summary>Changes a draft.</summary>
/// <param name="Version">The version that was seen; null: any.</param>
public sealed record EditNotice(long Id, NoticeWording Wording, long? Version = null)
{
    private const int LongestLine = 2000, LongestText = 20_000;

    public async Task<VerbOutcome<NoticeRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        VerbOutcome<NoticeRow> outcome = await NoticeHistory.FindAsync(context, Id, Version, NoticeState.Draft, cancellationToken);
        if (!outcome.Done) return outcome;
        NoticeRow notice = outcome.Value!;
        if (Problem(notice, context.Clock) is { } problem) return NoticeHistory.Refused(Refusal.Invalid, problem);
        (notice.Language, notice.Way, notice.Recipient, notice.RecipientName) = (Wording.Language, Wording.Way, Kept(Wording.Recipient), Kept(Wording.RecipientName));
        (notice.Reasons, notice.LegalBasis, notice.Redress, notice.Territory, notice.Measure) = (Kept(Wording.Reasons), Kept(Wording.LegalBasis), Kept(Wording.Redress), Kept(Wording.Territory), Kept(Wording.Measure));
        (notice.GoodFaith, notice.RespondBy) = (Wording.GoodFaith, Wording.RespondBy);
        if (Wording.HitIds is { } chosen && await ChooseAsync(context, notice, chosen, cancellationToken) is { } refused) return refused;
        return await NoticeHistory.SaveAsync(context, notice, AuditAction.NoticeEdited, $"to {notice.Recipient ?? "nobody yet"}", cancellationToken);
    }

    private static async Task<VerbOutcome<NoticeRow>?> ChooseAsync(VerbContext context, NoticeRow notice, IReadOnlyList<long> chosen, CancellationToken cancellationToken)
    {
        if (chosen.Count > DraftNotice.MostLinks) return NoticeHistory.Refused(Refusal.Invalid, $"A notice has at most {DraftNotice.MostLinks} links; choose among the hits.");
        long[] added = [.. chosen.Except(notice.Links.Select(x => x.HitId)).Distinct()];
        List<HitRow> hits = await context.Db.Hits.Include(x => x.Listing).Where(x => EF.Parameter(added).Contains(x.Id) && x.CaseId == notice.CaseId && x.State == HitState.Confirmed && x.ListingId != null).ToListAsync(cancellationToken);
        if (added.Except(hits.Select(x => x.Id)).Select(x => (long?)x).FirstOrDefault() is { } other) return NoticeHistory.Refused(Refusal.Invalid, $"Hit {other} is no confirmed hit of case {notice.CaseId} with a link.");
        foreach (NoticeLinkRow link in notice.Links.Where(x => !chosen.Contains(x.HitId)).ToArray()) context.Db.NoticeLinks.Remove(link);
        foreach (HitRow hit in hits) notice.Links.Add(new NoticeLinkRow { HitId = hit.Id, Url = hit.Listing!.Url });
        return null;
    }

    private string? Problem(NoticeRow notice, TimeProvider clock)
    {
        if (NoticeTemplates.BuiltIn(notice.Kind, Wording.Language) is null) return $"A {notice.Kind} is not written in the language {Wording.Language}.";
        foreach ((string name, string? text, int longest) in (IEnumerable<(string, string?, int)>)
            [("recipient", Wording.Recipient, LongestLine), ("recipient's name", Wording.RecipientName, LongestLine), ("reason", Wording.Reasons, LongestText), ("legal basis", Wording.LegalBasis, LongestText), ("redress", Wording.Redress, LongestText),
             ("territory", Wording.Territory, LongestText), ("measure", Wording.Measure, LongestText)])
        {
            if (text?.Length > longest) return $"The {name} has {text.Length} characters; at most {longest} are kept.";
            if (text?.Contains('\0', StringComparison.Ordinal) == true) return $"The {name} holds a NUL character.";
        }
        return Wording.RespondBy is { } by && by < DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime) ? $"An answer cannot be asked for by {by.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, which is past." : null;
    }

    private static string? Kept(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>Throws a draft away. What was sent stays.</summary>
public sealed record DiscardNotice(long Id, long? Version = null)
{
    public async Task<VerbOutcome<NoticeRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        VerbOutcome<NoticeRow> outcome = await NoticeHistory.FindAsync(context, Id, Version, NoticeState.Draft, cancellationToken);
        if (!outcome.Done) return outcome;
        context.Db.Notices.Remove(outcome.Value!);
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.NoticeDiscarded, AuditSubject.Notice(Id), $"{outcome.Value!.Kind} of case {outcome.Value.CaseId}"), cancellationToken);
            return outcome;
        }
        catch (DbUpdateConcurrencyException)
        {
            context.Db.ChangeTracker.Clear();
            return NoticeHistory.Overtaken(Id);
        }
    }
}
