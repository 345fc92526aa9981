using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Server.Api;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>Searches, imports, mail and references as programs use them: what the console can do, with versions and reasons.</summary>
[Collection(ServerSet.Name)]
public sealed class SearchesApiTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_search_is_edited_paused_resumed_and_deleted_by_who_saw_its_version()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        long id = await CreateAsync(client);
        string path = $"/api/v1/searches/{id}";
        using HttpResponseMessage read = await client.GetAsync(path, Stop);
        string tag = read.Headers.ETag!.Tag;
        using HttpResponseMessage paused = await SendAsync(client, HttpMethod.Post, $"{path}/pause", tag);
        Assert.Equal(HttpStatusCode.OK, paused.StatusCode);
        Assert.NotEqual(JsonValueKind.Null, (await paused.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("pausedAt").ValueKind);
        using HttpResponseMessage late = await SendAsync(client, HttpMethod.Post, $"{path}/resume", tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);

        object changed = new { name = "Renamed", shopUrls = new[] { "https://shop.example/" }, terms = (string?)null, pageBudget = 50, repeatEveryHours = 48 };
        using HttpResponseMessage edited = await SendAsync(client, HttpMethod.Put, path, paused.Headers.ETag!.Tag, changed);
        Assert.Equal(("Renamed", 50), (await edited.Content.ReadFromJsonAsync<JsonElement>(Stop)) is var item ? (item.GetProperty("name").GetString(), item.GetProperty("pageBudget").GetInt32()) : default);
        using HttpResponseMessage lacking = await SendAsync(client, HttpMethod.Put, path, null, new { name = "x" });
        Assert.Equal("shopUrls", (await lacking.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("name").GetString());

        using HttpResponseMessage deleted = await SendAsync(client, HttpMethod.Delete, path, null);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.DoesNotContain($"\"id\":{id},\"name\"", await client.GetStringAsync("/api/v1/searches?limit=200", Stop), StringComparison.Ordinal);
        using HttpResponseMessage again = await SendAsync(client, HttpMethod.Post, $"{path}/runs", null);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains("was deleted", await client.GetStringAsync($"/searches/{id}", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_repeats_at_a_time_of_day_and_its_runs_are_compared()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        object weekly = new { shopUrls = new[] { "https://shop.invalid/" }, name = "Weekly", repeatEveryHours = 168, repeatAt = "06:30", repeatOn = "Monday" };
        using HttpResponseMessage made = await client.PostAsJsonAsync("/api/v1/searches", weekly, Stop);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        long id = (await made.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("searchId").GetInt64();
        JsonElement search = await client.GetFromJsonAsync<JsonElement>($"/api/v1/searches/{id}", Stop);
        Assert.Equal(("06:30", "Monday"), (search.GetProperty("repeatAt").GetString(), search.GetProperty("repeatOn").GetString()));
        Assert.Contains("every week on Monday at 06:30", await client.GetStringAsync($"/searches/{id}", Stop), StringComparison.Ordinal);
        using HttpResponseMessage wrong = await client.PostAsJsonAsync("/api/v1/searches", new { shopUrls = new[] { "https://shop.invalid/" }, repeatEveryHours = 24, repeatAt = "6 am" }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using HttpResponseMessage nothing = await client.GetAsync($"/api/v1/searches/{id}/changes", Stop);
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);

        string page = (await ConsolePages.PathsAsync(server)).Single(x => x.EndsWith("/changes", StringComparison.Ordinal));
        JsonElement changes = await client.GetFromJsonAsync<JsonElement>($"/api/v1{page}?limit=3", Stop);
        JsonElement counts = changes.GetProperty("counts");
        Assert.Equal((1, 1, 1, 1), (counts.GetProperty("new").GetInt32(), counts.GetProperty("changed").GetInt32(), counts.GetProperty("gone").GetInt32(), counts.GetProperty("notSeenAgain").GetInt32()));
        JsonElement rest = await client.GetFromJsonAsync<JsonElement>($"/api/v1{page}?limit=3&after={changes.GetProperty("next").GetString()}", Stop);
        Assert.Equal((3, 1), (changes.GetProperty("items").GetArrayLength(), rest.GetProperty("items").GetArrayLength()));
        Assert.Equal(5, (await client.GetStringAsync($"/api/v1{page}/list.csv", Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("the shop answered 404", await client.GetStringAsync($"{page}?change=Gone", Stop), StringComparison.Ordinal);
        using HttpResponseMessage turned = await client.GetAsync($"/api/v1{page}?from={changes.GetProperty("to").GetProperty("id")}&to={changes.GetProperty("from").GetProperty("id")}", Stop);
        Assert.Equal(HttpStatusCode.NotFound, turned.StatusCode);
    }

    [Fact]
    public async Task A_search_that_read_no_page_is_not_called_finished()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        long id = await CreateAsync(client);
        string page = "";
        await Eventually.IsSoAsync(async () => !(page = await client.GetStringAsync($"/searches/{id}", Stop)).Contains("data-follow=", StringComparison.Ordinal), "the search ended");
        Assert.Contains("read nothing", page, StringComparison.Ordinal);
        Assert.Contains("No page was read", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">finished<", page, StringComparison.Ordinal);
        Assert.Contains("It found nothing", await client.GetStringAsync($"/searches/{id}/delete", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_register_is_given_looked_at_started_and_its_rejected_rows_are_a_table()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        using var table = new StringContent("id,title\nD-1,Lamp of the day\nD-2,\n=1,\n", Encoding.UTF8, "text/csv");
        using HttpResponseMessage staged = await client.PostAsync("/api/v1/imports?register=day&fileName=day.csv&kind=Alert", table, Stop);
        Assert.Equal(HttpStatusCode.Created, staged.StatusCode);
        JsonElement item = await staged.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(("Previewed", 2), (item.GetProperty("state").GetString(), item.GetProperty("preview").GetProperty("report").GetProperty("rejected").GetInt32()));
        string location = staged.Headers.Location!.OriginalString, id = location[(location.LastIndexOf('/') + 1)..];
        string rejected = await client.GetStringAsync($"{location}/rejected", Stop);
        Assert.StartsWith("row,reason\r\n\"day.csv:3\",\"The line has no title.\"\r\n", rejected, StringComparison.Ordinal);
        Assert.Contains("Rejected rows", await client.GetStringAsync($"/references/imports/{id}", Stop), StringComparison.Ordinal);

        JsonElement listed = (await client.GetFromJsonAsync<JsonElement>("/api/v1/imports", Stop)).GetProperty("items").EnumerateArray().First(x => $"{x.GetProperty("id").GetInt64()}" == id);
        Assert.False(listed.TryGetProperty("preview", out _), "A list holds no reports: each may be a thousand rows long.");

        using HttpResponseMessage started = await client.PostAsync($"{location}/start", null, Stop);
        Assert.Equal(HttpStatusCode.OK, started.StatusCode);
        JsonElement done = default;
        await Eventually.IsSoAsync(async () => (done = await client.GetFromJsonAsync<JsonElement>(location, Stop)).GetProperty("state").GetString() == "Done", "the import was done");
        Assert.Equal(1, done.GetProperty("report").GetProperty("added").GetInt32());
        JsonElement reference = (await client.GetFromJsonAsync<JsonElement>("/api/v1/references?q=day", Stop)).GetProperty("items")[0];
        string path = $"/api/v1/references/{reference.GetProperty("id").GetInt64()}";
        using HttpResponseMessage nameless = await client.PostAsJsonAsync("/api/v1/imports?fileName=day.csv", new { }, Stop);
        Assert.Equal("register", (await nameless.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("name").GetString());

        using HttpResponseMessage retired = await client.PostAsJsonAsync($"{path}/retire", new { reason = "Withdrawn." }, Stop);
        Assert.NotEqual(JsonValueKind.Null, (await retired.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("retiredAt").ValueKind);
        string page = await client.GetStringAsync(path.Replace("/api/v1", "", StringComparison.Ordinal), Stop);
        Assert.Contains("it is retired: Withdrawn.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/searches/new?reference=", page, StringComparison.Ordinal);
        using HttpResponseMessage restored = await client.PostAsJsonAsync($"{path}/restore", new { reason = "A mistake." }, Stop);
        Assert.Equal(HttpStatusCode.OK, restored.StatusCode);
    }

    [Fact]
    public async Task Files_of_registers_that_would_not_fit_into_memory_together_are_refused_and_keep_nobody_from_the_gate()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        using (Admission.Visit large = server.Services.GetRequiredKeyedService<Admission>(Admission.OfImports).Enter(ImportsApi.Patience))
        {
            large.Hold(256 << 20);
            using var table = new StringContent("id,title\nE-1,Lamp\n", Encoding.UTF8, "text/csv");
            using HttpResponseMessage refused = await client.PostAsync("/api/v1/imports?register=full&fileName=full.csv", table, Stop);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            using Admission.Visit other = server.Services.GetRequiredService<Admission>().Enter(TimeSpan.FromMinutes(1));
            other.Hold(1 << 20);
        }
        using var again = new StringContent("id,title\nE-1,Lamp\n", Encoding.UTF8, "text/csv");
        using HttpResponseMessage staged = await client.PostAsync("/api/v1/imports?register=full&fileName=full.csv", again, Stop);
        Assert.Equal(HttpStatusCode.Created, staged.StatusCode);
    }

    [Fact]
    public async Task Mail_and_schedules_are_an_administrators_and_messages_and_jobs_are_shown()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker), administrator = server.Client(AccountRole.Administrator);
        using HttpResponseMessage refused = await client.PutAsJsonAsync("/api/v1/mail", new { host = "mail.example", port = 587, from = "a@example.org" }, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using HttpResponseMessage wrong = await administrator.PutAsJsonAsync("/api/v1/mail", new { host = "mail.example", port = 0, from = "a@example.org" }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using HttpResponseMessage tested = await administrator.PostAsJsonAsync("/api/v1/mail/test", new { to = "nobody" }, Stop);
        Assert.Equal("to", (await tested.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("name").GetString());
        JsonElement registers = await client.GetFromJsonAsync<JsonElement>("/api/v1/registers", Stop);
        long register = registers.EnumerateArray().First(x => x.GetProperty("name").GetString() == "test").GetProperty("id").GetInt64();
        using HttpResponseMessage scheduled = await administrator.PutAsJsonAsync($"/api/v1/registers/{register}/schedule", new { url = "ftp://x", everyHours = 24 }, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, scheduled.StatusCode);
        Assert.Equal(2, (await client.GetFromJsonAsync<JsonElement>("/api/v1/jobs", Stop)).GetProperty("counts").GetArrayLength());
        Assert.Contains("No mail server is set", await client.GetStringAsync("/system/messages", Stop), StringComparison.Ordinal);
        using HttpResponseMessage none = await client.PostAsync("/api/v1/messages/999999/retry", null, Stop);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private static async Task<long> CreateAsync(HttpClient client)
    {
        using HttpResponseMessage created = await client.PostAsJsonAsync("/api/v1/searches", new { shopUrls = new[] { "http://127.0.0.1:9/" }, repeatEveryHours = 24 }, Stop);
        return (await created.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("searchId").GetInt64();
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? tag, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-Match", tag);
        return await client.SendAsync(request, Stop);
    }
}
