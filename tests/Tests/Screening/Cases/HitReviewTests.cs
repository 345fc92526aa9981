using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Cases;

/// <summary>Several hits at once, decisions taken back, claims, doubts and what is put off.</summary>
public sealed class HitReviewTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Several_are_decided_in_one_go_and_what_changed_meanwhile_is_left_and_named(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow alfa = await SampleHits.AddReferenceAsync(db);
        string image = BlobName.Of([7]);
        HitRow one = await SampleHits.AddAsync(db, alfa, image: image), two = await SampleHits.AddAsync(db, alfa, image: image), late = await SampleHits.AddAsync(db, alfa);
        Assert.True((await new DecideHit(late.Id, HitDecision.Confirm).RunAsync(By(db, "bo"), Stop)).Done);

        VerbOutcome<HitsOutcome> outcome = await new DecideHits([Seen(late), Seen(two), Seen(one), new SeenHit(4711)], HitDecision.Reject, "Copies.", RejectReason.OtherProduct).RunAsync(By(db, "anna"), Stop);

        Assert.Equal([one.Id, two.Id], outcome.Value!.Changed.Select(x => x.Id));
        Assert.Equal([(late.Id, Refusal.Conflict), (4711, Refusal.NotFound)], outcome.Value.Refused.Select(x => (x.Id, x.Refusal)));
        Assert.Contains("Confirmed by now", outcome.Value.Refused[0].Detail, StringComparison.Ordinal);
        List<HitDecisionRow> decisions = await db.HitDecisions.AsNoTracking().Where(x => x.DecidedBy == "anna").OrderBy(x => x.HitId).ToListAsync(Stop);
        Assert.Equal([(one.Id, RejectReason.OtherProduct, "Copies."), (two.Id, RejectReason.OtherProduct, "Copies.")], decisions.Select(x => (x.HitId, x.Reason!.Value, x.Note!)));
        Assert.NotNull(Assert.Single(decisions.Select(x => x.Batch).Distinct()));
        Assert.Equal(1, await db.ReferenceNegatives.CountAsync(Stop));
        Assert.Equal(2, await db.Audit.CountAsync(x => x.Actor == "anna" && x.Action == AuditAction.HitRejected, Stop));
        Assert.True((await AuditLog.VerifyAsync(db, Stop)).Whole);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_decision_is_taken_back_with_those_of_the_same_go_by_further_decisions(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow one = await SampleHits.AddAsync(db), two = await SampleHits.AddAsync(db), three = await SampleHits.AddAsync(db);
        Assert.True((await new DecideHits([Seen(one), Seen(two), Seen(three)], HitDecision.Reject).RunAsync(By(db, "anna"), Stop)).Done);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await new DecideHit(two.Id, HitDecision.Confirm, "Looked again.").RunAsync(By(db, "anna"), Stop)).Done);

        HitDecisionRow? last = await TakeBackDecision.LastAsync(db, "anna", clock.GetUtcNow().AddHours(-1), Stop);
        Assert.Equal((two.Id, HitState.Confirmed), (last!.HitId, last.State));
        Assert.Equal(Refusal.Conflict, (await new TakeBackDecision(last.Id).RunAsync(By(db, "bo"), Stop)).Refusal);
        Assert.True((await new TakeBackDecision(last.Id).RunAsync(By(db, "anna"), Stop)).Done);
        Assert.Equal(Refusal.Conflict, (await new TakeBackDecision(last.Id).RunAsync(By(db, "anna"), Stop)).Refusal);

        last = await TakeBackDecision.LastAsync(db, "anna", clock.GetUtcNow().AddHours(-1), Stop);
        Assert.Equal(three.Id, last!.HitId);
        Assert.Equal(2, await TakeBackDecision.CountStandingAsync(db, last, Stop));
        HitsOutcome both = (await new TakeBackDecision(last.Id).RunAsync(By(db, "anna"), Stop)).Value!;
        Assert.Equal([one.Id, three.Id], both.Changed.Select(x => x.Id));
        Assert.Equal([two.Id], both.Refused.Select(x => x.Id));
        Assert.Null(await TakeBackDecision.LastAsync(db, "anna", clock.GetUtcNow().AddHours(-1), Stop));
        Assert.Equal(3, await db.Hits.CountAsync(x => x.State == HitState.New && x.DecidedBy == null, Stop));
        Assert.Equal(7, await db.HitDecisions.CountAsync(Stop));
        Assert.Equal(last.Id, (await db.HitDecisions.AsNoTracking().SingleAsync(x => x.HitId == three.Id && x.State == HitState.New, Stop)).TakesBackId);
        Assert.Equal(0, await db.ReferenceNegatives.CountAsync(Stop));
        Assert.Equal(Refusal.NotFound, (await new TakeBackDecision(4711).RunAsync(By(db, "anna"), Stop)).Refusal);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_decision_on_which_a_case_was_closed_is_not_offered_as_the_last(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow before = await SampleHits.AddAsync(db), closed = await SampleHits.AddAsync(db);
        DateTimeOffset since = clock.GetUtcNow().AddHours(-1);
        Assert.True((await new DecideHit(before.Id, HitDecision.Reject).RunAsync(By(db, "anna"), Stop)).Done);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await new DecideHit(closed.Id, HitDecision.Confirm).RunAsync(By(db, "anna"), Stop)).Done);
        long id = (await new OpenCase([closed.Id]).RunAsync(By(db, "anna"), Stop)).Value!.Case.Id;
        Assert.Equal(closed.Id, (await TakeBackDecision.LastAsync(db, "anna", since, Stop))!.HitId);
        Assert.True((await new CloseCase(id, CaseOutcome.OffersRemoved).RunAsync(By(db, "anna"), Stop)).Done);
        Assert.Equal(before.Id, (await TakeBackDecision.LastAsync(db, "anna", since, Stop))!.HitId);
    }

    [Fact]
    public async Task What_one_holds_no_other_decides_until_it_is_released_or_its_time_is_over()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        long[] ids = [hit.Id];
        Assert.Single((await new ClaimHits(ids).RunAsync(By(db, "anna"), Stop)).Value!.Changed);
        await using TouchstoneDb other = database.CreateDbContext();
        Assert.Contains("taken by anna", (await new ClaimHits(ids).RunAsync(By(other, "bo"), Stop)).Value!.Refused.Single().Detail, StringComparison.Ordinal);
        Assert.Contains("taken by anna", (await new DecideHit(hit.Id, HitDecision.Reject).RunAsync(By(other, "bo"), Stop)).Detail, StringComparison.Ordinal);
        Assert.Single((await new ReleaseHits(ids).RunAsync(By(other, "bo"), Stop)).Value!.Refused);

        Assert.Single((await new ReleaseHits(ids).RunAsync(By(db, "anna"), Stop)).Value!.Changed);
        Assert.Single((await new ClaimHits(ids).RunAsync(By(Fresh(database), "bo"), Stop)).Value!.Changed);
        clock.Advance(TimeSpan.FromMinutes(HitClaim.Minutes + 1));
        Assert.True((await new DecideHit(hit.Id, HitDecision.Reject).RunAsync(By(db, "anna"), Stop)).Done);
        HitRow read = await db.Hits.AsNoTracking().SingleAsync(Stop);
        Assert.Equal((HitState.Rejected, (string?)null), (read.State, read.ClaimedBy));
        Assert.Equal([AuditAction.HitClaimed, AuditAction.HitReleased, AuditAction.HitClaimed, AuditAction.HitRejected], await db.Audit.OrderBy(x => x.Id).Select(x => x.Action).ToListAsync(Stop));
        Assert.Contains("already Rejected", (await new ClaimHits(ids).RunAsync(By(Fresh(database), "bo"), Stop)).Value!.Refused.Single().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doubts_and_what_is_put_off_are_marked_and_end_with_the_decision()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        Assert.Single((await new MarkUnsure([hit.Id], Note: "The label is hidden.").RunAsync(By(db, "anna"), Stop)).Value!.Changed);
        Assert.Single((await new SnoozeHits([hit.Id], clock.GetUtcNow().AddDays(3)).RunAsync(By(db, "anna"), Stop)).Value!.Changed);
        HitRow marked = await db.Hits.AsNoTracking().SingleAsync(Stop);
        Assert.Equal(("anna", "The label is hidden.", clock.GetUtcNow().AddDays(3)), (marked.UnsureBy!, marked.UnsureNote!, marked.SnoozedUntil!.Value));
        Assert.Equal(Refusal.Invalid, (await new SnoozeHits([hit.Id], clock.GetUtcNow().AddDays(-1)).RunAsync(By(db, "anna"), Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new SnoozeHits([], null).RunAsync(By(db, "anna"), Stop)).Refusal);

        Assert.True((await new DecideHit(hit.Id, HitDecision.Confirm).RunAsync(By(db, "bo"), Stop)).Done);
        HitRow decided = await db.Hits.AsNoTracking().SingleAsync(Stop);
        Assert.Null(decided.UnsureBy);
        Assert.Null(decided.UnsureNote);
        Assert.Null(decided.SnoozedUntil);
        Assert.Equal([AuditAction.HitUnsure, AuditAction.HitSnoozed, AuditAction.HitConfirmed], await db.Audit.OrderBy(x => x.Id).Select(x => x.Action).ToListAsync(Stop));
    }

    [Fact]
    public async Task A_reason_belongs_to_a_rejection_and_another_reason_is_told()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        Assert.Equal(Refusal.Invalid, (await new DecideHit(hit.Id, HitDecision.Confirm, Reason: RejectReason.Genuine).RunAsync(By(db, "anna"), Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new DecideHit(hit.Id, HitDecision.Reject, Reason: RejectReason.Other).RunAsync(By(db, "anna"), Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new DecideHits([], HitDecision.Reject).RunAsync(By(db, "anna"), Stop)).Refusal);
        Assert.Equal(RejectReason.Genuine, (await new DecideHit(hit.Id, HitDecision.Reject, Reason: RejectReason.Genuine).RunAsync(By(db, "anna"), Stop)).Value!.Reason);
    }

    private static SeenHit Seen(HitRow hit) => new(hit.Id, HitState.New, hit.MatchId);

    private static TouchstoneDb Fresh(TestDatabase database) => database.CreateDbContext();

    private VerbContext By(TouchstoneDb db, string actor) => new(db, actor, clock);
}
