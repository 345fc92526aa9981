using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Bulk;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Bulk;

/// <summary>Many hits at once, and the second person that more than the limit needs.</summary>
public sealed class DecideManyTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Up_to_the_limit_a_group_is_decided_above_it_nothing_is_before_somebody_else_approves(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        await new SetCaseRules(3, 2, 3, 20, 5, null, []).RunAsync(By(db, "admin"), Stop);
        ReferenceRow alfa = await SampleHits.AddReferenceAsync(db);
        ShopRow shop = await SampleHits.AddShopAsync(db, "many.example");
        for (int i = 0; i < 3; i++) await SampleHits.AddAsync(db, alfa, shop);
        HitRow elsewhere = await SampleHits.AddAsync(db);
        ManyDecided few = Done(await new DecideGroup(GroupKind.Shop, "many.example", HitDecision.Reject, "Copies.", RejectReason.OtherProduct).RunAsync(By(db, "anna"), Stop));
        Assert.Equal((3, true), (few.Outcome!.Changed.Count, few.Proposal is null));

        List<HitRow> more = [];
        for (int i = 0; i < 5; i++) more.Add(await SampleHits.AddAsync(db, alfa, shop));
        ManyDecided many = Done(await new DecideGroup(GroupKind.Product, $"{alfa.Id}", HitDecision.Confirm).RunAsync(By(db, "anna"), Stop));
        Assert.Null(many.Outcome);
        Assert.Equal((5, "Face mask Alfa", HitState.Confirmed), (many.Proposal!.Hits, many.Proposal.Name, many.Proposal.To));
        Assert.Equal(6, await db.Hits.CountAsync(x => x.State == HitState.New, Stop));
        Assert.Equal(Refusal.Conflict, (await new DecideGroup(GroupKind.Product, $"{alfa.Id}", HitDecision.Confirm).RunAsync(By(db, "carl"), Stop)).Refusal);
        Assert.Equal(Refusal.Conflict, (await new DecideProposal(many.Proposal.Id, true).RunAsync(By(db, "anna"), Stop)).Refusal);
        Assert.Equal(Refusal.Conflict, (await new DecideProposal(many.Proposal.Id, true).RunAsync(By(db, "Anna"), Stop)).Refusal);

        // One is decided otherwise meanwhile: it is left.
        await new DecideHit(more[0].Id, HitDecision.Reject).RunAsync(By(db, "carl"), Stop);
        VerbOutcome<DecidedProposal> approved = await new DecideProposal(many.Proposal.Id, true).RunAsync(By(db, "bo"), Stop);
        Assert.True(approved.Done, approved.Detail);
        Assert.Equal((4, more[0].Id), (approved.Value!.Outcome!.Changed.Count, Assert.Single(approved.Value.Outcome.Refused).Id));
        Assert.Equal((HitState.Confirmed, "bo"), await db.Hits.AsNoTracking().Where(x => x.Id == more[1].Id).Select(x => new ValueTuple<HitState, string?>(x.State, x.DecidedBy)).SingleAsync(Stop));
        Assert.Equal(HitState.New, (await db.Hits.AsNoTracking().SingleAsync(x => x.Id == elsewhere.Id, Stop)).State);
        Assert.Equal(Refusal.Conflict, (await new DecideProposal(many.Proposal.Id, true).RunAsync(By(db, "carl"), Stop)).Refusal);
        string[] actions = [.. (await AuditLog.ListAsync(db, new(Subject: AuditSubject.Proposal(many.Proposal.Id)), null, 10, Stop)).Items.Select(x => $"{x.Actor} {x.Action}")];
        Assert.Equal([$"bo {AuditAction.ProposalApproved}", $"anna {AuditAction.DecisionProposed}"], actions);
        Assert.True((await AuditLog.VerifyAsync(db, Stop)).Whole);
    }

    [Fact]
    public async Task Chosen_hits_above_the_limit_wait_too_and_a_refusal_decides_nothing()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await new SetCaseRules(2, 2, 3, 20, 5, null, []).RunAsync(By(db, "admin"), Stop);
        SeenHit[] hits = [.. await ThreeAsync(db)];
        Assert.Equal(Refusal.Conflict, (await new DecideHits(hits, HitDecision.Reject).RunAsync(By(db, "anna"), Stop)).Refusal);
        ManyDecided many = Done(await new DecideMany(hits, HitDecision.Reject).RunAsync(By(db, "anna"), Stop));
        Assert.Equal(3, many.Proposal!.Hits);
        Assert.Equal(Refusal.Invalid, (await new DecideProposal(many.Proposal.Id, false).RunAsync(By(db, "bo"), Stop)).Refusal);
        Assert.Null((await new DecideProposal(many.Proposal.Id, false, "Look closer.").RunAsync(By(db, "bo"), Stop)).Value!.Outcome);
        Assert.Equal(3, await db.Hits.CountAsync(x => x.State == HitState.New, Stop));
        Assert.Equal(ProposalState.Refused, Assert.Single((await Proposals.ListAsync(db, null, null, 10, Stop)).Items).State);
        Assert.Null(Done(await new DecideMany(hits[..2], HitDecision.Reject).RunAsync(By(db, "anna"), Stop)).Proposal);
    }

    [Fact]
    public async Task Of_two_who_approve_at_once_one_does()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await new SetCaseRules(1, 2, 3, 20, 5, null, []).RunAsync(By(db, "admin"), Stop);
        long id = Done(await new DecideMany([.. await ThreeAsync(db)], HitDecision.Confirm).RunAsync(By(db, "anna"), Stop)).Proposal!.Id;
        VerbOutcome<DecidedProposal>[] outcomes = await Task.WhenAll(new[] { "bo", "carl" }.Select(x => Task.Run(async () =>
        {
            await using TouchstoneDb own = database.CreateDbContext();
            return await new DecideProposal(id, true).RunAsync(By(own, x), Stop);
        }, Stop)));
        Assert.Single(outcomes, x => x.Done);
        Assert.Equal(3, await db.HitDecisions.CountAsync(Stop));
    }

    [Fact]
    public async Task A_key_is_no_second_person()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await new SetCaseRules(1, 2, 3, 20, 5, null, []).RunAsync(By(db, "admin"), Stop);
        long id = Done(await new DecideMany([.. await ThreeAsync(db)], HitDecision.Confirm).RunAsync(By(db, "anna"), Stop)).Proposal!.Id;
        Assert.Equal(Refusal.Conflict, (await new DecideProposal(id, true).RunAsync(By(db, "key:of anna"), Stop)).Refusal);
        // Nor a first one: its holder could approve.
        VerbOutcome<ManyDecided> proposed = await new DecideMany([.. await ThreeAsync(db)], HitDecision.Confirm).RunAsync(By(db, "key:of anna"), Stop);
        Assert.Equal((Refusal.Conflict, true, 1), (proposed.Refusal, proposed.Detail!.Contains("not a key", StringComparison.Ordinal), await db.Proposals.CountAsync(Stop)));
        Assert.True((await new DecideProposal(id, false, "Not these.").RunAsync(By(db, "key:of anna"), Stop)).Done);
    }

    [Fact]
    public async Task Only_hits_whose_match_was_seen_are_proposed()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await new SetCaseRules(1, 2, 3, 20, 5, null, []).RunAsync(By(db, "admin"), Stop);
        SeenHit[] seen = [.. await ThreeAsync(db)];
        long match = await db.Hits.Where(x => x.Id == seen[0].Id).Select(x => x.MatchId).SingleAsync(Stop);
        ManyDecided part = Done(await new DecideMany([seen[0] with { SeenMatchId = match + 900 }, seen[1], seen[2], new SeenHit(4_711)], HitDecision.Confirm).RunAsync(By(db, "anna"), Stop));
        Assert.Equal((2, "2 chosen hits"), (part.Proposal!.Hits, part.Proposal.Name));
        Assert.Equal([(seen[0].Id, Refusal.Conflict), (4_711, Refusal.NotFound)], part.Dropped.Select(x => (x.Id, x.Refusal)));
        VerbOutcome<ManyDecided> none = await new DecideMany([.. seen.Select(x => x with { SeenMatchId = match + 900 })], HitDecision.Confirm).RunAsync(By(db, "anna"), Stop);
        Assert.Equal((Refusal.Conflict, true), (none.Refusal, none.Detail!.Contains("shows another match", StringComparison.Ordinal)));
    }

    private static async Task<List<SeenHit>> ThreeAsync(TouchstoneDb db)
    {
        List<SeenHit> hits = [];
        for (int i = 0; i < 3; i++) hits.Add(new SeenHit((await SampleHits.AddAsync(db)).Id));
        return hits;
    }

    private static ManyDecided Done(VerbOutcome<ManyDecided> outcome)
    {
        Assert.True(outcome.Done, outcome.Detail);
        return outcome.Value!;
    }

    private VerbContext By(TouchstoneDb db, string actor) => new(db, actor, clock);
}
