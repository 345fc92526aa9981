using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Audit;

public sealed class AuditLogTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Entries_follow_each_other_and_the_log_is_whole(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        await AuditLog.SaveAsync(db, clock, [Entry("a"), Entry("b")], Stop);
        await AuditLog.SaveAsync(db, clock, Entry("c"), Stop);

        AuditVerification found = await AuditLog.VerifyAsync(db, Stop);
        Assert.True(found.Whole, found.Problem);
        Assert.Equal(3, found.Entries);
        Assert.Equal(await AuditLog.HeadAsync(db, Stop), found.Head);
        Assert.NotEqual(AuditChain.Genesis, found.Head);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Writers_at_the_same_moment_all_get_their_entries_into_one_chain(DatabaseProvider provider)
    {
        const int Writers = 4, Each = 10;
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var clock = new ManualClock();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            async () =>
            {
                for (int i = 0; i < Each; i++)
                {
                    await using TouchstoneDb db = database.CreateDbContext();
                    db.Shops.Add(new() { Host = $"w{writer}-{i}.example" });
                    await AuditLog.SaveAsync(db, clock, Entry($"w{writer}-{i}"), Stop);
                }
            },
            Stop)));

        await using TouchstoneDb read = database.CreateDbContext();
        AuditVerification found = await AuditLog.VerifyAsync(read, Stop);
        Assert.True(found.Whole, found.Problem);
        Assert.Equal(Writers * Each, found.Entries);
        Assert.Equal(Writers * Each, await read.Shops.CountAsync(Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task What_breaks_another_rule_of_the_database_passes_through_and_leaves_no_entry(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using (TouchstoneDb db = database.CreateDbContext())
        {
            await SampleHits.AddShopAsync(db, "once.example");
            db.Shops.Add(new() { Host = "once.example" });
            await Assert.ThrowsAsync<DbUpdateException>(() => AuditLog.SaveAsync(db, new ManualClock(), Entry("x"), Stop));
        }
        await using TouchstoneDb read = database.CreateDbContext();
        Assert.Equal(0, (await AuditLog.VerifyAsync(read, Stop)).Entries);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_rolled_back_change_leaves_no_entry(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using (TouchstoneDb db = database.CreateDbContext())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Stop);
            await AuditLog.SaveAsync(db, new ManualClock(), Entry("x"), Stop);
        }
        await using TouchstoneDb read = database.CreateDbContext();
        Assert.Equal(AuditChain.Genesis, await AuditLog.HeadAsync(read, Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task An_entry_can_name_what_gets_its_id_by_being_saved(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var shop = new ShopRow { Host = "new.example" };
        db.Shops.Add(shop);
        await AuditLog.SaveAsync(new VerbContext(db, "anna", new ManualClock()), "shop.added", _ => $"shop/{shop.Id}", null, Stop);
        Assert.True(shop.Id > 0);
        Assert.Equal($"shop/{shop.Id}", (await db.Audit.SingleAsync(Stop)).Subject);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("removed")]
    [InlineData("inserted")]
    [InlineData("resealed")]
    public async Task The_first_broken_entry_is_found(string tampering)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        await AuditLog.SaveAsync(db, clock, [.. Enumerable.Range(1, 6).Select(i => Entry($"entry {i}"))], Stop);
        db.ChangeTracker.Clear();
        List<AuditRow> rows = await db.Audit.OrderBy(x => x.Id).ToListAsync(Stop);
        long expected = rows[3].Id;
        switch (tampering)
        {
            case "changed":
                rows[3].Actor = "someone else";
                break;
            case "removed":
                db.Audit.Remove(rows[2]);
                break;
            case "inserted":
                var put = new AuditRow { Id = 100, Actor = "x", Action = "y.z", Subject = "s/1", PreviousHash = BlobName.Of([1]), Hash = "" };
                put.Hash = AuditChain.HashOf(put);
                db.Audit.Add(put);
                expected = 100;
                break;
            default:
                // Whoever changes an entry and makes its hash anew is caught by the entry after it.
                rows[3].Detail = "another";
                AuditChain.Seal(rows[3], rows[3].PreviousHash);
                expected = rows[4].Id;
                break;
        }
        await db.SaveChangesAsync(Stop);

        AuditVerification found = await AuditLog.VerifyAsync(db, Stop);
        Assert.False(found.Whole);
        Assert.Equal(expected, found.BrokenId);
    }

    [Fact]
    public void Different_entries_have_different_hashes_also_where_their_fields_run_together()
    {
        AuditRow one = Row("ab", "c", null), other = Row("a", "bc", null), empty = Row("ab", "c", "");
        Assert.Equal(3, new[] { AuditChain.HashOf(one), AuditChain.HashOf(other), AuditChain.HashOf(empty) }.Distinct().Count());

        static AuditRow Row(string actor, string action, string? detail) =>
            new() { Actor = actor, Action = action, Subject = "s/1", Detail = detail, PreviousHash = AuditChain.Genesis, Hash = "" };
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Entries_are_listed_by_subject_actor_and_action_page_by_page(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        for (int i = 0; i < 7; i++) await AuditLog.SaveAsync(db, clock, new AuditEntry(i % 2 == 0 ? "anna" : "bo", AuditAction.CaseViewed, AuditSubject.Case(i % 3), null), Stop);

        Page<AuditRow> first = await AuditLog.ListAsync(db, new(Actor: "anna"), null, 3, Stop);
        Page<AuditRow> second = await AuditLog.ListAsync(db, new(Actor: "anna"), first.Next, 3, Stop);
        Assert.Equal(3, first.Items.Count);
        Assert.Single(second.Items);
        Assert.Null(second.Next);
        Assert.True(first.Items[0].Id > first.Items[2].Id && first.Items[2].Id > second.Items[0].Id);
        Assert.Equal(2, (await AuditLog.ListAsync(db, new(Subject: "case/1", Actions: [AuditAction.CaseViewed]), null, 10, Stop)).Items.Count);
        for (int i = 0; i < 4; i++) await AuditLog.SaveAsync(db, clock, new AuditEntry("cy", i % 2 == 0 ? "account.signed-in" : "account.signed-out", "account/cy", null), Stop);
        Page<AuditRow> signIns = await AuditLog.ListAsync(db, new(Actions: ["account.signed-out", "account.signed-in", "account.signed-in"]), null, 3, Stop);
        Assert.Equal(["account.signed-out", "account.signed-in", "account.signed-out"], signIns.Items.Select(x => x.Action));
        Assert.Equal("account.signed-in", Assert.Single((await AuditLog.ListAsync(db, new(Actions: ["account.signed-out", "account.signed-in"]), signIns.Next, 3, Stop)).Items).Action);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => AuditLog.ListAsync(db, new(), null, 0, Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_decision_log_has_decisions_only_and_no_formulas(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        await AuditLog.SaveAsync(db, clock, new AuditEntry("anna", AuditAction.HitViewed, "hit/1"), Stop);
        await AuditLog.SaveAsync(db, clock, new AuditEntry("anna", AuditAction.HitRejected, "hit/1", "=HYPERLINK(\"http://x.example\";\"see\")"), Stop);
        clock.Advance(TimeSpan.FromDays(1));
        await AuditLog.SaveAsync(db, clock, new AuditEntry("bo", AuditAction.CaseClosed, "case/1", "two\nlines, and a comma"), Stop);

        using var all = new StringWriter();
        Assert.Equal(2, await DecisionLog.WriteCsvAsync(db, all, null, null, Stop));
        string csv = all.ToString();
        Assert.StartsWith("id,at,actor,action,subject,detail,hit,case,notice,", csv, StringComparison.Ordinal);
        Assert.Contains("2026-03-02T09:00:00.000Z,anna,hit.rejected,hit/1,\"'=HYPERLINK(\"\"http://x.example\"\";\"\"see\"\")\",", csv, StringComparison.Ordinal);
        Assert.Contains("\"two\nlines, and a comma\"", csv, StringComparison.Ordinal);
        Assert.DoesNotContain(AuditAction.HitViewed, csv, StringComparison.Ordinal);

        using var later = new StringWriter();
        Assert.Equal(1, await DecisionLog.WriteCsvAsync(db, later, clock.GetUtcNow(), null, Stop));
    }

    private static AuditEntry Entry(string detail) => new("anna", AuditAction.CaseViewed, AuditSubject.Case(1), detail);
}
