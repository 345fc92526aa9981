using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.References;
using Touchstone.Screening.References.Registers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Tests.Screening.References;

public sealed class ReferenceImportTests
{
    private const string Table = "id,title,brand,gtin,pictures\nA1,Desk lamp,Glim,4006381333931,lamp.png|missing.png\nA2,Kettle,Boilo,123,\n";

    [Fact]
    public async Task Second_import_changes_nothing()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        await bench.WriteAsync("in/pictures/lamp.png", ImportBench.Picture(10));
        string path = await bench.WriteAsync("in/table.csv", Table);
        ImportReport first = await bench.ImportAsync(path);
        Assert.Equal((2, 2, 0, 0, 0), (first.Read, first.Added, first.Changed, first.Unchanged, first.Rejected));
        Assert.Equal((1, 1), (first.Pictures.Stored, first.Pictures.Failed));
        List<ReferenceRow> before = await bench.RowsAsync();
        Assert.NotNull(await bench.Blobs.GetAsync(before[0].Images.First().ImageSha256!, TestContext.Current.CancellationToken));

        ImportReport second = await bench.ImportAsync(path);
        Assert.Equal((2, 0, 0, 2, 0), (second.Read, second.Added, second.Changed, second.Unchanged, second.Rejected));
        Assert.Equal((0, 1, 1), (second.Pictures.Stored, second.Pictures.AlreadyStored, second.Pictures.Failed));
        Assert.Equal(before.Select(x => (x.Id, x.UpdatedAt, x.ContentHash)), (await bench.RowsAsync()).Select(x => (x.Id, x.UpdatedAt, x.ContentHash)));
    }

    [Fact]
    public async Task Changed_record_and_changed_picture_move_the_reference()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        await bench.WriteAsync("in/lamp.png", ImportBench.Picture(10));
        string path = await bench.WriteAsync("in/table.csv", Table);
        await bench.ImportAsync(path);
        List<ReferenceRow> before = await bench.RowsAsync();

        await bench.WriteAsync("in/lamp.png", ImportBench.Picture(200));
        await bench.WriteAsync("in/table.csv", Table.Replace("Kettle,Boilo,123", "Kettle,Boilo GmbH,4006381333931", StringComparison.Ordinal));
        ImportReport report = await bench.ImportAsync(path);
        Assert.Equal((0, 2), (report.Added, report.Changed));
        List<ReferenceRow> after = await bench.RowsAsync();
        Assert.NotEqual(before[0].Images.First().ImageSha256, after[0].Images.First().ImageSha256);
        Assert.Equal("Boilo GmbH", after[1].Brand);
        Assert.True(Assert.Single(after[1].Identifiers).Valid);
        Assert.All(after.Zip(before), x => Assert.True(x.First.UpdatedAt >= x.Second.UpdatedAt));
    }

    [Fact]
    public async Task Records_of_one_id_count_once_and_contradictions_are_rejected()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        string path = await bench.WriteAsync("table.csv", "id;title\n1;Kite\n1;Kite\n1;Kite with tail\n");
        for (int time = 0; time < 2; time++)
        {
            ImportReport report = await bench.ImportAsync(path);
            Assert.Equal((3, 1), (report.Read, report.Repeated));
            Assert.Equal(new Rejection("table.csv:4", "The id 1 was given with other content by table.csv:2."), Assert.Single(report.Rejections));
        }
        Assert.Equal("Kite", Assert.Single(await bench.RowsAsync()).Title);
    }

    [Fact]
    public async Task Import_that_was_cut_off_between_record_and_picture_is_completed_by_the_next()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        await bench.WriteAsync("in/lamp.png", ImportBench.Picture(10));
        string path = await bench.WriteAsync("in/table.csv", Table);
        await bench.ImportAsync(path);
        await using (TouchstoneDb db = bench.CreateDbContext())
        {
            await db.ReferenceImages.ExecuteUpdateAsync(x => x.SetProperty(i => i.ImageSha256, (string?)null).SetProperty(i => i.Failure, (string?)null), TestContext.Current.CancellationToken);
            await db.References.Where(x => x.ExternalId == "A2").ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        }
        DateTimeOffset before = (await bench.RowsAsync())[0].UpdatedAt;
        ImportReport report = await bench.ImportAsync(path);
        Assert.Equal((1, 1, 1), (report.Added, report.Unchanged, report.Pictures.Stored));
        ReferenceRow lamp = (await bench.RowsAsync()).Single(x => x.ExternalId == "A1");
        Assert.NotNull(lamp.Images.First().ImageSha256);
        Assert.True(lamp.UpdatedAt >= before);
    }

    [Fact]
    public async Task Two_imports_at_once_end_with_each_record_once()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        string path = await bench.WriteAsync("table.csv", "id,title\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"{i},Thing {i}\n")));
        ImportReport[] reports = await Task.WhenAll(Task.Run(() => bench.ImportAsync(path)), Task.Run(() => bench.ImportAsync(path)));
        Assert.All(reports, x => Assert.Equal(0, x.Rejected));
        Assert.Equal(500, reports.Sum(x => x.Added));
        Assert.Equal(500, (await bench.RowsAsync()).Count);
    }

    [Fact]
    public async Task Picture_that_is_none_and_path_that_leads_outside_fail_alone()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        await bench.WriteAsync("secret.png", ImportBench.Picture(1));
        await bench.WriteAsync("in/text.png", "no picture");
        await bench.WriteAsync("in/good.png", ImportBench.Picture(99));
        string path = await bench.WriteAsync("in/table.csv", "title,pictures\nA,../secret.png|text.png|good.png\n");
        ImportReport report = await bench.ImportAsync(path);
        Assert.Equal((1, 2), (report.Pictures.Stored, report.Pictures.Failed));
        ReferenceRow row = Assert.Single(await bench.RowsAsync());
        Assert.Equal([false, false, true], row.Images.Select(x => x.ImageSha256 is not null));
        Assert.All(row.Images.Take(2), x => Assert.NotNull(x.Failure));
    }

    [Fact]
    public async Task Pictures_come_through_the_guard_and_a_dead_host_is_asked_once()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        await using PictureSite site = await PictureSite.StartAsync(ImportBench.Picture(77));
        string path = await bench.WriteAsync("table.csv", $"id,title,pictures\n1,A,{site.Url}/a.png|{site.Url}/none.png\n2,B,http://127.0.0.1:1/x.png\n3,C,http://127.0.0.1:1/y.png\n");

        using (OutboundHttp closed = new(new OutboundOptions(), TimeProvider.System))
        {
            ImportReport refused = await bench.ImportAsync(path, http: closed);
            Assert.Equal((0, 4), (refused.Pictures.Stored, refused.Pictures.Failed));
            Assert.Equal(0, site.Requests);
        }
        OutboundOptions options = new();
        options.AllowedInternalHosts.Add("127.0.0.1");
        using OutboundHttp open = new(options, TimeProvider.System);
        ImportReport report = await bench.ImportAsync(path, http: open);
        Assert.Equal((3, 1, 3), (report.Unchanged, report.Pictures.Stored, report.Pictures.Failed));
        Assert.True(report.Pictures.Failures.GetValueOrDefault("127.0.0.1:1 could not be reached") == 2, string.Join("; ", report.Pictures.Failures.Select(f => $"{f.Value} × {f.Key}")));
        ImportReport again = await bench.ImportAsync(path, http: open);
        Assert.Equal((1, 3), (again.Pictures.AlreadyStored, again.Pictures.Failed));
    }

    [Fact]
    public async Task Trade_numbers_that_are_none_are_counted_and_named()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        string path = await bench.WriteAsync("table.csv", "id,title,gtin\n1,A,4006381333931\n2,B,4006381333932\n3,C,12345678901\n");
        ImportReport report = await bench.ImportAsync(path);
        Assert.Equal((3, 2), (report.Added, report.WrongNumbers));
        Assert.Equal(["4006381333932", "12345678901"], report.FirstWrongNumbers.Select(x => x.Number));
        Assert.Equal("table.csv:3", report.FirstWrongNumbers[0].Row);
    }

    [Fact]
    public async Task Without_downloads_pictures_stay_pending()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        string path = await bench.WriteAsync("table.csv", "title,pictures\nA,https://pictures.example/a.png\n");
        ImportReport report = await bench.ImportAsync(path, with: x => x with { DownloadPictures = false });
        Assert.Equal(1, report.Pictures.Pending);
        Assert.Null(Assert.Single(Assert.Single(await bench.RowsAsync()).Images).Failure);
    }

    [Fact]
    public async Task Unknown_content_is_refused_in_one_line_that_says_what_is_read()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        string path = await bench.WriteAsync("x.json", "{}");
        FormatNotReadException e = await Assert.ThrowsAsync<FormatNotReadException>(() => bench.ImportAsync(path));
        Assert.StartsWith("x.json holds nothing in a format that is read. Give a table (CSV or XLSX)", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        await Assert.ThrowsAsync<FormatNotReadException>(() => bench.ImportAsync(path, with: x => x with { Format = "ods" }));
        await Assert.ThrowsAsync<ArgumentException>(() => bench.ImportAsync(path + ".gone"));
        await Assert.ThrowsAsync<ArgumentException>(() => bench.ImportAsync(path, register: "no spaces"));
    }

    [Fact]
    public async Task List_of_reports_is_followed_through_the_guard()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        await using PictureSite site = await PictureSite.StartAsync(System.Text.Encoding.UTF8.GetBytes(
            "<weeklyReport><notifications><caseNumber>SR/1</caseNumber><product>Lamp</product></notifications></weeklyReport>"));
        string path = await bench.WriteAsync("list.xml", $"""
            <weeklyReports><weeklyReport><reference>R2</reference><publicationDate>13/11/2026</publicationDate><URL>{site.Url}/a.png,</URL></weeklyReport>
            <weeklyReport><reference>R1</reference><publicationDate>06/11/2026</publicationDate><URL>{site.Url}/none.png</URL></weeklyReport></weeklyReports>
            """);
        OutboundOptions options = new();
        options.AllowedInternalHosts.Add("127.0.0.1");
        using OutboundHttp http = new(options, TimeProvider.System);
        ImportReport report = await bench.ImportAsync(path, http: http);
        Assert.Equal((1, 1), (report.Added, report.Rejected));
        Assert.Contains("R1", Assert.Single(report.Rejections).Reason, StringComparison.Ordinal);
        Assert.Equal(new DateOnly(2026, 11, 13), Assert.Single(await bench.RowsAsync()).PublishedOn);
        ImportReport latest = await bench.ImportAsync(path, http: http, with: x => x with { LatestDocuments = 1 });
        Assert.Equal((1, 0), (latest.Unchanged, latest.Rejected));
    }

    [Fact]
    public async Task Retired_reference_stays_retired_and_leaves_a_trace()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        string path = await bench.WriteAsync("table.csv", Table);
        await bench.ImportAsync(path);
        long id = (await bench.RowsAsync())[0].Id;
        await using (TouchstoneDb db = bench.CreateDbContext())
        {
            VerbContext context = new(db, "ada", TimeProvider.System);
            Assert.Equal(Refusal.Invalid, (await new RetireReference(id, " ").RunAsync(context, TestContext.Current.CancellationToken)).Refusal);
            Assert.Equal(Refusal.NotFound, (await new RetireReference(id + 100, "gone").RunAsync(context, TestContext.Current.CancellationToken)).Refusal);
            Assert.True((await new RetireReference(id, "withdrawn by the authority").RunAsync(context, TestContext.Current.CancellationToken)).Done);
            Assert.Equal(Refusal.Conflict, (await new RetireReference(id, "again").RunAsync(context, TestContext.Current.CancellationToken)).Refusal);
            Assert.Single((await AuditLog.ListAsync(db, new AuditFilter($"reference/{id}"), null, 10, TestContext.Current.CancellationToken)).Items);
        }
        await bench.ImportAsync(path);
        await bench.WriteAsync("table.csv", Table.Replace("Desk lamp", "Table lamp", StringComparison.Ordinal));
        await bench.ImportAsync(path);
        ReferenceRow row = (await bench.RowsAsync())[0];
        Assert.Equal("Table lamp", row.Title);
        Assert.NotNull(row.RetiredAt);
    }

    [Fact]
    public async Task References_are_found_by_words_and_paged()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        await bench.ImportAsync(await bench.WriteAsync("a.csv", Table + "A3,Électric 100% kettle,Žár,,\n"), "first");
        await bench.ImportAsync(await bench.WriteAsync("b.csv", "id,title,kind\nB1,Swoosh,mark\n"), "second");
        await using TouchstoneDb db = bench.CreateDbContext();
        async Task<string[]> Find(ReferenceFilter filter) => [.. (await ReferenceQueries.ListAsync(db, filter, null, 50, TestContext.Current.CancellationToken)).Items.Select(x => x.ExternalId)];
        Assert.Equal(["B1", "A3", "A2", "A1"], await Find(new ReferenceFilter()));
        Assert.Equal(["A3", "A2"], await Find(new ReferenceFilter("KETTLE")));
        Assert.Equal(["A3"], await Find(new ReferenceFilter("kettle 100%")));
        Assert.Equal(["A1"], await Find(new ReferenceFilter("4006381333931")));
        Assert.Equal(["A1"], await Find(new ReferenceFilter("glim")));
        Assert.Equal(["A3"], await Find(new ReferenceFilter("Žár")));
        Assert.Empty(await Find(new ReferenceFilter("k_ttle")));
        Assert.Equal(["B1"], await Find(new ReferenceFilter(Kind: ReferenceKind.Mark)));
        Assert.Equal(["B1"], await Find(new ReferenceFilter(Register: "second")));

        Page<ReferenceRow> page = await ReferenceQueries.ListAsync(db, new ReferenceFilter(), null, 3, TestContext.Current.CancellationToken);
        Page<ReferenceRow> rest = await ReferenceQueries.ListAsync(db, new ReferenceFilter(), page.Next, 3, TestContext.Current.CancellationToken);
        Assert.Equal("A1", Assert.Single(rest.Items).ExternalId);
        Assert.Null(rest.Next);
        Assert.Equal(4, await ReferenceQueries.CountAsync(db, new ReferenceFilter(), TestContext.Current.CancellationToken));
        Assert.Equal([("first", 3), ("second", 1)], (await ReferenceQueries.RegistersAsync(db, TestContext.Current.CancellationToken)).Select(x => (x.Register.Name, x.References)));
    }
}
