using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Audit;

/// <summary>An appeal against a notice, and its result.</summary>
/// <param name="ReplyId">The reply by which it came.</param>
/// <param name="Upheld">The notice stands; false: it was taken back; null: not decided.</param>
/// <param name="Decision">Why, in the deciding person's words.</param>
public sealed record AppealFacts(long NoticeId, long ReplyId, DateTimeOffset At, bool? Upheld, string? DecidedBy, DateTimeOffset? DecidedAt, string? Decision);

/// <summary>What a decision was about, and what the person saw: the match, and with which model, profile and state of the gallery it was made.</summary>
public sealed record DecisionFacts
{
    public long? HitId { get; init; }

    /// <summary>Of a hit: the case that it is in now.</summary>
    public long? CaseId { get; init; }

    public long? NoticeId { get; init; }

    public string? ListingUrl { get; init; }

    public string? Register { get; init; }

    /// <summary>As the register calls it.</summary>
    public string? Reference { get; init; }

    /// <summary>The decision on the hit; null: the entry is of none, such as a crawl that opened a rejected hit again.</summary>
    public long? DecisionId { get; init; }

    /// <summary>New: an earlier decision was taken back.</summary>
    public HitState? State { get; init; }

    public RejectReason? Reason { get; init; }

    public string? Note { get; init; }

    public long? MatchId { get; init; }

    public long? ScreeningId { get; init; }

    public string? ModelId { get; init; }

    public string? ProfileId { get; init; }

    /// <summary>The number of the last change of the registers that the screening had seen.</summary>
    public long? GallerySequence { get; init; }

    public string? GalleryFingerprint { get; init; }

    public Relation? Relation { get; init; }

    /// <summary>0..1, as it was calibrated when the person decided.</summary>
    public double? Probability { get; init; }

    public Verdict? Verdict { get; init; }

    /// <summary>The decision that this one takes back.</summary>
    public long? TakesBackId { get; init; }

    /// <summary>Who took it back or overturned it; null: it stands.</summary>
    public string? TakenBackBy { get; init; }

    public DateTimeOffset? TakenBackAt { get; init; }

    /// <summary>Names what was decided in one go.</summary>
    public string? Batch { get; init; }

    /// <summary>Appeals against notices of the hit, of the case, or against this notice.</summary>
    public IReadOnlyList<AppealFacts> Appeals { get; init; } = [];

    /// <summary>Reads what entries of decisions were about, with as many queries for many as for one.</summary>
    /// <returns>By the entry's id; an entry about something else (a mandate, a profile) has none.</returns>
    internal static async Task<IReadOnlyDictionary<long, DecisionFacts>> ReadAsync(TouchstoneDb db, IReadOnlyList<AuditRow> entries, CancellationToken cancellationToken)
    {
        long[] hitIds = Ids(entries, "hit"), caseIds = Ids(entries, "case"), noticeIds = Ids(entries, "notice");
        Dictionary<long, DecisionFacts> hits = await db.Hits.AsNoTracking().Where(h => EF.Parameter(hitIds).Contains(h.Id))
            .Select(h => new DecisionFacts { HitId = h.Id, CaseId = h.CaseId, ListingUrl = h.Listing!.Url, Register = h.Reference!.Register!.Name, Reference = h.Reference.ExternalId })
            .ToDictionaryAsync(h => h.HitId!.Value, cancellationToken);
        ILookup<long, HitDecisionRow> decisions = (await db.HitDecisions.AsNoTracking().Include(d => d.Match!.Screening).Where(d => EF.Parameter(hitIds).Contains(d.HitId)).OrderBy(d => d.Id).ToListAsync(cancellationToken)).ToLookup(d => d.HitId);
        var appeals = await db.NoticeReplies.AsNoTracking()
            .Where(r => r.Kind == ReplyKind.Appeal && (EF.Parameter(noticeIds).Contains(r.NoticeId) || EF.Parameter(caseIds).Contains(r.Notice!.CaseId) || r.Notice!.Links.Any(l => EF.Parameter(hitIds).Contains(l.HitId))))
            .OrderBy(r => r.Id).Select(r => new { Facts = new AppealFacts(r.NoticeId, r.Id, r.At, r.Upheld, r.DecidedBy, r.DecidedAt, r.Decision), r.Notice!.CaseId, Hits = r.Notice.Links.Select(l => l.HitId).ToList() }).ToListAsync(cancellationToken);
        var found = new Dictionary<long, DecisionFacts>();
        foreach (AuditRow entry in entries)
        {
            if (IdIn(entry.Subject, "hit") is { } hit)
                found[entry.Id] = OfHit(entry, hits.GetValueOrDefault(hit) ?? new DecisionFacts { HitId = hit }, [.. decisions[hit]]) with { Appeals = [.. appeals.Where(a => a.Hits.Contains(hit)).Select(a => a.Facts)] };
            else if (IdIn(entry.Subject, "case") is { } file)
                found[entry.Id] = new DecisionFacts { CaseId = file, Appeals = [.. appeals.Where(a => a.CaseId == file).Select(a => a.Facts)] };
            else if (IdIn(entry.Subject, "notice") is { } notice)
                found[entry.Id] = new DecisionFacts { NoticeId = notice, Appeals = [.. appeals.Where(a => a.Facts.NoticeId == notice).Select(a => a.Facts)] };
        }
        return found;
    }

    // The decision was saved just before its entry, by the same person, with the state that the action names.
    private static DecisionFacts OfHit(AuditRow entry, DecisionFacts hit, IReadOnlyList<HitDecisionRow> decisions)
    {
        HitState? state = entry.Action switch { AuditAction.HitConfirmed => HitState.Confirmed, AuditAction.HitRejected => HitState.Rejected, AuditAction.HitReopened => HitState.New, _ => null };
        if (decisions.LastOrDefault(d => d.State == state && d.DecidedBy == entry.Actor && d.DecidedAt <= entry.At) is not { } decision) return hit;
        HitDecisionRow? next = decision.State == HitState.New ? null : decisions.FirstOrDefault(d => d.Id > decision.Id);
        ScreeningRow? screening = decision.Match?.Screening;
        return hit with
        {
            DecisionId = decision.Id,
            State = decision.State,
            Reason = decision.Reason,
            Note = decision.Note,
            MatchId = decision.MatchId,
            ScreeningId = decision.Match?.ScreeningId,
            ModelId = screening?.ModelId,
            ProfileId = screening?.ProfileId,
            GallerySequence = screening?.GallerySequence,
            GalleryFingerprint = screening?.GalleryFingerprint,
            Relation = decision.Match?.Relation,
            Probability = decision.Match?.Probability,
            Verdict = decision.Match?.Verdict,
            TakesBackId = decision.TakesBackId,
            TakenBackBy = next?.DecidedBy,
            TakenBackAt = next?.DecidedAt,
            Batch = decision.Batch,
        };
    }

    private static long[] Ids(IReadOnlyList<AuditRow> entries, string kind) => [.. entries.Select(x => IdIn(x.Subject, kind)).OfType<long>().Distinct()];

    private static long? IdIn(string subject, string kind) =>
        subject.StartsWith(kind + "/", StringComparison.Ordinal) && long.TryParse(subject.AsSpan(kind.Length + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long id) ? id : null;
}
