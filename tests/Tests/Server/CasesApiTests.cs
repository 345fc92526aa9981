using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

[Collection(ServerSet.Name)]
public sealed class CasesApiTests(ServerFixture server)
{
    [Fact]
    public async Task Looking_at_a_case_and_deciding_a_hit_are_in_the_audit_log()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long hit = await server.AddHitAsync();
        long id = await OpenAsync(worker, hit);

        using HttpResponseMessage seen = await worker.GetAsync($"/api/v1/cases/{id}");
        Assert.Equal("\"1\"", seen.Headers.ETag!.Tag);
        using HttpResponseMessage page = await worker.GetAsync($"/cases/{id}");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using HttpResponseMessage decided = await worker.PostAsJsonAsync($"/api/v1/hits/{hit}/decision", new { decision = "Confirm", note = "Same label." });
        Assert.Equal(HttpStatusCode.OK, decided.StatusCode);

        await using TouchstoneDb db = await server.OpenAsync();
        List<string> actions = await db.Audit.Where(x => x.Subject == $"case/{id}" || x.Subject == $"hit/{hit}").OrderBy(x => x.Id).Select(x => $"{x.Actor} {x.Action}").ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["key:test-Caseworker case.opened", "key:test-Caseworker case.viewed", "key:test-Caseworker case.viewed", "key:test-Caseworker hit.confirmed"], actions);
        using HttpClient administrator = server.Client(AccountRole.Administrator);
        JsonElement check = await administrator.GetFromJsonAsync<JsonElement>("/api/v1/audit/verification");
        Assert.True(check.GetProperty("whole").GetBoolean());
    }

    [Fact]
    public async Task A_change_on_an_older_version_is_refused()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long id = await OpenAsync(worker, await server.AddHitAsync());
        using HttpResponseMessage first = await PutAssigneeAsync(worker, id, "key:test-Caseworker", "\"1\"");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal("\"2\"", first.Headers.ETag!.Tag);
        using HttpResponseMessage second = await PutAssigneeAsync(worker, id, server.FirstAdministrator.UserName, "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, second.StatusCode);
        using HttpResponseMessage nonsense = await PutAssigneeAsync(worker, id, server.FirstAdministrator.UserName, "\"one\"");
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
    }

    [Fact]
    public async Task What_the_case_itself_does_not_allow_is_a_conflict_also_where_the_version_was_right()
    {
        using HttpClient worker = server.Client(AccountRole.Caseworker);
        long id = await OpenAsync(worker, await server.AddHitAsync());
        using HttpResponseMessage closed = await worker.PostAsJsonAsync($"/api/v1/cases/{id}/close", new { outcome = "NoViolation" });
        Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        using HttpResponseMessage again = await SendAsync(worker, HttpMethod.Post, $"/api/v1/cases/{id}/close", new { outcome = "NoViolation" }, closed.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using HttpResponseMessage late = await SendAsync(worker, HttpMethod.Post, $"/api/v1/cases/{id}/close", new { outcome = "NoViolation" }, "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
    }

    private static async Task<long> OpenAsync(HttpClient worker, long hit)
    {
        using HttpResponseMessage opened = await worker.PostAsJsonAsync("/api/v1/cases", new { hitIds = new[] { hit }, market = "DK" });
        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        return (await opened.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }

    private static Task<HttpResponseMessage> PutAssigneeAsync(HttpClient worker, long id, string to, string version) => SendAsync(worker, HttpMethod.Put, $"/api/v1/cases/{id}/assignee", new { to }, version);

    private static async Task<HttpResponseMessage> SendAsync(HttpClient worker, HttpMethod method, string path, object body, string version)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.IfMatch.Add(new EntityTagHeaderValue(version));
        return await worker.SendAsync(request);
    }
}
