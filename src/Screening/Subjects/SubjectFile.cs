using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Subjects;

public sealed record SubjectTrait(TraitKind Kind, string Value, string Shop, string? Seller, string Listing, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt);

public sealed record SubjectListing(long Id, string Url, string? Name, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt);

/// <summary>What was seen of an offer. The page and the pictures are named by the SHA-256 of their bytes.</summary>
public sealed record SubjectObservation(
    long Id, string Url, int Number, string? Name, string? Seller, decimal? Price, string? Currency, Availability? Availability, string? Brand, string? Gtin, string? Description, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt,
    string? PageSha256, IReadOnlyList<string> PictureSha256);

/// <summary>A request that was made to the person's offer, and the SHA-256 of what it brought.</summary>
public sealed record SubjectRequest(long ObservationId, string Url, DateTimeOffset AskedAt, string? Policy, string? BodySha256);

public sealed record SubjectHit(long Id, string Url, string Register, string Reference, Relation Relation, double Probability, Verdict Verdict, HitState State, DateTimeOffset FoundAt, DateTimeOffset? DecidedAt, RejectReason? Reason, string? Note, long? CaseId);

/// <summary>Without who decided: that is another person's.</summary>
public sealed record SubjectDecision(long HitId, DateTimeOffset At, HitState State, RejectReason? Reason, string? Note);

public sealed record SubjectCase(long Id, string Title, CaseState State, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Outcome);

public sealed record SubjectCaseNote(long CaseId, DateTimeOffset At, string Kind, string Text);

public sealed record SubjectNotice(long Id, long CaseId, NoticeKind Kind, NoticeState State, DateTimeOffset? SentAt, string? Recipient, string? RecipientName, string? Subject, string? Text, string? PdfSha256);

public sealed record SubjectReply(long NoticeId, DateTimeOffset At, ReplyKind Kind, string Text, string? Email, string? AttachmentSha256, bool? Upheld, string? Decision);

public sealed record SubjectWatch(long Id, string Url, string? Title, string? Seller, DateTimeOffset RemovedAt, string Because, DateTimeOffset? EndedAt);

public sealed record SubjectReturn(long WatchId, string Url, ReturnSign Sign, double? Probability, DateTimeOffset ReturnedAt);

