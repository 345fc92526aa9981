using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.References;

/// <summary>Files that people give the server, downloads that are due, and references that go out of force and come back.</summary>
public sealed class ImportJobsTests
{
    private const string Table = "id,title,kind\nA-1,Lamp,alert\nA-2,,alert\nA-3,Mask,alert\n";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_looked_at_before_it_is_taken_in_and_its_rejected_rows_are_named()
    {
        await using TestCore core = await TestCore.StartAsync();
        await using TouchstoneDb db = await core.OpenAsync();
        ImportRow staged = await StageAsync(core, db, "lamps.csv", Table);
        ImportPreview preview = System.Text.Json.JsonSerializer.Deserialize<ImportPreview>(staged.Preview!)!;
        Assert.Equal((3, 2, 0, 1), (preview.Report.Read, preview.Report.Added, preview.Report.Unchanged, preview.Report.Rejected));
        Assert.Equal(new Rejection("lamps.csv:3", "The line has no title."), Assert.Single(preview.Report.Rejections));
        Assert.Equal(["Lamp", "Mask"], preview.Sample.Select(x => x.Title));
        Assert.Equal((0, 0), (await db.References.CountAsync(Stop), await db.Registers.CountAsync(Stop)));
        Assert.False(await core.Get<ImportJobs>().RunNextAsync("w", Stop));

        Assert.True((await new StartImport(staged.Id).RunAsync(By(core, db), Stop)).Done);
        Assert.True(await core.Get<ImportJobs>().RunNextAsync("w", Stop));
        Assert.Equal(["A-1", "A-3"], await db.References.OrderBy(x => x.ExternalId).Select(x => x.ExternalId).ToListAsync(Stop));
        ImportRow done = await db.Imports.AsNoTracking().SingleAsync(Stop);
        Assert.Equal((ImportState.Done, 3, (string?)null), (done.State, done.Read, done.Error));
        Assert.Equal(Refusal.Conflict, (await new DiscardImport(staged.Id).RunAsync(By(core, db), Stop)).Refusal);

        ImportRow again = await StageAsync(core, db, "lamps.csv", Table + "A-4,Shelf,alert\n");
        preview = System.Text.Json.JsonSerializer.Deserialize<ImportPreview>(again.Preview!)!;
        Assert.Equal((1, 0, 2), (preview.Report.Added, preview.Report.Changed, preview.Report.Unchanged));
    }

    [Theory]
    [InlineData("lamps.csv", "colour\nred\n", "in a format that is read")]
    [InlineData("lamps.csv", "", "is empty")]
    [InlineData("text.jpg", "id,title\n1,Lamp\n", "text.jpg holds nothing in a format that is read.")]
    [InlineData("lamps.xlsx", "PK\u0003\u0004 and then nothing of a workbook", "The workbook cannot be read: ")]
    public async Task What_cannot_be_read_is_said_at_once(string name, string content, string expected)
    {
        await using TestCore core = await TestCore.StartAsync();
        await using TouchstoneDb db = await core.OpenAsync();
        VerbOutcome<ImportRow> outcome = await new StageImport("lamps", name, Encoding.UTF8.GetBytes(content), null).RunAsync(By(core, db), core.Get<ReferenceImport>(), core.Get<IBlobStore>(), Stop);
        Assert.Equal(Refusal.Invalid, outcome.Refusal);
        Assert.Contains(expected, outcome.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", outcome.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await db.Imports.CountAsync(Stop));
    }

    [Fact]
    public async Task A_due_register_is_downloaded_once_and_an_abandoned_download_is_done_by_another_worker()
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync();
        site.Text("/export", Table, "text/csv");
        await using TestCore core = await TestCore.StartAsync();
        await using TouchstoneDb db = await core.OpenAsync();
        VerbContext by = By(core, db);
        Assert.True((await new DownloadImport("lamps", site.Url("/export"), null).RunAsync(by, Stop)).Done);
        ImportJobs jobs = core.Get<ImportJobs>();
        Assert.True(await jobs.RunNextAsync("w", Stop));
        RegisterRow register = await db.Registers.SingleAsync(Stop);
        VerbOutcome<RegisterRow> scheduled = await new ScheduleRegister(register.Id, site.Url("/export"), 24).RunAsync(by, Stop);
        Assert.True(scheduled.Done, scheduled.Detail);
        int first = await jobs.QueueDueAsync(Stop), second = await jobs.QueueDueAsync(Stop);
        Assert.Equal((1, 0), (first, second));
        // A worker that is gone: its lease is the past.
        DateTimeOffset? past = DateTimeOffset.UnixEpoch;
        await db.Imports.Where(x => x.State == ImportState.Queued).ExecuteUpdateAsync(x => x.SetProperty(i => i.State, ImportState.Running).SetProperty(i => i.LeaseOwner, "gone").SetProperty(i => i.LeaseUntil, past), Stop);
        Assert.True(await jobs.RunNextAsync("other", Stop));
        Assert.False(await jobs.RunNextAsync("other", Stop));
        Assert.Equal([ImportState.Done, ImportState.Done], await db.Imports.AsNoTracking().OrderBy(x => x.Id).Select(x => x.State).ToListAsync(Stop));
        Assert.Equal(2, await db.References.CountAsync(Stop));

        site.Status("/export", 404);
        db.ChangeTracker.Clear();
        await db.Registers.ExecuteUpdateAsync(x => x.SetProperty(r => r.NextImportAt, past), Stop);
        Assert.Equal(1, await jobs.QueueDueAsync(Stop));
        Assert.True(await jobs.RunNextAsync("w", Stop));
        ImportRow failed = await db.Imports.AsNoTracking().OrderBy(x => x.Id).LastAsync(Stop);
        Assert.Equal(ImportState.Failed, failed.State);
        Assert.StartsWith("Nothing was taken in: ", failed.Error, StringComparison.Ordinal);
        Assert.Contains("404", failed.Error, StringComparison.Ordinal);
        Assert.True(await db.Registers.AnyAsync(x => x.NextImportAt > by.Clock.GetUtcNow(), Stop));
    }

