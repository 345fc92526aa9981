using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.LookBacks;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.LookBacks;

/// <summary>Who asks about which references, and how what was seen is numbered, on both databases and with several workers.</summary>
public sealed class LookBackQueueTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Each_reference_is_asked_about_by_one_of_several_workers_the_newest_first(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        long[] ids = await WaitingAsync(database, 40);
        LookBackQueue queue = QueueOf(database, 5);
        LookBackBatch first = (await queue.TakeAsync("first", Stop))!;
        Assert.Equal(ids[^5..], first.ReferenceIds);
        List<long>[] done = await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => Task.Run(
            async () =>
            {
                List<long> own = [];
                while (await queue.TakeAsync($"worker {worker}", Stop) is { } batch)
                {
                    own.AddRange(batch.ReferenceIds);
                    foreach (long id in batch.ReferenceIds) await queue.EndAsync(batch, id, new LookBackCounts(9, 3, 2, 1), Stop);
                }
                return own;
            },
            Stop)));
        Assert.Equal(ids[..^5], done.SelectMany(x => x).Order());
        await using TouchstoneDb db = database.CreateDbContext();
        LookBackRow row = await db.LookBacks.SingleAsync(l => l.ReferenceId == ids[0], Stop);
        Assert.Equal((LookBackState.Done, 9, 3, 2, 1), (row.State, row.Pictures, row.Candidates, row.Listings, row.Hits));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_reference_over_which_two_workers_end_is_given_up_and_holds_up_no_other(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        long[] ids = await WaitingAsync(database, 2);
        LookBackQueue queue = QueueOf(database, 64);
        LookBackBatch killed = (await queue.TakeAsync("a", Stop))!;
        Assert.Equal(ids, killed.ReferenceIds);
        Assert.Null(await queue.TakeAsync("b", Stop));
        clock.Advance(LookBackQueue.LeaseTime + TimeSpan.FromSeconds(1));
        LookBackBatch alone = (await queue.TakeAsync("b", Stop))!;
        Assert.Equal([ids[1]], alone.ReferenceIds);
        LookBackBatch other = (await queue.TakeAsync("c", Stop))!;
        Assert.Equal([ids[0]], other.ReferenceIds);
        await queue.EndAsync(other, ids[0], new LookBackCounts(1, 1, 1, 1), Stop);
        Assert.False(await queue.RenewAsync(killed, new Dictionary<long, LookBackCounts>(), Stop));
        clock.Advance(LookBackQueue.LeaseTime + TimeSpan.FromSeconds(1));
        Assert.Null(await queue.TakeAsync("d", Stop));
        // Who was late writes nothing.
        await queue.EndAsync(alone, ids[1], new LookBackCounts(1, 1, 1, 1), Stop);
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal([(LookBackState.Done, null), (LookBackState.Failed, "2 workers ended while they were at this reference.")], (await db.LookBacks.OrderBy(l => l.ReferenceId).ToListAsync(Stop)).Select(l => (l.State, l.Failure)));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Pictures_are_numbered_once_and_without_a_gap_though_several_workers_see_them(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var seen = new SeenPictures(database);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(
            async () =>
            {
                for (int i = 0; i < 10; i++) await seen.KeepAsync([Sha((worker * 5) + i), Sha(i), Sha(i)], Stop);
            },
            Stop)));
        IReadOnlyList<SeenPictureRow> rows = await seen.SinceAsync(0, 1_000, Stop);
        Assert.Equal(Enumerable.Range(1, 25).Select(i => (long)i), rows.Select(r => r.Number));
        Assert.Equal(Enumerable.Range(0, 25).Select(Sha).Order(), rows.Select(r => r.ImageSha256).Order());
        Assert.Equal(5, (await seen.SinceAsync(20, 1_000, Stop)).Count);
    }

    private LookBackQueue QueueOf(TestDatabase database, int atOnce) => new(database, new LookBackOptions { ReferencesAtOnce = atOnce }, clock);

    private async Task<long[]> WaitingAsync(TestDatabase database, int count)
    {
        await using TouchstoneDb db = database.CreateDbContext();
        var register = new RegisterRow { Name = "test", Format = "csv", CreatedAt = clock.GetUtcNow() };
        ReferenceRow[] references = [.. Enumerable.Range(0, count).Select(i => new ReferenceRow
        {
            Register = register, ExternalId = $"{i}", Kind = ReferenceKind.Alert, Title = $"alert {i}", RawPayload = "{}", ContentHash = $"{i}", ImportedAt = clock.GetUtcNow(), UpdatedAt = clock.GetUtcNow(),
        })];
        db.References.AddRange(references);
        await db.SaveChangesAsync(Stop);
        long[] ids = [.. references.Select(r => r.Id).Order()];
        db.LookBacks.AddRange(ids.Select(id => new LookBackRow { ReferenceId = id, ChangeNumber = id, PicturesHash = "p", FactsHash = "f", QueuedAt = clock.GetUtcNow() }));
        await db.SaveChangesAsync(Stop);
        return ids;
    }

    private static string Sha(int number) => $"{number:x64}";
}
