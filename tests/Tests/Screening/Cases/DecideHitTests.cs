using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Cases;

public sealed class DecideHitTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_rejected_picture_is_kept_from_the_reference_until_the_last_rejection_is_taken_back(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow alfa = await SampleHits.AddReferenceAsync(db);
        string image = BlobName.Of([7]);
        HitRow one = await SampleHits.AddAsync(db, alfa, image: image), two = await SampleHits.AddAsync(db, alfa, image: image);

        Assert.True((await Decide(one, HitDecision.Reject, "Another maker.").RunAsync(By(db, "anna"), Stop)).Done);
        Assert.True((await Decide(two, HitDecision.Reject).RunAsync(By(db, "bo"), Stop)).Done);
        ReferenceNegativeRow negative = await db.ReferenceNegatives.AsNoTracking().SingleAsync(Stop);
        Assert.Equal((alfa.Id, image, "anna"), (negative.ReferenceId, negative.ImageSha256, negative.DecidedBy));

        Assert.True((await Decide(one, HitDecision.Confirm, "Looked again.").RunAsync(By(db, "anna"), Stop)).Done);
        Assert.Equal(1, await db.ReferenceNegatives.CountAsync(Stop));
        Assert.True((await Decide(two, HitDecision.Reopen, "Not sure.").RunAsync(By(db, "bo"), Stop)).Done);
        Assert.Equal(0, await db.ReferenceNegatives.CountAsync(Stop));

        HitRow read = await db.Hits.AsNoTracking().SingleAsync(x => x.Id == two.Id, Stop);
        Assert.Equal((HitState.New, (string?)null), (read.State, read.DecidedBy));
        IEnumerable<string> actions = (await AuditLog.ListAsync(db, new(Subject: AuditSubject.Hit(two.Id)), null, 9, Stop)).Items.Select(x => x.Action);
        Assert.Equal([AuditAction.HitReopened, AuditAction.HitRejected], actions);
    }

    [Fact]
    public async Task Overturning_needs_a_note_and_the_state_that_was_seen()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        Assert.True((await Decide(hit, HitDecision.Confirm).RunAsync(By(db, "anna"), Stop)).Done);

        Assert.True((await Decide(hit, HitDecision.Confirm).RunAsync(By(db, "anna"), Stop)).Done);
        Assert.Equal(1, await db.Audit.CountAsync(Stop));
        Assert.Equal(Refusal.Conflict, (await Decide(hit, HitDecision.Confirm).RunAsync(By(db, "bo"), Stop)).Refusal);
        Assert.Equal(Refusal.Conflict, (await Decide(hit, HitDecision.Reject, "No.").RunAsync(By(db, "bo"), Stop)).Refusal);
        Assert.Equal(Refusal.Conflict, (await new DecideHit(hit.Id, HitDecision.Reject, "No.", HitState.New).RunAsync(By(db, "bo"), Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new DecideHit(hit.Id, HitDecision.Reject, null, HitState.Confirmed).RunAsync(By(db, "bo"), Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await Decide(hit, HitDecision.Reject).RunAsync(By(db, "anna"), Stop)).Refusal);
        Assert.True((await new DecideHit(hit.Id, HitDecision.Reject, "No.", HitState.Confirmed).RunAsync(By(db, "bo"), Stop)).Done);
        Assert.Equal(Refusal.NotFound, (await new DecideHit(4711, HitDecision.Confirm).RunAsync(By(db, "bo"), Stop)).Refusal);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Of_several_people_who_decide_at_once_one_decides(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        VerbOutcome<HitRow>[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(
            async () =>
            {
                await using TouchstoneDb own = database.CreateDbContext();
                return await Decide(hit, i % 2 == 0 ? HitDecision.Confirm : HitDecision.Reject).RunAsync(By(own, $"worker {i}"), Stop);
            },
            Stop)));

        VerbOutcome<HitRow> decided = Assert.Single(outcomes, x => x.Done);
        HitRow read = await db.Hits.AsNoTracking().SingleAsync(Stop);
        Assert.Equal((decided.Value!.State, decided.Value.DecidedBy), (read.State, read.DecidedBy));
        Assert.Equal(1, await db.Audit.CountAsync(Stop));
    }

    private static DecideHit Decide(HitRow hit, HitDecision decision, string? note = null) => new(hit.Id, decision, note);

    private VerbContext By(TouchstoneDb db, string actor) => new(db, actor, clock);
}