    [Fact]
    public async Task An_internal_address_and_a_broken_workbook_are_told_as_what_they_are()
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync();
        site.Text("/lamps.xlsx", "PK\u0003\u0004 and then nothing", "application/octet-stream");
        await using TestCore core = await TestCore.StartAsync();
        await using TouchstoneDb db = await core.OpenAsync();
        string[] urls = ["http://10.1.2.3/lamps.csv", site.Url("/lamps.xlsx")], expected = ["10.1.2.3 has an internal address, which is not asked unless an administrator allows it", "Nothing was taken in: The workbook cannot be read: "];
        for (int i = 0; i < urls.Length; i++)
        {
            VerbOutcome<ImportRow> queued = await new DownloadImport("lamps", urls[i], null).RunAsync(By(core, db), Stop);
            Assert.True(await core.Get<ImportJobs>().RunNextAsync("w", Stop));
            ImportRow row = await db.Imports.AsNoTracking().SingleAsync(x => x.Id == queued.Value!.Id, Stop);
            Assert.Equal(ImportState.Failed, row.State);
            Assert.Contains(expected[i], row.Error, StringComparison.Ordinal);
        }
        Assert.Equal(0, await db.Registers.CountAsync(Stop));
    }

    [Fact]
    public async Task An_import_over_which_two_workers_end_is_given_up_and_says_what_was_taken_in()
    {
        await using TestCore core = await TestCore.StartAsync();
        await using TouchstoneDb db = await core.OpenAsync();
        ImportRow staged = await StageAsync(core, db, "lamps.csv", Table);
        Assert.True((await new StartImport(staged.Id).RunAsync(By(core, db), Stop)).Done);
        ImportJobs jobs = core.Get<ImportJobs>();
        await LoseAsync(1);
        // The worker was killed when some of the records were in.
        await core.AddReferenceAsync("taken in before", ImageEncoder.Png(Drawn.Package(1)));
        await db.Registers.ExecuteUpdateAsync(x => x.SetProperty(r => r.Name, "lamps"), Stop);
        await LoseAsync(2);
        Assert.True(await jobs.RunNextAsync("w", Stop));
        ImportRow given = await db.Imports.AsNoTracking().SingleAsync(Stop);
        Assert.Equal((ImportState.Failed, 2), (given.State, given.Losses));
        Assert.Equal("Before it failed, 1 new and 0 changed records were taken in, which stay: The program ended twice while it took this in, so it was given up; the log of that time says over what.", given.Error);
        Assert.False(await jobs.RunNextAsync("w", Stop));
        Assert.Equal(1, await db.References.CountAsync(Stop));

        // A worker that takes it and is gone: the state that its process leaves.
        async Task LoseAsync(int times)
        {
            DateTimeOffset? started = core.Get<TimeProvider>().GetUtcNow(), past = DateTimeOffset.UnixEpoch;
            await db.Imports.ExecuteUpdateAsync(x => x.SetProperty(i => i.State, ImportState.Running).SetProperty(i => i.LeaseOwner, "gone").SetProperty(i => i.LeaseUntil, past).SetProperty(i => i.Losses, times - 1).SetProperty(i => i.StartedAt, i => i.StartedAt ?? started), Stop);
        }
    }

    [Fact]
    public async Task What_a_register_holds_is_known_to_its_schedule_also_where_the_program_took_it_in()
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync();
        site.Text("/export", "id,title\nA-1,Lamp\n", "text/csv");
        await using TestCore core = await TestCore.StartAsync();
        await using TouchstoneDb db = await core.OpenAsync();
        string path = Path.Combine(Directory.CreateTempSubdirectory("touchstone-schedule-").FullName, "lamps.csv");
        await File.WriteAllTextAsync(path, "id,title\nA-1,Lamp\n", Stop);
        // As the program does it, beside the server's own imports.
        await core.Get<ReferenceImport>().RunAsync(new ImportRequest { Path = path, Register = "lamps", Kind = ReferenceKind.KnownFake }, null, Stop);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        RegisterRow register = await db.Registers.SingleAsync(Stop);
        Assert.True((await new ScheduleRegister(register.Id, site.Url("/export")).RunAsync(By(core, db), Stop)).Done);
        Assert.Equal(1, await core.Get<ImportJobs>().QueueDueAsync(Stop));
        Assert.Equal(ReferenceKind.KnownFake, (await db.Imports.AsNoTracking().SingleAsync(Stop)).Kind);
    }

    [Fact]
    public async Task Nothing_is_imported_into_the_register_of_the_searches_pictures()
    {
        await using TestCore core = await TestCore.StartAsync();
        await using TouchstoneDb db = await core.OpenAsync();
        foreach (string name in (string[])["search-pictures", "Search-Pictures"])
        {
            VerbOutcome<ImportRow> staged = await new StageImport(name, "lamps.csv", Encoding.UTF8.GetBytes(Table), null).RunAsync(By(core, db), core.Get<ReferenceImport>(), core.Get<IBlobStore>(), Stop);
            Assert.Equal((Refusal.Invalid, "The register 'search-pictures' holds the pictures of searches; choose another name."), (staged.Refusal, staged.Detail));
            Assert.Equal(Refusal.Invalid, (await new DownloadImport(name, "https://register.example/", null).RunAsync(By(core, db), Stop)).Refusal);
            await Assert.ThrowsAsync<ArgumentException>(() => core.Get<ReferenceImport>().RunAsync(new ImportRequest { Path = "/nothing", Register = name }, null, Stop));
        }
    }

    [Fact]
    public async Task What_leads_inside_is_not_downloaded()
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync();
        site.Text("/export.csv", Table, "text/csv");
        await using TestCore core = await TestCore.StartAsync(crawling: x => x.Outbound.AllowedInternalHosts.Clear());
        await using TouchstoneDb db = await core.OpenAsync();
        Assert.True((await new DownloadImport("lamps", site.Url("/export.csv"), null).RunAsync(By(core, db), Stop)).Done);
        Assert.True(await core.Get<ImportJobs>().RunNextAsync("w", Stop));
        Assert.Equal(ImportState.Failed, (await db.Imports.AsNoTracking().SingleAsync(Stop)).State);
        Assert.Empty(site.Requests);
        Assert.Equal(Refusal.Invalid, (await new DownloadImport("lamps", "file:///etc/passwd", null).RunAsync(By(core, db), Stop)).Refusal);
    }

    [Fact]
    public async Task A_retired_reference_is_in_no_gallery_until_it_is_put_into_force_again()
    {
        await using TestCore core = await TestCore.StartAsync();
        long id = await core.AddReferenceAsync("lamp", ImageEncoder.Png(Drawn.Package(1)));
        await core.Follower.RefreshAsync(null, Stop);
        int images = core.Follower.Status.Images;
        await using TouchstoneDb db = await core.OpenAsync();
        Assert.True((await new RetireReference(id, "Withdrawn.").RunAsync(By(core, db), Stop)).Done);
        await core.Follower.RefreshAsync(null, Stop);
        Assert.Equal(images - 1, core.Follower.Status.Images);
        Assert.Equal(Refusal.Invalid, (await new RestoreReference(id, " ").RunAsync(By(core, db), Stop)).Refusal);
        Assert.True((await new RestoreReference(id, "Retired by mistake.").RunAsync(By(core, db), Stop)).Done);
        await core.Follower.RefreshAsync(null, Stop);
        Assert.Equal(images, core.Follower.Status.Images);
        Assert.Equal(Refusal.Conflict, (await new RestoreReference(id, "Again.").RunAsync(By(core, db), Stop)).Refusal);
    }

    private static VerbContext By(TestCore core, TouchstoneDb db) => new(db, "anna", core.Get<TimeProvider>());

    private static async Task<ImportRow> StageAsync(TestCore core, TouchstoneDb db, string name, string content)
    {
        VerbOutcome<ImportRow> outcome = await new StageImport("lamps", name, Encoding.UTF8.GetBytes(content), null).RunAsync(By(core, db), core.Get<ReferenceImport>(), core.Get<IBlobStore>(), Stop);
        Assert.True(outcome.Done, outcome.Detail);
        return outcome.Value!;
    }
}
