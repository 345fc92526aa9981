using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>Lists of many shops on the pages of searches, and what the pages say where a list or a picture holds nothing.</summary>
[Collection(ServerSet.Name)]
public sealed class ManyShopsPageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_shops_that_failed_alike_are_one_message_and_their_addresses_fold()
    {
        long id;
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            string[] hosts = [.. Enumerable.Range(0, 1000).Select(x => $"many{x:000}.example")];
            var search = new SearchRow { Name = "Many shops", ShopUrls = string.Join('\n', hosts.Select(x => $"https://{x}/")), CreatedBy = "anna", CreatedAt = TimeProvider.System.GetUtcNow() };
            var run = new SearchRunRow { Search = search, State = RunState.Cancelled, QueuedAt = search.CreatedAt, StartedAt = search.CreatedAt, FinishedAt = search.CreatedAt };
            db.SearchRuns.Add(run);
            await db.SaveChangesAsync(Stop);
            foreach (string host in hosts) db.Frontier.Add(new FrontierRow { RunId = run.Id, Url = $"https://{host}/", Host = host, State = FrontierState.Failed, Reason = "dns" });
            // The run was stopped before it came to the last ones.
            foreach (FrontierRow row in db.Frontier.Local.TakeLast(100)) (row.State, row.Reason) = (FrontierState.Pending, null);
            await db.SaveChangesAsync(Stop);
            id = search.Id;
        }
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        string page = WebUtility.HtmlDecode(await worker.GetStringAsync(At($"/searches/{id}"), Stop));
        Assert.Contains("Nothing of 900 shops was searched: the shop did not answer", page, StringComparison.Ordinal);
        Assert.Contains("Nothing of 100 shops was searched: the run ended before the shop was asked", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing of many000.example was searched", page, StringComparison.Ordinal);
        Assert.Contains("990 more shops", page, StringComparison.Ordinal);
        Assert.Equal(1, page.Split("such as many000.example").Length - 1);
        Assert.DoesNotContain("such as many001.example", page, StringComparison.Ordinal);
        string list = WebUtility.HtmlDecode(await worker.GetStringAsync(At("/searches"), Stop));
        Assert.Contains("many004.example, 995 more shops", list, StringComparison.Ordinal);
        Assert.DoesNotContain("many005.example", list, StringComparison.Ordinal);
        await using TouchstoneDb after = await server.OpenAsync();
        await after.Searches.Where(x => x.Id == id).ExecuteUpdateAsync(x => x.SetProperty(s => s.DeletedAt, TimeProvider.System.GetUtcNow()), Stop);
    }

    [Theory]
    [InlineData("Navn;Telefon\nKramladen;86123456\n")]
    [InlineData("url,shop\n")]
    public async Task A_list_without_a_shop_says_what_it_needs_and_no_search_begins(string csv)
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        using HttpResponseMessage answer = await UploadAsync(worker, csv);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        string page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop));
        Assert.Contains("No shop was found in the list. Give it a column of addresses", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Start the search if that is right", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_taken_is_told_and_names_the_search_by_its_first_shops()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        using HttpResponseMessage answer = await UploadAsync(worker, "url\n" + string.Concat(Enumerable.Range(0, 8).Select(x => $"named{x}.example\n")));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        string page = WebUtility.HtmlDecode(await worker.GetStringAsync(answer.Headers.Location, Stop));
        Assert.Contains("8 shops were taken from the list.", page, StringComparison.Ordinal);
        Assert.Contains("named0.example, named1.example, named2.example, named3.example, named4.example + 3", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_erased_picture_is_a_crossed_out_frame_to_a_page_and_the_hit_says_when_it_went()
    {
        long hit;
        string sha256 = BlobName.Of(Guid.NewGuid().ToByteArray());
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            db.Images.Add(new ImageRow { Sha256 = sha256, Failure = "erased", StoredAt = now });
            db.Erasures.Add(new ErasureRow { Sha256 = sha256, ErasedBy = "admin", Reason = "Request 18", ErasedAt = now });
            HitRow row = await SampleHits.AddAsync(db, image: sha256);
            hit = row.Id;
        }
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        Assert.Contains("The picture was erased on request on 20", await worker.GetStringAsync(At($"/hits/{hit}"), Stop), StringComparison.Ordinal);
        using var shown = new HttpRequestMessage(HttpMethod.Get, $"/images/{sha256}?w=160");
        shown.Headers.TryAddWithoutValidation("Accept", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8");
        using HttpResponseMessage frame = await worker.SendAsync(shown, Stop);
        Assert.Equal((HttpStatusCode.Gone, "image/svg+xml"), (frame.StatusCode, frame.Content.Headers.ContentType?.MediaType));
        using HttpResponseMessage told = await worker.GetAsync(At($"/images/{sha256}"), Stop);
        Assert.Equal(HttpStatusCode.Gone, told.StatusCode);
        Assert.NotEqual("image/svg+xml", told.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_marketplace_is_told_that_it_looks_for_no_shops_before_it_asks()
    {
        const string Told = "A marketplace searches its own hosts, and looks for no shops on the web.";
        using HttpClient administrator = server.Client(AccountRole.Administrator), worker = server.Client(AccountRole.Caseworker);
        Assert.DoesNotContain(Told, await worker.GetStringAsync(At("/finding"), Stop), StringComparison.Ordinal);
        await SetAsync("Marketplace", "own.example");
        try
        {
            foreach (string path in (string[])["/searches/new", "/finding"])
            {
                string page = await worker.GetStringAsync(At(path), Stop);
                Assert.Contains(Told, page, StringComparison.Ordinal);
                Assert.DoesNotContain("name=\"Input.FindMarkets\"", page, StringComparison.Ordinal);
            }
        }
        finally
        {
            await SetAsync("Authority");
        }

        async Task SetAsync(string role, params string[] hosts)
        {
            object wish = new { name = "Market", address = "Street 1", contactName = "A. Person", contactEmail = "contact@market.example", language = "en", role, hosts };
            using HttpResponseMessage set = await administrator.PutAsJsonAsync("/api/v1/operator", wish, Stop);
            Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync(Stop));
        }
    }

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient worker, string csv)
    {
        Uri page = At("/searches/new");
        string token = PostedForm.TokenOf(await worker.GetStringAsync(page, Stop));
        using var form = new MultipartFormDataContent
        {
            { new StringContent("new-search"), "_handler" }, { new StringContent(token), "__RequestVerificationToken" }, { new StringContent("2000"), "Input.PageBudget" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "shops", "shops.csv" },
        };
        return await worker.PostAsync(page, form, Stop);
    }

    private static Uri At(string path) => new(path, UriKind.Relative);
}
