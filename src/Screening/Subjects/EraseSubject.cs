using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Retention;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Subjects;

/// <summary>What an erasure changes, a kind each.</summary>
/// <param name="Pages">Pages and bodies whose bytes go.</param>
/// <param name="Replies">Addresses in replies to notices.</param>
/// <param name="Proposals">Names of groups of ended decisions.</param>
public sealed record SubjectChanges(long Sellers, long Contacts, long Observations, long Watches, long Replies, long Proposals, long Pages)
{
    public long All => Sellers + Contacts + Observations + Watches + Replies + Proposals + Pages;
}

/// <summary>What stays as it is, a kind each; why stands at each member.</summary>
/// <param name="Decisions">Decisions on the offers: they name the offer and not the person, and are the record of what was done.</param>
/// <param name="EvidencePages">Pages of offers that were confirmed or are in a case: for legal claims (article 17(3)(e)), and an authority's task (17(3)(b)).</param>
/// <param name="Notices">Notices that name the person or went to them, word for word: acts of the operator.</param>
/// <param name="OpenAppeals">Addresses of appeals that are not decided: an answer is due.</param>
/// <param name="CaseNotes">Entries of cases that name the person: an authority's file.</param>
/// <param name="AuditEntries">Entries of the audit log that name the person: a changed one would break its chain.</param>
public sealed record SubjectRemains(long Decisions, long EvidencePages, long Notices, long OpenAppeals, long CaseNotes, long AuditEntries);

/// <summary>What an erasure did, or would do.</summary>
public sealed record ErasedSubject(SubjectChanges Changed, SubjectRemains Stays);

/// <summary>
/// Erases a person's data on request (Regulation (EU) 2016/679, article 17): where a row must stay, a keyed hash takes the place of the name (<see cref="ErasedNames"/>); contacts go; pages of offers that nobody
/// confirmed go with their bytes; and what was erased is not stored again when it is seen again. Recorded with counts, without the name. Done again, it does the rest of one that was broken off.
/// </summary>
/// <param name="Reason">Who asked, and by which right; 1 to 2,000 characters, without the name.</param>
public sealed record EraseSubject(IReadOnlyList<SubjectPick> Picks, string Reason)
{
    /// <summary>Says what would change and what would stay; changes nothing.</summary>
    public async Task<VerbOutcome<ErasedSubject>> CountAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (await Subject.ReadAsync(context.Db, Picks, cancellationToken) is not { } person) return VerbOutcome.Refused<ErasedSubject>(Refusal.NotFound, ExportSubject.NoneChosen);
        SubjectRemains stays = await RemainsAsync(context.Db, person, cancellationToken);
        int pages = (await PagesAsync(context.Db, person, evidence: false, cancellationToken)).Count;
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        SubjectChanges changes = await ChangeAsync(context, person, cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
        context.Db.ChangeTracker.Clear();
        return VerbOutcome.Done(new ErasedSubject(changes with { Pages = pages }, stays));
    }

