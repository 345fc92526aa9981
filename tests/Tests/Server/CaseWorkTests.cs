using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>The daily work on cases over the API and the console: queues, claims, deadlines, samples, files, people who are named, second persons, blurred pictures.</summary>
[Collection(ServerSet.Name)]
public sealed partial class CaseWorkTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_transitions_that_the_api_tells_are_the_table()
    {
        using HttpClient reader = server.Client(AccountRole.Viewer);
        JsonElement[] told = [.. (await reader.GetFromJsonAsync<JsonElement>("/api/v1/cases/transitions", Stop)).EnumerateArray()];
        Assert.Equal(CaseTransitions.All.Select(x => (x.From.ToString(), x.To.ToString(), x.NeedsReason)), told.Select(x => (x.GetProperty("from").GetString()!, x.GetProperty("to").GetString()!, x.GetProperty("needsReason").GetBoolean())));
    }

    /// <summary>The page offers exactly the ways that the table declares from where the case stands, each by a key.</summary>
    [Fact]
    public async Task The_page_offers_the_declared_ways_by_keys_and_says_which_need_a_reason()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long id = await OpenAsync(worker);
        foreach (CaseState state in (CaseState[])[CaseState.New, CaseState.Triage, CaseState.Action])
        {
            await using (TouchstoneDb db = await server.OpenAsync()) await db.Cases.Where(x => x.Id == id).ExecuteUpdateAsync(x => x.SetProperty(c => c.State, state), Stop);
            string html = await worker.GetStringAsync($"/cases/{id}", Stop);
            string[] offered = [.. Step().Matches(html).Select(x => x.Groups[1].Value)];
            Assert.Equal(CaseTransitions.From(state, CaseMover.Caseworker).Select(x => x.To.ToString()), offered);
            Assert.Equal(Enumerable.Range(1, offered.Length).Select(x => $"{x}"), Step().Matches(html).Select(x => x.Groups[2].Value));
        }
        string version = Regex.Match(await worker.GetStringAsync($"/cases/{id}", Stop), "name=\"State.Version\" value=\"(\\d+)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
        string refused = await PostedForm.SeenAsync(worker, $"/cases/{id}", "state", [("State.To", "Rejected"), ("State.Reason", ""), ("State.Version", version)], Stop);
        Assert.Contains("a reason is needed", refused, StringComparison.Ordinal);
        Assert.Contains("The case is moved on.", await PostedForm.SeenAsync(worker, $"/cases/{id}", "state", [("State.To", "Rejected"), ("State.Reason", "Genuine."), ("State.Version", version)], Stop), StringComparison.Ordinal);
        Assert.Contains("data-label=\"Reopen\"", await worker.GetStringAsync($"/cases/{id}", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_case_is_taken_given_free_and_the_next_one_is_another()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker), other = server.Client(AccountRole.Administrator);
        long id = await OpenAsync(worker, "LV"), second = await OpenAsync(worker, "LV");
        Assert.Contains("you work on it", await PostedForm.SeenAsync(worker, $"/cases/{id}", "claim", [], Stop), StringComparison.Ordinal);
        using HttpResponseMessage taken = await other.PostAsync(new Uri($"/api/v1/cases/{id}/claim", UriKind.Relative), null, Stop);
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        using HttpResponseMessage next = await other.GetAsync("/cases/next?market=LV", Stop);
        Assert.Equal($"/cases/{second}", next.Headers.Location?.OriginalString);
        Assert.Equal(id, (await worker.GetFromJsonAsync<JsonElement>($"/api/v1/cases/next?market=LV&after={second}", Stop)).GetProperty("id").GetInt64());
        JsonElement queue = (await worker.GetFromJsonAsync<JsonElement>("/api/v1/cases/queues", Stop)).EnumerateArray().Single(x => x.GetProperty("market").GetString() == "LV");
        Assert.Equal((2, 1), (queue.GetProperty("cases").GetInt32(), queue.GetProperty("unclaimed").GetInt32()));
        string listed = await worker.GetStringAsync("/cases?view=unclaimed&market=LV", Stop);
        Assert.Contains($"/cases/{second}\"", listed, StringComparison.Ordinal);
        Assert.DoesNotContain($"/cases/{id}\"", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("you work on it", await PostedForm.SeenAsync(worker, $"/cases/{id}", "release", [], Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_market_of_a_case_is_set_with_the_assignee()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long id = await OpenAsync(worker, "LV");
        using HttpResponseMessage wrong = await worker.PutAsJsonAsync($"/api/v1/cases/{id}/market", new { market = "Danmark" }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        string saved = await PostedForm.SeenAsync(worker, $"/cases/{id}", "assign", [("Assign.To", ""), ("Assign.Due", ""), ("Assign.Market", "EE"), ("Assign.Version", "1")], Stop);
        Assert.Contains("LV → EE", saved, StringComparison.Ordinal);
        Assert.Equal("EE", (await worker.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}", Stop)).GetProperty("market").GetString());
    }

    [Fact]
    public async Task A_deadline_is_set_runs_out_is_shown_everywhere_and_met()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long id = await OpenAsync(worker, "IN");
        string page = await PostedForm.SeenAsync(worker, $"/cases/{id}", "clock", [("Start.Kind", "Order"), ("Start.What", "the shop answers"), ("Start.Days", "2"), ("Start.Country", "")], Stop);
        Assert.Contains("the shop answers", page, StringComparison.Ordinal);
        Assert.Contains("The public holidays of IN are not known here", page, StringComparison.Ordinal);
        long clock;
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            clock = (await db.CaseClocks.SingleAsync(x => x.CaseId == id, Stop)).Id;
            await db.CaseClocks.Where(x => x.Id == clock).ExecuteUpdateAsync(x => x.SetProperty(c => c.DueAt, TimeProvider.System.GetUtcNow().AddDays(-3)), Stop);
        }
        Assert.Contains("1 deadline ran out", await worker.GetStringAsync($"/cases/{id}", Stop), StringComparison.Ordinal);
        Assert.Contains($"/cases/{id}\"", await worker.GetStringAsync("/cases?view=overdue", Stop), StringComparison.Ordinal);
        string overview = await worker.GetStringAsync("/", Stop);
        Assert.Matches("deadlines? of (a case|cases) ran out", overview);
        Assert.Contains("href=\"/cases?view=overdue\"", overview, StringComparison.Ordinal);
        Assert.Contains($"href=\"/cases/{id}\"", overview, StringComparison.Ordinal);
        Assert.Contains("The deadline is met.", await PostedForm.SeenAsync(worker, $"/cases/{id}", $"meet-{clock}", [("How", "It answered.")], Stop), StringComparison.Ordinal);
        JsonElement told = (await worker.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}/clocks", Stop)).EnumerateArray().Single();
        Assert.Equal((true, false, "It answered."), (told.GetProperty("breached").GetBoolean(), told.GetProperty("holidaysKnown").GetBoolean(), told.GetProperty("how").GetString()));
    }

    [Fact]
    public async Task A_sample_is_ordered_and_its_result_noted_on_the_page()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long id = await OpenAsync(worker);
        string refused = await PostedForm.SeenAsync(worker, $"/cases/{id}", "order-sample", [("Order.Supplier", "shop.example"), ("Order.Quantity", "1"), ("Order.Price", "cheap")], Stop);
        Assert.Contains("“cheap” is no price", refused, StringComparison.Ordinal);
        Assert.Contains("value=\"cheap\"", refused, StringComparison.Ordinal);
        foreach (string price in (string[])["1,234", "1.234", "1.234,50", "1,234.50", "19.", ".5", "-3"])
            Assert.Contains($"“{price}” is no price: write digits alone", await PostedForm.SeenAsync(worker, $"/cases/{id}", "order-sample", [("Order.Supplier", "shop.example"), ("Order.Quantity", "1"), ("Order.Price", price)], Stop), StringComparison.Ordinal);
        string page = await PostedForm.SeenAsync(worker, $"/cases/{id}", "order-sample", [("Order.Supplier", "shop.example"), ("Order.Quantity", "2"), ("Order.Price", "1234,5"), ("Order.Currency", "EUR")], Stop);
        Assert.Contains("sample ordered", page, StringComparison.Ordinal);
        Assert.Contains("2 pieces from shop.example", page, StringComparison.Ordinal);
        JsonElement ordered = (await worker.GetFromJsonAsync<JsonElement>($"/api/v1/cases/{id}/samples", Stop)).EnumerateArray().Single();
        Assert.Equal(1234.5m, ordered.GetProperty("price").GetDecimal());
        long sample = ordered.GetProperty("id").GetInt64();
        await PostedForm.SeenAsync(worker, $"/cases/{id}", $"sample-{sample}", [("Step", "receive"), ("Sample.Version", "1")], Stop);
        Assert.Contains("Somebody changed sample", await PostedForm.SeenAsync(worker, $"/cases/{id}", $"sample-{sample}", [("Step", "send"), ("Laboratory", "L"), ("Sample.Version", "1")], Stop), StringComparison.Ordinal);
        Assert.Contains("empty the risk, or note that it failed", await PostedForm.SeenAsync(worker, $"/cases/{id}", $"sample-{sample}", [("Step", "passed"), ("Risk", "It burns."), ("Sample.Version", "2")], Stop), StringComparison.Ordinal);
        string failed = await PostedForm.SeenAsync(worker, $"/cases/{id}", $"sample-{sample}", [("Step", "failed"), ("Risk", "It burns."), ("Standard", "EN 71-2"), ("Sample.Version", "2")], Stop);
        Assert.Contains("in action", failed, StringComparison.Ordinal);
        Assert.Contains("It burns.", failed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_only_saved_a_picture_is_shown_encoded_anew_and_each_taking_is_recorded()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker), nobody = server.Client(null);
        long id = await OpenAsync(worker);
        byte[] text = "<script>alert(1)</script>"u8.ToArray();
        long file = await AttachAsync(worker, id, "evil.txt", text), picture = await AttachAsync(worker, id, "photo.png", server.Picture);
        using HttpResponseMessage taken = await worker.GetAsync($"/cases/{id}/attachments/{file}", Stop);
        Assert.Equal(text, await taken.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal(("application/octet-stream", "attachment", "nosniff"), (taken.Content.Headers.ContentType?.MediaType, taken.Content.Headers.ContentDisposition?.DispositionType, taken.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Contains("sandbox", taken.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using HttpResponseMessage shown = await worker.GetAsync($"/cases/{id}/attachments/{picture}/picture", Stop);
        byte[] jpeg = await shown.Content.ReadAsByteArrayAsync(Stop);
        Assert.Equal(("image/jpeg", false), (shown.Content.Headers.ContentType?.MediaType, jpeg.SequenceEqual(server.Picture)));
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync($"/cases/{id}/attachments/{file}/picture", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await worker.GetAsync($"/cases/{id + 4711}/attachments/{file}", Stop)).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await nobody.GetAsync($"/cases/{id}/attachments/{file}", Stop)).StatusCode);
        using HttpResponseMessage refused = await worker.PostAsync(new Uri($"/api/v1/cases/{id}/attachments?name=run.exe", UriKind.Relative), new ByteArrayContent("MZ"u8.ToArray()) { Headers = { ContentType = new("application/octet-stream") } }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        await using TouchstoneDb db = await server.OpenAsync();
        Assert.Equal(1, await db.Audit.CountAsync(x => x.Action == AuditAction.AttachmentFetched && x.Subject == AuditSubject.Case(id), Stop));

        // By the page's form, as a browser sends it.
        string html = await worker.GetStringAsync($"/cases/{id}", Stop);
        using var form = new MultipartFormDataContent { { new StringContent("attach"), "_handler" }, { new StringContent(PostedForm.TokenOf(html)), "__RequestVerificationToken" } };
        form.Add(new ByteArrayContent("%PDF-1.7"u8.ToArray()), "file", "C:\\lab\\report.pdf");
        using HttpResponseMessage sent = await worker.PostAsync(new Uri($"/cases/{id}", UriKind.Relative), form, Stop);
        Assert.Contains(">report.pdf</a>", await worker.GetStringAsync(sent.Headers.Location, Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_named_finds_it_on_the_overview_until_they_open_the_case()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long id = await OpenAsync(worker);
        string name = server.FirstAdministrator.UserName;
        using HttpResponseMessage noted = await worker.PostAsJsonAsync($"/api/v1/cases/{id}/notes", new { text = $"@{name}, please look; not a@{name} nor @nobody-here." }, Stop);
        noted.EnsureSuccessStatusCode();
        await using TouchstoneDb db = await server.OpenAsync();
        MentionRow mention = await db.Mentions.AsNoTracking().SingleAsync(x => x.CaseId == id, Stop);
        Assert.Equal((name, (DateTimeOffset?)null), (mention.Account, mention.SeenAt));
        Assert.Single(await Mentions.UnseenAsync(db, name, 500, Stop), x => x.CaseId == id);
    }

    [Fact]
    public async Task Many_hits_of_a_shop_wait_for_a_second_person_who_approves_on_the_page()
    {
        using HttpClient program = server.Client(AccountRole.Caseworker), worker = server.Client(null), second = server.Client(null);
        string name = $"person-{Guid.NewGuid():N}";
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
            Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().CreateAsync(new Account { UserName = name, Role = AccountRole.Caseworker }, server.FirstAdministrator.Password)).Succeeded);
        using (HttpResponseMessage signedIn = await ConsoleTests.SignInAsync(worker, name, server.FirstAdministrator.Password)) Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        using (HttpResponseMessage signedIn = await ConsoleTests.SignInAsync(second, server.FirstAdministrator.UserName, server.FirstAdministrator.Password)) Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        string host = $"{Guid.NewGuid():N}.example";
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            ReferenceRow reference = await SampleHits.AddReferenceAsync(db, "Bulk lamp");
            ShopRow shop = await SampleHits.AddShopAsync(db, host);
            for (int i = 0; i < 51; i++) await SampleHits.AddAsync(db, reference, shop, BlobName.Of(server.Picture));
        }
        Assert.Contains("Decide all 51 undecided hits", await worker.GetStringAsync($"/hits/wall?shop={host}", Stop), StringComparison.Ordinal);
        (string, string)[] decision = [("Group.By", "Shop"), ("Group.Key", host), ("Group.Decision", "Reject"), ("Group.Reason", "OtherProduct")];
        Assert.Contains("proposes them, not a key.", await PostedForm.SeenAsync(program, $"/hits/wall?shop={host}", "group", decision, Stop), StringComparison.Ordinal);
        string told = await PostedForm.SeenAsync(worker, $"/hits/wall?shop={host}", "group", decision, Stop);
        Assert.Contains("51 hits wait for a second person", told, StringComparison.Ordinal);
        long id;
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            id = (await db.Proposals.SingleAsync(x => x.Key == host, Stop)).Id;
            Assert.Equal(51, await db.Hits.CountAsync(x => x.Listing!.Shop!.Host == host && x.State == HitState.New, Stop));
        }
        Assert.Contains("is your own", await PostedForm.SeenAsync(worker, "/hits/proposals", $"proposal-{id}", [("Step", "approve")], Stop), StringComparison.Ordinal);
        Assert.Contains("A person approves, not a key.", await PostedForm.SeenAsync(program, "/hits/proposals", $"proposal-{id}", [("Step", "approve")], Stop), StringComparison.Ordinal);
        Assert.Contains("51 hits are decided.", await PostedForm.SeenAsync(second, "/hits/proposals", $"proposal-{id}", [("Step", "approve")], Stop), StringComparison.Ordinal);
        await using TouchstoneDb after = await server.OpenAsync();
        Assert.Equal(51, await after.Hits.CountAsync(x => x.Listing!.Shop!.Host == host && x.State == HitState.Rejected && x.Reason == RejectReason.OtherProduct, Stop));
    }

    [Fact]
    public async Task Pictures_of_a_marked_reference_are_blurred_unless_the_account_wants_none()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long reference, hit;
        await using (TouchstoneDb db = await server.OpenAsync())
        {
            ReferenceRow row = await SampleHits.AddReferenceAsync(db, "Upsetting toy");
            HitRow found = await SampleHits.AddAsync(db, row, image: BlobName.Of(server.Picture));
            (reference, hit) = (row.Id, found.Id);
        }
        Assert.Equal(0, Veiled(await worker.GetStringAsync($"/hits/{hit}", Stop)));
        using HttpResponseMessage marked = await worker.PutAsJsonAsync($"/api/v1/references/{reference}/upsetting", new { upsetting = true }, Stop);
        marked.EnsureSuccessStatusCode();
        Assert.True(Veiled(await worker.GetStringAsync($"/hits/{hit}", Stop)) > 0);
        Assert.True(Veiled(await worker.GetStringAsync($"/hits/wall?reference={reference}", Stop)) > 0);
        Assert.Contains("Saved.", await PostedForm.SeenAsync(worker, "/account", "blur", [("blur", "None")], Stop), StringComparison.Ordinal);
        Assert.Equal(0, Veiled(await worker.GetStringAsync($"/hits/{hit}", Stop)));
        await PostedForm.SeenAsync(worker, "/account", "blur", [("blur", "All")], Stop);
        Assert.True(Veiled(await worker.GetStringAsync("/hits", Stop)) > 0);
        await PostedForm.SeenAsync(worker, "/account", "blur", [("blur", "Marked")], Stop);
    }

    [Fact]
    public async Task Only_an_administrator_changes_the_rules_and_adds_days_off()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker), admin = server.Client(AccountRole.Administrator);
        object rules = new { hitsAlone = 50, orderDays = 2, noticeDays = 3, sampleDays = 20, ownDays = 5, country = (string?)null, upsettingCategories = Array.Empty<string>() };
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PutAsJsonAsync("/api/v1/case-rules", rules, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.PutAsJsonAsync("/api/v1/case-rules", rules, Stop)).StatusCode);
        using HttpResponseMessage none = await admin.PutAsJsonAsync("/api/v1/case-rules", new { hitsAlone = 1, orderDays = 1, noticeDays = 1, sampleDays = 1, ownDays = 1, upsettingCategories = new string?[] { null } }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        string page = await PostedForm.SeenAsync(admin, "/system/cases", "day", [("Holiday.Day", "2030-10-09"), ("Holiday.Country", "KR"), ("Holiday.Name", "Hangul Day of 2030")], Stop);
        Assert.Contains("Hangul Day of 2030", page, StringComparison.Ordinal);
        long day = (await admin.GetFromJsonAsync<JsonElement>("/api/v1/case-rules/days-off", Stop)).EnumerateArray().Single(x => x.GetProperty("name").GetString() == "Hangul Day of 2030").GetProperty("id").GetInt64();
        Assert.DoesNotContain("Hangul Day of 2030", await PostedForm.SeenAsync(admin, "/system/cases", $"day-{day}", [], Stop), StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"Rules.HitsAlone\"", await worker.GetStringAsync("/system/cases", Stop), StringComparison.Ordinal);
    }

    private static int Veiled(string html) => Blurred().Count(html);

    private static async Task<long> AttachAsync(HttpClient worker, long id, string name, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using HttpResponseMessage sent = await worker.PostAsync(new Uri($"/api/v1/cases/{id}/attachments?name={name}", UriKind.Relative), content, Stop);
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        return (await sent.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetInt64();
    }

    private async Task<long> OpenAsync(HttpClient worker, string? market = null)
    {
        using HttpResponseMessage opened = await worker.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { await server.AddHitAsync() }, market }, Stop);
        return (await opened.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("id").GetInt64();
    }

    [GeneratedRegex("<(img|div)[^>]* data-veiled", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blurred();

    [GeneratedRegex("name=\"State.To\" value=\"(\\w+)\"[^>]*data-key=\"(\\d)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Step();
}
