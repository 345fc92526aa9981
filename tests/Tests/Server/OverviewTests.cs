using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server;
using Touchstone.Server.Console.Installation;
using Touchstone.Server.Console.Overview;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

[Collection(ConsoleSet.Name)]
public sealed class OverviewTests(ServerFixture server)
{
    private static readonly OverviewReport Quiet = new(0, [], new Dictionary<long, string?>(), [], [], [], 0, 0, [new DayCount(new DateOnly(2026, 1, 1), 0, 0)], 0, 0, 0, [], false, [], 0, 0, 0, null);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_search_that_read_no_page_and_a_register_that_is_empty_are_said()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await server.OpenAsync();
        foreach ((string name, RunState state, int pages) in ((string, RunState, int)[])[("Reads nothing", RunState.Finished, 0), ("Breaks", RunState.Failed, 3), ("Reads well", RunState.Finished, 3)])
        {
            var search = new SearchRow { Name = name, ShopUrls = "https://shop.example/", CreatedBy = "test", CreatedAt = now };
            search.Runs.Add(new SearchRunRow { State = state, QueuedAt = now, Pages = pages, Listings = pages });
            db.Searches.Add(search);
        }
        db.Registers.Add(new RegisterRow { Name = "empty-one", Format = "csv", CreatedAt = now, ImportedAt = now });
        await db.SaveChangesAsync(Stop);
        using HttpClient client = server.Client(AccountRole.Viewer);
        string html = System.Net.WebUtility.HtmlDecode(await client.GetStringAsync(new Uri("/", UriKind.Relative), Stop));
        Assert.Contains("The search “Reads nothing” read no page", html, StringComparison.Ordinal);
        Assert.Contains("The search “Breaks” failed.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("The search “Reads well”", html, StringComparison.Ordinal);
        Assert.Contains("The register “empty-one” holds nothing", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Every hit is decided.", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undetermined_offers_are_listed_with_picture_and_reason_until_they_are_judged()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await server.OpenAsync();
        string sha256 = BlobName.Of(server.Picture), host = $"{Guid.NewGuid():N}.example";
        var listing = new ListingRow { Shop = new ShopRow { Host = host, FirstSeenAt = now }, Url = $"https://{host}/p", Name = "مصباح", FirstSeenAt = now, LastSeenAt = now };
        var seen = new ObservationRow { Listing = listing, Number = 1, Name = listing.Name, ContentHash = "1", FirstSeenAt = now, LastSeenAt = now };
        seen.Images.Add(new ObservationImageRow { Position = 0, Url = $"https://{host}/1.heic", Failure = "HttpStatus 404: 404 Not Found" });
        seen.Images.Add(new ObservationImageRow { Position = 1, Url = $"https://{host}/2.png", ImageSha256 = sha256 });
        db.Screenings.AddRange(Screened(UndeterminedReason.ImageNotDecoded), Screened(UndeterminedReason.ImageFeatureless));
        await db.SaveChangesAsync(Stop);
        using HttpClient client = server.Client(AccountRole.Viewer);
        Assert.Contains("<a href=\"/undetermined\">", await client.GetStringAsync(new Uri("/", UriKind.Relative), Stop), StringComparison.Ordinal);
        string html = await PageAsync(), row = html[html.LastIndexOf("<tr>", html.IndexOf($">{host}<", StringComparison.Ordinal), StringComparison.Ordinal)..];
        Assert.Equal(2, html.Split($">{host}<").Length);
        Assert.Contains($"/images/{sha256}", row, StringComparison.Ordinal);
        Assert.Contains("<bdi>مصباح</bdi>", row, StringComparison.Ordinal);
        Assert.Contains("<td data-label=\"Why it is undetermined\">The picture shows too little to compare</td>", row, StringComparison.Ordinal);
        db.Screenings.Add(Screened(null));
        await db.SaveChangesAsync(Stop);
        Assert.DoesNotContain(host, await PageAsync(), StringComparison.Ordinal);

        async Task<string> PageAsync() => System.Net.WebUtility.HtmlDecode(await client.GetStringAsync(new Uri("/undetermined", UriKind.Relative), Stop));

        ScreeningRow Screened(UndeterminedReason? reason) => new() { Observation = seen, Verdict = reason is null ? Verdict.NoMatch : Verdict.Undetermined, Reason = reason, ModelId = "m", ProfileId = "p", GalleryFingerprint = "f", InputHash = "1", ScreenedAt = now };
    }

    [Fact]
    public async Task A_search_that_read_nothing_and_a_mail_server_whose_test_failed_are_no_steps_that_are_done()
    {
        string folder = Directory.CreateTempSubdirectory("touchstone-steps-").FullName;
        try
        {
            await using WebApplication app = TouchstoneServer.Build(new ServerOptions { Storage = new StorageOptions { DataFolder = folder }, Urls = ["http://127.0.0.1:0"], DemoSignIn = true, Roles = ServerRoles.Console });
            await TouchstoneServer.PrepareAsync(app, Stop);
            await app.StartAsync(Stop);
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            await using TouchstoneDb db = await app.Services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(Stop);
            var search = new SearchRow { Name = "Reads nothing", ShopUrls = "https://shop.example/", CreatedBy = "test", CreatedAt = now };
            search.Runs.Add(new SearchRunRow { State = RunState.Finished, QueuedAt = now });
            db.Searches.Add(search);
            await db.SaveChangesAsync(Stop);
            MailSettings mail = app.Services.GetRequiredService<MailSettings>();
            var by = new VerbContext(db, "test", TimeProvider.System);
            Assert.True((await mail.SetAsync(by, new MailServerSettings("127.0.0.1", 1, "desk@example.org", null, null, null, false), Stop)).Done);
            using var client = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
            string before = await client.GetStringAsync("/", Stop);
            Assert.DoesNotContain("The last test of the mail server failed", before, StringComparison.Ordinal);
            Assert.Matches("done</span>\\s*<a href=\"/system/mail\"", before);
            Assert.Matches("to do</span>\\s*<a href=\"/searches/new\"", before);
            Assert.NotNull((await mail.TestAsync(by, "anna@example.org", Stop)).Failure);
            string after = await client.GetStringAsync("/", Stop);
            Assert.Contains("The last test of the mail server failed", after, StringComparison.Ordinal);
            Assert.Matches("to do</span>\\s*<a href=\"/system/mail\"", after);
            search.Runs.Single().Pages = 3;
            await db.SaveChangesAsync(Stop);
            Assert.Matches("done</span>\\s*<a href=\"/searches/new\"", await client.GetStringAsync("/", Stop));
            Assert.Contains("No reference is in the registers", await client.GetStringAsync("/field", Stop), StringComparison.Ordinal);
            var reference = new ReferenceRow { Register = new RegisterRow { Name = "names", Format = "csv", CreatedAt = now }, ExternalId = "A1", Kind = ReferenceKind.Design, Title = "Mug", RawPayload = "{}", ContentHash = "1", ImportedAt = now };
            db.References.Add(reference);
            await db.SaveChangesAsync(Stop);
            Assert.Contains("No reference in the registers has a picture, a trade number or a brand and model", await client.GetStringAsync("/field", Stop), StringComparison.Ordinal);
            Assert.Contains("no brand and model either, so nothing matches it.", await client.GetStringAsync($"/references/{reference.Id}", Stop), StringComparison.Ordinal);
            (reference.Brand, reference.Model) = ("Acme", "M-1000");
            await db.SaveChangesAsync(Stop);
            Assert.DoesNotContain("so nothing can match", await client.GetStringAsync("/field", Stop), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("RefusedForNow: mail.example:25: greylisted", "The server refuses for now; try again later. mail.example:25: greylisted")]
    [InlineData("Something else: happened", "Something else: happened")]
    [InlineData(null, null)]
    public void Why_a_message_did_not_leave_is_said_in_words(string? kept, string? said) => Assert.Equal(said, DeliveryWords.OfError(kept));

    [Fact]
    public void Each_warning_leads_somewhere_and_the_worst_comes_first()
    {
        Assert.Empty(OverviewWarnings.Of(Quiet));
        var run = new SearchRunRow { SearchId = 7, State = RunState.Failed, Search = new SearchRow { Name = "Lamps", ShopUrls = "", CreatedBy = "test" } };
        IReadOnlyList<Warning> all = OverviewWarnings.WorstFirst(OverviewWarnings.Of(Quiet with { DeadMessages = 1, MessagesLate = 2, Troubled = [run], StaleRegisters = [new StaleRegister(3, "old", null, false)] }));
        Assert.All(all, x => Assert.StartsWith("/", x.Href, StringComparison.Ordinal));
        Assert.Equal(["danger", "danger", "warn", "warn"], all.Select(x => x.Tone));
    }
}
