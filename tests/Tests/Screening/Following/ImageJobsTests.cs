using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Following;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Following;

/// <summary>The queue of pictures that are to be described or read, on both databases and with several workers.</summary>
public sealed class ImageJobsTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Each_picture_is_done_by_one_of_several_workers_though_all_queue_it(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        ImageJobs jobs = JobsOf(database);
        string[] pictures = [.. Enumerable.Range(0, 100).Select(Sha)];
        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(() => jobs.QueueAsync(ImageJobKind.Describe, pictures[(i * 10)..], Stop), Stop)));
        List<string>[] done = await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => Task.Run(
            async () =>
            {
                List<string> own = [];
                while (await jobs.TakeAsync(ImageJobKind.Describe, $"worker {worker}", Stop) is { } batch)
                {
                    own.AddRange(batch.Sha256s);
                    await jobs.EndAsync(batch, batch.Sha256s.ToDictionary(s => s, _ => new JobOutcome(null)), Stop);
                }
                return own;
            },
            Stop)));
        Assert.Equal(pictures.Order(), done.SelectMany(x => x).Order());
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal(0, await db.ImageJobs.CountAsync(Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_picture_over_which_two_workers_end_is_given_up_and_holds_up_no_other(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        ImageJobs jobs = JobsOf(database);
        await jobs.QueueAsync(ImageJobKind.Describe, [Sha(1), Sha(2)], Stop);
        JobBatch killed = (await jobs.TakeAsync(ImageJobKind.Describe, "a", Stop))!;
        Assert.Equal(2, killed.Sha256s.Count);
        Assert.Null(await jobs.TakeAsync(ImageJobKind.Describe, "b", Stop));
        clock.Advance(ImageJobs.LeaseTime + TimeSpan.FromSeconds(1));

        // From now on one at a time.
        JobBatch alone = (await jobs.TakeAsync(ImageJobKind.Describe, "b", Stop))!;
        Assert.Equal([Sha(1)], alone.Sha256s);
        JobBatch other = (await jobs.TakeAsync(ImageJobKind.Describe, "c", Stop))!;
        Assert.Equal([Sha(2)], other.Sha256s);
        Assert.False(await jobs.RenewAsync(killed, Stop));
        await jobs.EndAsync(other, new Dictionary<string, JobOutcome> { [Sha(2)] = new(null) }, Stop);
        clock.Advance(ImageJobs.LeaseTime + TimeSpan.FromSeconds(1));

        Assert.Null(await jobs.TakeAsync(ImageJobKind.Describe, "d", Stop));
        Assert.Equal("2 workers ended while they were at this picture.", (await jobs.FailuresAsync(ImageJobKind.Describe, [Sha(1), Sha(2)], Stop)).Single(f => f.Key == Sha(1)).Value);
        // What the lost worker brings late changes nothing.
        await jobs.EndAsync(killed, new Dictionary<string, JobOutcome> { [Sha(1)] = new(null) }, Stop);
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal(Sha(1), (await db.ImageJobs.SingleAsync(Stop)).ImageSha256);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_failure_is_tried_again_later_and_a_lasting_one_never(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        ImageJobs jobs = JobsOf(database);
        await jobs.QueueAsync(ImageJobKind.Describe, [Sha(1), Sha(2)], Stop);
        JobBatch batch = (await jobs.TakeAsync(ImageJobKind.Describe, "a", Stop))!;
        await jobs.EndAsync(batch, new Dictionary<string, JobOutcome> { [Sha(1)] = new("The store is away."), [Sha(2)] = new("No picture.", IsLasting: true) }, Stop);
        Assert.Equal([KeyValuePair.Create(Sha(1), "The store is away.")], await jobs.FailuresAsync(ImageJobKind.Describe, [Sha(1), Sha(2)], Stop));
        Assert.Null(await jobs.TakeAsync(ImageJobKind.Describe, "a", Stop));
        clock.Advance(TimeSpan.FromSeconds(61));
        JobBatch again = (await jobs.TakeAsync(ImageJobKind.Describe, "a", Stop))!;
        Assert.Equal([Sha(1)], again.Sha256s);
        await jobs.ReleaseAsync(again);
        Assert.NotNull(await jobs.TakeAsync(ImageJobKind.Describe, "b", Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_failure_that_is_known_already_changes_no_reference(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        ImageJobs jobs = JobsOf(database);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow row = await SampleHits.AddReferenceAsync(db);
        db.ReferenceImages.Add(new ReferenceImageRow { ReferenceId = row.Id, ImageSha256 = Sha(1) });
        await db.SaveChangesAsync(Stop);
        await jobs.QueueAsync(ImageJobKind.Describe, [Sha(1)], Stop);
        var numbers = new List<long>();
        foreach (string failure in (string[])["The store is away.", "The store is away.", "The picture is not in the store."])
        {
            JobBatch batch = (await jobs.TakeAsync(ImageJobKind.Describe, "a", Stop))!;
            await jobs.EndAsync(batch, new Dictionary<string, JobOutcome> { [Sha(1)] = new(failure) }, Stop);
            numbers.Add(await db.ReferenceChanges.MaxAsync(c => c.Number, Stop));
            clock.Advance(TimeSpan.FromDays(1));
        }
        Assert.Equal((numbers[0], numbers[0] + 1), (numbers[1], numbers[2]));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task What_was_done_is_a_change_of_every_reference_that_shows_the_picture(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        ImageJobs jobs = JobsOf(database);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow one = await SampleHits.AddReferenceAsync(db), two = await SampleHits.AddReferenceAsync(db), other = await SampleHits.AddReferenceAsync(db);
        foreach (ReferenceRow row in (ReferenceRow[])[one, two]) db.ReferenceImages.Add(new ReferenceImageRow { ReferenceId = row.Id, ImageSha256 = Sha(1) });
        await db.SaveChangesAsync(Stop);
        var changes = new RegisterChanges(database);
        long before = (await changes.SinceAsync(0, Stop)).Max(c => c.Number);
        await jobs.QueueAsync(ImageJobKind.ReadText, [Sha(1)], Stop);
        JobBatch batch = (await jobs.TakeAsync(ImageJobKind.ReadText, "a", Stop))!;
        await jobs.EndAsync(batch, new Dictionary<string, JobOutcome> { [Sha(1)] = new(null) }, Stop);
        IReadOnlyList<ReferenceChange> since = await changes.SinceAsync(before, Stop);
        Assert.Equal([one.Id, two.Id], since.Select(c => c.Id).Order());
        Assert.DoesNotContain(since, c => c.Id == other.Id);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_report_counts_the_jobs_of_this_recipe_and_none_that_another_model_left(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        foreach (string recipe in (string[])["model/1", "model/1", "earlier/1"])
            db.ImageJobs.Add(new ImageJobRow { Kind = ImageJobKind.Describe, Recipe = recipe, ImageSha256 = Sha(db.ImageJobs.Local.Count), NotBefore = clock.GetUtcNow(), Failure = db.ImageJobs.Local.Count == 0 ? null : "It is no picture.", Failures = 1 });
        await db.SaveChangesAsync(Stop);
        JobReport report = await JobReport.ReadAsync(db, Recipes, Stop);
        Assert.Equal([new JobCounts(ImageJobKind.Describe, 2, 0, 1), new JobCounts(ImageJobKind.ReadText, 0, 0, 0)], report.Counts);
        Assert.Equal(Sha(1), Assert.Single(report.Failed).ImageSha256);
    }

    private ImageJobs JobsOf(TestDatabase database) => new(database, clock, Recipes);

    private static ImageRecipes Recipes { get; } = new(new Dictionary<ImageJobKind, string> { [ImageJobKind.Describe] = "model/1", [ImageJobKind.ReadText] = "reader" });

    private static string Sha(int number) => $"{number:x64}";
}