/// <summary>
/// Everything that is kept about a person (Regulation (EU) 2016/679, article 15): what names them, and what was decided on their offers. Names of the operator's own people are left out, and so are what
/// the same pages state of others.
/// </summary>
/// <param name="Cut">Parts of which there is more than <see cref="Most"/> rows; empty: all is here.</param>
public sealed record SubjectFile(
    Subject Person, IReadOnlyList<SubjectTrait> Contacts, IReadOnlyList<SubjectListing> Listings, IReadOnlyList<SubjectObservation> Observations, IReadOnlyList<SubjectRequest> Requests, IReadOnlyList<SubjectHit> Hits,
    IReadOnlyList<SubjectDecision> Decisions, IReadOnlyList<SubjectCase> Cases, IReadOnlyList<SubjectCaseNote> CaseNotes, IReadOnlyList<SubjectNotice> Notices, IReadOnlyList<SubjectReply> Replies,
    IReadOnlyList<SubjectWatch> Watches, IReadOnlyList<SubjectReturn> Returns, IReadOnlyList<string> Cut)
{
    /// <summary>Most rows of one part.</summary>
    public const int Most = 20_000;

    public static async Task<SubjectFile> ReadAsync(TouchstoneDb db, Subject person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        var cut = new List<string>();
        var observations = new List<SubjectObservation>();
        var listings = new List<SubjectListing>();
        foreach (IQueryable<ObservationRow> seen in person.Observations(db))
        {
            observations.AddRange(await TakenAsync(seen.OrderBy(o => o.Id).Select(o => new SubjectObservation(
                o.Id, o.Listing!.Url, o.Number, o.Name, o.Seller, o.Price, o.Currency, o.Availability, o.Brand, o.Gtin, o.Description, o.FirstSeenAt, o.LastSeenAt, o.PageSha256, o.Images.Where(i => i.ImageSha256 != null).Select(i => i.ImageSha256!).ToList())), nameof(Observations)));
            listings.AddRange(await TakenAsync(db.Listings.Where(l => seen.Any(o => o.ListingId == l.Id)).OrderBy(l => l.Id).Select(l => new SubjectListing(l.Id, l.Url, l.Name, l.FirstSeenAt, l.LastSeenAt)), nameof(Listings)));
        }
        var contacts = new List<SubjectTrait>();
        foreach (IQueryable<TraitRow> traits in person.Traits(db))
        {
            contacts.AddRange(await TakenAsync(traits.OrderBy(t => t.Id).Select(t => new SubjectTrait(t.Kind, t.Value, t.Shop!.Host, t.Seller!.Name, t.Listing!.Url, t.FirstSeenAt, t.LastSeenAt)), nameof(Contacts)));
            listings.AddRange(await TakenAsync(db.Listings.Where(l => traits.Any(t => t.ListingId == l.Id)).OrderBy(l => l.Id).Select(l => new SubjectListing(l.Id, l.Url, l.Name, l.FirstSeenAt, l.LastSeenAt)), nameof(Listings)));
        }
        listings = [.. listings.DistinctBy(x => x.Id)];
        long[] ids = [.. listings.Select(x => x.Id)], seenIds = [.. observations.Select(x => x.Id)];
        List<SubjectRequest> requests = await TakenAsync(db.ObservationExchanges.Where(e => EF.Parameter(seenIds).Contains(e.ObservationId)).OrderBy(e => e.Id).Select(e => new SubjectRequest(e.ObservationId, e.Url, e.AskedAt, e.Policy, e.BodySha256)), nameof(Requests));
        List<SubjectHit> hits = await TakenAsync(db.Hits.Where(h => h.ListingId != null && EF.Parameter(ids).Contains(h.ListingId.Value)).OrderBy(h => h.Id).Select(h => new SubjectHit(
            h.Id, h.Listing!.Url, h.Reference!.Register!.Name, h.Reference.ExternalId, h.Relation, h.Probability, h.Verdict, h.State, h.FoundAt, h.DecidedAt, h.Reason, h.Note, h.CaseId)), nameof(Hits));
        long[] hitIds = [.. hits.Select(x => x.Id)];
        List<SubjectDecision> decisions = await TakenAsync(db.HitDecisions.Where(d => EF.Parameter(hitIds).Contains(d.HitId)).OrderBy(d => d.Id).Select(d => new SubjectDecision(d.HitId, d.DecidedAt, d.State, d.Reason, d.Note)), nameof(Decisions));
        List<SubjectNotice> notices = await NoticesAsync();
        long[] caseIds = [.. hits.Select(x => x.CaseId).OfType<long>().Concat(notices.Select(x => x.CaseId)).Distinct()], noticeIds = [.. notices.Select(x => x.Id)];
        List<SubjectCase> cases = await TakenAsync(db.Cases.Where(c => EF.Parameter(caseIds).Contains(c.Id)).OrderBy(c => c.Id).Select(c => new SubjectCase(c.Id, c.Title, c.State, c.OpenedAt, c.ClosedAt, c.Outcome)), nameof(Cases));
        var notes = new List<SubjectCaseNote>();
        foreach (string word in person.Words)
            notes.AddRange(await TakenAsync(db.CaseEvents.Where(e => e.Text != null && e.Text.Contains(word)).OrderBy(e => e.Id).Select(e => new SubjectCaseNote(e.CaseId, e.At, e.Kind, e.Text!)), nameof(CaseNotes)));
        List<SubjectReply> replies = await TakenAsync(RepliesOf(db, person, noticeIds).OrderBy(r => r.Id).Select(r => new SubjectReply(r.NoticeId, r.At, r.Kind, r.Text, r.Email, r.AttachmentSha256, r.Upheld, r.Decision)), nameof(Replies));
        List<SubjectWatch> watches = await TakenAsync(db.Watches.Where(w => EF.Parameter(ids).Contains(w.ListingId)).OrderBy(w => w.Id).Select(w => new SubjectWatch(w.Id, w.Listing!.Url, w.Title, w.Seller, w.RemovedAt, w.Because, w.EndedAt)), nameof(Watches));
        List<SubjectReturn> returns = await TakenAsync(db.Returns.Where(r => EF.Parameter(ids).Contains(r.ListingId)).OrderBy(r => r.Id).Select(r => new SubjectReturn(r.WatchId, r.Listing!.Url, r.Sign, r.Probability, r.ReturnedAt)), nameof(Returns));
        return new SubjectFile(person, [.. contacts.Distinct()], listings, observations, requests, hits, decisions, cases, [.. notes.Distinct().OrderBy(x => x.At)], notices, replies, watches, returns, [.. cut.Distinct()]);

        async Task<List<SubjectNotice>> NoticesAsync()
        {
            List<SubjectNotice> all = await NoticesAsOfAsync(n => n.Links.Any(l => EF.Parameter(hitIds).Contains(l.HitId)));
            foreach (string word in person.Words)
                all.AddRange(await NoticesAsOfAsync(n => (n.Text != null && n.Text.Contains(word)) || (n.Recipient != null && n.Recipient.ToLower() == word) || n.RecipientName == word || (n.Reasons != null && n.Reasons.Contains(word))));
            return [.. all.DistinctBy(x => x.Id).OrderBy(x => x.Id)];
        }

        Task<List<SubjectNotice>> NoticesAsOfAsync(Expression<Func<NoticeRow, bool>> which) => TakenAsync(
            db.Notices.Where(which).OrderBy(n => n.Id).Select(n => new SubjectNotice(n.Id, n.CaseId, n.Kind, n.State, n.SentAt, n.Recipient, n.RecipientName, n.Subject, n.Text, n.PdfSha256)), nameof(Notices));

        async Task<List<T>> TakenAsync<T>(IQueryable<T> rows, string part)
        {
            List<T> taken = await rows.Take(Most + 1).ToListAsync(cancellationToken);
            if (taken.Count <= Most) return taken;
            cut.Add(part);
            return taken[..Most];
        }
    }

    private static IQueryable<NoticeReplyRow> RepliesOf(TouchstoneDb db, Subject person, long[] noticeIds)
    {
        string[] emails = [.. person.Emails];
        return db.NoticeReplies.AsNoTracking().Where(r => EF.Parameter(noticeIds).Contains(r.NoticeId) || (r.Email != null && EF.Parameter(emails).Contains(r.Email.ToLower())));
    }
}