    public async Task<VerbOutcome<ErasedSubject>> RunAsync(VerbContext context, IBlobStore blobs, CancellationToken cancellationToken)
    {
        if (ExportSubject.ReasonProblem(Reason) is { } problem) return VerbOutcome.Refused<ErasedSubject>(Refusal.Invalid, problem);
        if (await Subject.ReadAsync(context.Db, Picks, cancellationToken) is not { } person) return VerbOutcome.Refused<ErasedSubject>(Refusal.NotFound, ExportSubject.NoneChosen);
        if (person.Words.FirstOrDefault(word => Reason.Contains(word, StringComparison.OrdinalIgnoreCase)) is not null) return VerbOutcome.Refused<ErasedSubject>(Refusal.Invalid, "The reason names the person, and is kept for ever: name the request instead.");
        SubjectRemains stays = await RemainsAsync(context.Db, person, cancellationToken);
        // Pages first: they are found by the names.
        IReadOnlyList<string> pages = await PagesAsync(context.Db, person, evidence: false, cancellationToken);
        foreach (string sha256 in pages) await new Erase(sha256, Reason).RunAsync(context, blobs, cancellationToken);
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        SubjectChanges changes = await ChangeAsync(context, person, cancellationToken) with { Pages = pages.Count };
        string detail = string.Create(CultureInfo.InvariantCulture, $"{changes.All} changed, {stays.Decisions} decisions and {stays.EvidencePages} pages of evidence stay: {Reason.Trim()}");
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.SubjectErased, "person", detail), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(new ErasedSubject(changes, stays));
    }

    private async Task<SubjectChanges> ChangeAsync(VerbContext context, Subject person, CancellationToken cancellationToken)
    {
        TouchstoneDb db = context.Db;
        ErasedNames hashes = await ErasedNames.OpenAsync(db, context.Clock, cancellationToken);
        var changes = new SubjectChanges(0, 0, 0, 0, 0, 0, 0);
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (IQueryable<TraitRow> traits in person.Traits(db)) changes = changes with { Contacts = changes.Contacts + await traits.ExecuteDeleteAsync(cancellationToken) };
        foreach (SubjectName name in person.Names)
        {
            string token = hashes.OfSeller(name.ShopId, name.Spellings[0]);
            tokens.Add(token);
            changes = changes with
            {
                Sellers = changes.Sellers + await SellersAsync(db, name, token, cancellationToken),
                Observations = changes.Observations + await SeenAsync(db, name, token, cancellationToken),
                Watches = changes.Watches + await WatchesAsync(db, name, token, cancellationToken),
                Proposals = changes.Proposals + await ProposalsAsync(db, name, token, cancellationToken),
            };
        }
        foreach (SubjectContact contact in person.Contacts)
        {
            string token = hashes.OfContact(contact.Kind, contact.Value);
            tokens.Add(token);
            if (contact.Kind == TraitKind.Email)
                changes = changes with { Replies = changes.Replies + await db.NoticeReplies.Where(r => r.Email != null && r.Email.ToLower() == contact.Value && (r.Kind != ReplyKind.Appeal || r.Upheld != null)).ExecuteUpdateAsync(r => r.SetProperty(x => x.Email, token), cancellationToken) };
        }
        string[] all = [.. tokens];
        List<string> known = await db.ErasedNames.Where(x => EF.Parameter(all).Contains(x.Token)).Select(x => x.Token).ToListAsync(cancellationToken);
        db.ErasedNames.AddRange(all.Except(known).Select(token => new ErasedNameRow { Token = token, ErasedBy = context.Actor, Reason = Reason?.Trim() ?? "", ErasedAt = context.Clock.GetUtcNow() }));
        await db.SaveChangesAsync(cancellationToken);
        return changes;
    }

    private static async Task<long> SellersAsync(TouchstoneDb db, SubjectName name, string token, CancellationToken cancellationToken)
    {
        string key = SellerName.Folded(token);
        if (key == name.Key || await db.Sellers.FirstOrDefaultAsync(s => s.ShopId == name.ShopId && s.Key == name.Key, cancellationToken) is not { } row) return 0;
        if (await db.Sellers.FirstOrDefaultAsync(s => s.ShopId == name.ShopId && s.Key == key, cancellationToken) is not { } before)
        {
            (row.Key, row.Name) = (key, token);
            return 1;
        }
        await db.Listings.Where(l => l.SellerId == row.Id).ExecuteUpdateAsync(l => l.SetProperty(x => x.SellerId, before.Id), cancellationToken);
        db.Sellers.Remove(row);
        return 1;
    }

    // What was seen, and by which address it is asked again: that memory holds the page once more.
    private static async Task<long> SeenAsync(TouchstoneDb db, SubjectName name, string token, CancellationToken cancellationToken)
    {
        string[] spellings = [.. name.Spellings];
        IQueryable<ObservationRow> seen = db.Observations.Where(o => o.Listing!.ShopId == name.ShopId && o.Seller != null && EF.Parameter(spellings).Contains(o.Seller));
        await db.RememberedUrls.Where(u => db.Listings.Any(l => l.Url == u.Url && seen.Any(o => o.ListingId == l.Id))).ExecuteDeleteAsync(cancellationToken);
        return await seen.Where(o => o.Seller != token).ExecuteUpdateAsync(o => o.SetProperty(x => x.Seller, token), cancellationToken);
    }

    // A watch finds a return by its title with its seller, so the keys are written anew with the hash.
    private static async Task<long> WatchesAsync(TouchstoneDb db, SubjectName name, string token, CancellationToken cancellationToken)
    {
        string[] spellings = [.. name.Spellings];
        List<WatchRow> watches = await db.Watches.Include(w => w.Keys).Where(w => w.Listing!.ShopId == name.ShopId && w.Seller != null && w.Seller != token && EF.Parameter(spellings).Contains(w.Seller)).ToListAsync(cancellationToken);
        (string old, string anew) = ($":{name.Host}|{name.Key}", $":{name.Host}|{SellerName.Folded(token)}");
        foreach (WatchRow watch in watches)
        {
            watch.Seller = token;
            foreach (WatchKeyRow key in watch.Keys) key.Value = key.Value.Replace(old, anew, StringComparison.Ordinal);
        }
        return watches.Count;
    }

    private static Task<int> ProposalsAsync(TouchstoneDb db, SubjectName name, string token, CancellationToken cancellationToken)
    {
        string[] spellings = [.. name.Spellings];
        return db.Proposals.Where(p => p.By == GroupKind.Seller && p.State != ProposalState.Open && p.Key != token && EF.Parameter(spellings).Contains(p.Key)).ExecuteUpdateAsync(p => p.SetProperty(x => x.Key, token).SetProperty(x => x.Name, token), cancellationToken);
    }

    /// <summary>The pages and bodies of what was seen under the names: of offers that were confirmed or are in a case, or of the others, without those that are both.</summary>
    private static async Task<IReadOnlyList<string>> PagesAsync(TouchstoneDb db, Subject person, bool evidence, CancellationToken cancellationToken)
    {
        var (kept, others) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (IQueryable<ObservationRow> seen in person.Observations(db))
        {
            foreach (bool needed in (bool[])[true, false])
            {
                IQueryable<ObservationRow> these = seen.Where(o => db.Hits.Any(h => h.ListingId == o.ListingId && (h.State == HitState.Confirmed || h.CaseId != null)) == needed);
                HashSet<string> pages = needed ? kept : others;
                pages.UnionWith((await these.Where(o => o.PageSha256 != null).Select(o => o.PageSha256!).Distinct().ToListAsync(cancellationToken)));
                pages.UnionWith((await these.SelectMany(o => o.Exchanges).Where(e => !e.IsResource && e.BodySha256 != null).Select(e => e.BodySha256!).Distinct().ToListAsync(cancellationToken)));
            }
        }
        if (evidence) return [.. kept];
        others.ExceptWith(kept);
        string[] candidates = [.. others];
        others.ExceptWith(await db.Erasures.Where(e => EF.Parameter(candidates).Contains(e.Sha256)).Select(e => e.Sha256).ToListAsync(cancellationToken));
        return [.. others.Order(StringComparer.Ordinal)];
    }

    private static async Task<SubjectRemains> RemainsAsync(TouchstoneDb db, Subject person, CancellationToken cancellationToken)
    {
        long decisions = 0;
        foreach (IQueryable<ObservationRow> seen in person.Observations(db)) decisions += await db.HitDecisions.LongCountAsync(d => seen.Any(o => o.ListingId == d.Hit!.ListingId), cancellationToken);
        var (notices, notes, entries) = (new HashSet<long>(), new HashSet<long>(), new HashSet<long>());
        foreach (string word in person.Words.Where(x => !ErasedNames.IsToken(x)))
        {
            notices.UnionWith(await db.Notices.Where(n => (n.Text != null && n.Text.Contains(word)) || (n.Recipient != null && n.Recipient.ToLower() == word) || n.RecipientName == word || (n.Reasons != null && n.Reasons.Contains(word))).Select(n => n.Id).ToListAsync(cancellationToken));
            notes.UnionWith(await db.CaseEvents.Where(e => e.Text != null && e.Text.Contains(word)).Select(e => e.Id).ToListAsync(cancellationToken));
            entries.UnionWith(await db.Audit.Where(x => x.Detail != null && x.Detail.Contains(word)).Select(x => x.Id).ToListAsync(cancellationToken));
        }
        string[] emails = [.. person.Emails];
        long appeals = await db.NoticeReplies.LongCountAsync(r => r.Kind == ReplyKind.Appeal && r.Upheld == null && r.Email != null && EF.Parameter(emails).Contains(r.Email.ToLower()), cancellationToken);
        return new SubjectRemains(decisions, (await PagesAsync(db, person, evidence: true, cancellationToken)).Count, notices.Count, appeals, notes.Count, entries.Count);
    }
}
