using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

[Collection(ServerSet.Name)]
public sealed class ProblemTests(ServerFixture server)
{
    [Theory]
    [InlineData("/api/v1/hits?limit=0", "limit", "0")]
    [InlineData("/api/v1/hits?limit=201", "limit", "201")]
    [InlineData("/api/v1/hits?state=maybe", "state", "maybe")]
    [InlineData("/api/v1/hits?state=1", "state", "1")]
    [InlineData("/api/v1/hits?minProbability=1.5", "minProbability", "1.5")]
    [InlineData("/api/v1/hits?after=zzz", "after", "zzz")]
    [InlineData("/api/v1/cases?after=%00", "after", "\0")]
    [InlineData("/api/v1/references?kind=thing", "kind", "thing")]
    public async Task A_wrong_value_is_named_with_its_range(string path, string name, string value)
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        using HttpResponseMessage response = await client.GetAsync(path);
        JsonElement problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(name, problem.GetProperty("name").GetString());
        Assert.Equal(value, problem.GetProperty("value").GetString());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("range").GetString()));
    }

    [Theory]
    [InlineData("/api/v1/hits?limit=ten")]
    [InlineData("/api/v1/hits?minProbability=NaN")]
    [InlineData("/api/v1/cases?dueBefore=tomorrow")]
    public async Task A_value_of_another_type_is_the_callers_mistake(string path)
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        using HttpResponseMessage response = await client.GetAsync(path);
        await ProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/api/v1/hits/999999")]
    [InlineData("/api/v1/references/999999")]
    [InlineData("/api/v1/cases/999999")]
    [InlineData("/api/v1/searches/999999")]
    [InlineData("/api/v1/runs/999999")]
    [InlineData("/api/v1/runs/999999/coverage")]
    [InlineData("/api/v1/nothing")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        using HttpResponseMessage response = await client.GetAsync(path);
        await ProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/api/v1/searches", "{")]
    [InlineData("/api/v1/searches", "null")]
    [InlineData("/api/v1/searches", "{\"shopUrls\":[]}")]
    [InlineData("/api/v1/searches", "{\"shopUrls\":[\"ftp://x\"]}")]
    [InlineData("/api/v1/searches", "{\"shopUrls\":[\"https://x.example\"],\"pageBudget\":0}")]
    [InlineData("/api/v1/cases", "{\"hitIds\":[]}")]
    [InlineData("/api/v1/cases", "{\"hitIds\":[1],\"market\":\"Denmark\"}")]
    [InlineData("/api/v1/cases", "{\"hitIds\":\"x\"}")]
    [InlineData("/api/v1/gate/listings", "{\"images\":[{}]}")]
    [InlineData("/api/v1/gate/listings", "{\"images\":[{\"bytes\":\"%%%\"}]}")]
    [InlineData("/api/v1/gate/listings", "[]")]
    [InlineData("/api/v1/gate/listings", "null")]
    public async Task A_wrong_body_is_the_callers_mistake(string path, string body)
    {
        using HttpClient client = server.Client(AccountRole.Administrator);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.PostAsync(path, content);
        await ProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("POST", "/api/v1/hits/{hit}/decision", "{}", "decision")]
    [InlineData("POST", "/api/v1/hits/{hit}/decision", "{\"decison\":\"Confirm\"}", "decison")]
    [InlineData("POST", "/api/v1/hits/{hit}/decision", "{\"decision\":\"Confirm\",\"nota\":\"x\"}", "nota")]
    [InlineData("POST", "/api/v1/hits/{hit}/decision", "{\"decision\":\"Confirm\",\"decision\":\"Reject\"}", "decision")]
    [InlineData("POST", "/api/v1/hits/{hit}/decision", "{\"decision\":\"Approve\"}", "decision")]
    [InlineData("POST", "/api/v1/hits/{hit}/decision", "{\"decision\":0}", "decision")]
    [InlineData("POST", "/api/v1/hits/{hit}/decision", "{\"decision\":null}", "decision")]
    [InlineData("POST", "/api/v1/cases/1/close", "{}", "outcome")]
    [InlineData("POST", "/api/v1/cases/1/close", "{\"outcome\":\"Done\"}", "outcome")]
    [InlineData("PUT", "/api/v1/cases/1/assignee", "{}", "to")]
    [InlineData("PUT", "/api/v1/cases/1/assignee", "{\"assignee\":\"anna\"}", "assignee")]
    [InlineData("PUT", "/api/v1/cases/1/due", "{}", "dueAt")]
    [InlineData("PUT", "/api/v1/cases/1/state", "{}", "to")]
    [InlineData("POST", "/api/v1/cases/1/notes", "{}", "text")]
    [InlineData("POST", "/api/v1/cases/1/notes", "{\"text\":null}", "text")]
    [InlineData("POST", "/api/v1/cases/1/hits", "{}", "hitId")]
    [InlineData("POST", "/api/v1/cases/1/merge", "{}", "into")]
    [InlineData("POST", "/api/v1/cases", "{}", "hitIds")]
    [InlineData("POST", "/api/v1/cases", "{\"hitIds\":[null]}", "hitIds[0]")]
    [InlineData("POST", "/api/v1/searches", "{}", "shopUrls")]
    [InlineData("POST", "/api/v1/searches", "{\"shopUrls\":[null]}", "shopUrls")]
    [InlineData("POST", "/api/v1/searches", "{\"shopUrls\":[\"https://shop.example\"],\"term\":\"lamp\"}", "term")]
    [InlineData("POST", "/api/v1/profile/apply", "{}", "id")]
    [InlineData("POST", "/api/v1/field/captures/1/notifications", "{}", "referenceId")]
    [InlineData("POST", "/api/v1/gate/listings", "{}", "images")]
    [InlineData("POST", "/api/v1/gate/listings", "{\"images\":[{\"bytes\":\"AAAA\"}],\"titel\":\"Lamp\"}", "titel")]
    [InlineData("GET", "/api/v1/hits?stat=New", null, "stat")]
    [InlineData("GET", "/api/v1/cases/1?verbose=1", null, "verbose")]
    public async Task Nothing_is_decided_by_a_body_that_says_nothing_or_something_else(string method, string path, string? body, string name)
    {
        using HttpClient client = server.Client(AccountRole.Administrator);
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{hit}", $"{server.HitIds[0]}", StringComparison.Ordinal));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        JsonElement problem = await ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal(name, problem.GetProperty("name").GetString());
        string detail = problem.GetProperty("detail").GetString()!;
        Assert.Contains(name.Split('[')[0], detail, StringComparison.Ordinal);
        // Words of the API, not of the program behind it.
        Assert.DoesNotContain("Touchstone.", detail, StringComparison.Ordinal);
        if (body?.Contains("Approve", StringComparison.Ordinal) == true) Assert.Contains("Confirm, Reject, Reopen", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_page_with_a_broken_cursor_says_so_in_words()
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        using HttpResponseMessage response = await client.GetAsync("/references?after=zzz");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("The address says “zzz” for “after”", WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }
}
