using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Politeness;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening.Field;
using Touchstone.Screening.Following;
using Touchstone.Screening.Searches;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server;
using Touchstone.Server.Api;
using Touchstone.Server.Queries;
using Touchstone.Server.Console.Overview;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>What people look at every few seconds is found by indexes, or ends: the database's own plan of every statement says so.</summary>
public sealed class BoundedQueriesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task The_overview_reads_no_table_whole() => AssertBoundedAsync(recorded => OverviewFacts.ReadAsync(recorded, "anna", new ManualClock(), Stop));

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Registers_groups_and_messages_take_as_many_queries_however_many_there_are(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        (int Overview, int Groups, int Messages) few = await CountAsync(), many = await CountAsync();
        Assert.Equal(few, many);
        Assert.Equal(1, many.Messages);

        async Task<(int Overview, int Groups, int Messages)> CountAsync()
        {
            var hits = new List<HitRow>();
            await using (TouchstoneDb db = database.CreateDbContext())
            {
                for (int i = 0; i < 3; i++)
                {
                    HitRow hit = await SampleHits.AddAsync(db);
                    for (int more = 0; more < 5; more++) await SampleHits.AddAsync(db, await db.References.FindAsync([hit.ReferenceId], Stop), probability: 0.5 + (more / 100.0));
                    hit.CaptureId = hit.Id;
                    hits.Add(hit);
                    string key = new NotifyOwner(hit.CaptureId.Value, hit.ReferenceId).Key;
                    db.Outbox.Add(new OutboxRow { Kind = OutboxKind.Email, Recipient = "owner@rights.example", Subject = "s", Body = "b", Key = key });
                }
                foreach (HitRow hit in hits) db.Entry(hit).State = EntityState.Detached;
                await db.SaveChangesAsync(Stop);
            }
            var recorded = new RecordedSql(database);
            OverviewReport report = await OverviewFacts.ReadAsync(recorded, "anna", new ManualClock(), Stop);
            Assert.NotEmpty(report.StaleRegisters);
            int overview = recorded.Statements.Count;
            await using TouchstoneDb read = recorded.CreateDbContext();
            foreach (HitGrouping by in Enum.GetValues<HitGrouping>())
            {
                IReadOnlyList<HitGroup> groups = await HitGroups.ReadAsync(read, new HitFilter(), by, TimeProvider.System.GetUtcNow(), Stop);
                if (by == HitGrouping.Product) Assert.All(groups, x => Assert.Equal(4, x.Pictures.Distinct().Count()));
                if (by == HitGrouping.Shop) Assert.All(groups, x => Assert.Single(x.Pictures));
            }
            int grouped = recorded.Statements.Count - overview;
            Assert.Equal(hits.Count, (await CaptureMessages.OfHitsAsync(read, hits, Stop)).Count);
            return (overview, grouped, recorded.Statements.Count - overview - grouped);
        }
    }

    [Fact]
    public Task The_state_of_the_system_reads_no_table_whole() => AssertBoundedAsync(async recorded =>
    {
        await using ServiceProvider none = new ServiceCollection().BuildServiceProvider();
        await new SystemFacts(recorded, new ServerOptions { Storage = new StorageOptions { DataFolder = "unused" }, Roles = ServerRoles.Console }, none, new ManualClock()).ReadAsync(Stop);
    });

    [Fact]
    public Task Watching_a_run_and_its_hits_reads_no_table_whole() => AssertBoundedAsync(async recorded =>
    {
        await using TouchstoneDb db = recorded.CreateDbContext();
        SearchRunRow run = await db.SearchRuns.FirstAsync(Stop);
        var politeness = new PolitenessOptions();
        await new RunWatch(recorded, new HostGate(politeness, new ManualClock()), politeness, new ManualClock()).ProgressAsync(run.Id, Stop);
        await SearchQueries.HitsOfRunAsync(db, run.Id, 50, Stop);
        await SearchQueries.GapsOfRunAsync(db, run.Id, Stop);
    });

    [Fact]
    public Task The_report_of_jobs_reads_no_table_whole() => AssertBoundedAsync(async recorded =>
    {
        await using TouchstoneDb db = recorded.CreateDbContext();
        await JobReport.ReadAsync(db, new ImageRecipes(new Dictionary<ImageJobKind, string> { [ImageJobKind.Describe] = "model/1", [ImageJobKind.ReadText] = "reader" }), Stop);
        Assert.All(recorded.Statements.Where(s => s.Contains("ImageJobs", StringComparison.Ordinal)), s => Assert.Contains("\"Recipe\"", s, StringComparison.Ordinal));
    });

    [Fact]
    public async Task A_plan_that_reads_a_whole_table_is_found()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => AssertBoundedAsync(async recorded =>
        {
            await using TouchstoneDb db = recorded.CreateDbContext();
            await db.Listings.CountAsync(Stop);
        }));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_count_ends_where_it_is_told_to(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        for (int i = 0; i < 3; i++) await SampleHits.AddShopAsync(db);
        var recorded = new RecordedSql(database);
        await using TouchstoneDb read = recorded.CreateDbContext();
        Assert.Equal(3, await read.Shops.CountBoundedAsync(Stop));
        Assert.Contains("LIMIT", Assert.Single(recorded.Statements), StringComparison.Ordinal);
    }

    private static async Task AssertBoundedAsync(Func<RecordedSql, Task> read)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using (TouchstoneDb db = database.CreateDbContext())
        {
            await SampleHits.AddAsync(db);
            db.SearchRuns.Add(new SearchRunRow { Search = new SearchRow { Name = "lamps", ShopUrls = "https://shop.example/", CreatedBy = "anna" }, State = RunState.Running });
            await db.SaveChangesAsync(Stop);
        }
        var recorded = new RecordedSql(database);
        await read(recorded);
        Assert.NotEmpty(recorded.Statements);
        await using TouchstoneDb plans = database.CreateDbContext();
        foreach (string statement in recorded.Statements.Where(x => x.StartsWith("SELECT", StringComparison.Ordinal)).Distinct())
        {
            // A scan that a limit, or the first row, ends, over an index or a table in its own order, reads no more than the limit; a sort before it would read all.
            bool ends = statement.Contains("LIMIT", StringComparison.Ordinal) || (statement.StartsWith("SELECT EXISTS", StringComparison.Ordinal) && !statement.Contains("WHERE", StringComparison.Ordinal));
            IReadOnlyList<string> plan = await PlanAsync(plans, statement);
            bool sorts = plan.Any(x => x.Contains("TEMP B-TREE", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, step => IsScan(step) && !IsOfSubquery(step, plan) && !IsSmall(step, statement) && !(ends && !sorts));
        }
    }

    /// <summary>Whether a step reads a table, or an index, from its beginning; a parameter's list and a row of constants are none.</summary>
    private static bool IsScan(string step) => step.StartsWith("SCAN ", StringComparison.Ordinal) && step != "SCAN CONSTANT ROW" && !step.Contains("VIRTUAL TABLE", StringComparison.Ordinal) && !step.StartsWith("SCAN (", StringComparison.Ordinal);

    /// <summary>The rows of a part of the statement that is planned itself.</summary>
    private static bool IsOfSubquery(string step, IReadOnlyList<string> plan) => plan.Any(x => (x.StartsWith("CO-ROUTINE ", StringComparison.Ordinal) || x.StartsWith("MATERIALIZE ", StringComparison.Ordinal)) && step.Split(' ')[1] == x.Split(' ')[1]);

    /// <summary>Registers are some dozens.</summary>
    private static bool IsSmall(string step, string statement) => statement.Contains($"\"Registers\" AS \"{step.Split(' ')[1]}\"", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> PlanAsync(TouchstoneDb db, string statement)
    {
        var connection = (Microsoft.Data.Sqlite.SqliteConnection)db.Database.GetDbConnection();
        await db.Database.OpenConnectionAsync(Stop);
        await using Microsoft.Data.Sqlite.SqliteCommand explain = connection.CreateCommand();
        explain.CommandText = $"EXPLAIN QUERY PLAN {statement}";
        foreach (string name in System.Text.RegularExpressions.Regex.Matches(statement, @"@\w+").Select(x => x.Value).Distinct()) explain.Parameters.AddWithValue(name, 1);
        var steps = new List<string>();
        await using Microsoft.Data.Sqlite.SqliteDataReader rows = await explain.ExecuteReaderAsync(Stop);
        while (await rows.ReadAsync(Stop)) steps.Add(rows.GetString(3));
        return steps;
    }
}
