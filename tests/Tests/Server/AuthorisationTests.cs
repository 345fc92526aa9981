using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

[Collection(ServerSet.Name)]
public sealed class AuthorisationTests(ServerFixture server)
{
    /// <summary>Each door with the least role that passes it; a lesser role is refused with 403, nobody with 401.</summary>
    public static TheoryData<string, string, AccountRole> Doors => new()
    {
        { "GET", "/api/v1/hits", AccountRole.Viewer },
        { "GET", "/api/v1/references", AccountRole.Viewer },
        { "GET", "/api/v1/cases", AccountRole.Viewer },
        { "GET", "/api/v1/searches", AccountRole.Viewer },
        { "GET", "/api/v1/runs", AccountRole.Viewer },
        { "GET", "/api/v1/system", AccountRole.Viewer },
        { "GET", "/metrics", AccountRole.Viewer },
        { "POST", "/api/v1/searches", AccountRole.Caseworker },
        { "POST", "/api/v1/cases", AccountRole.Caseworker },
        { "POST", "/api/v1/hits/999999/decision", AccountRole.Caseworker },
        { "POST", "/api/v1/screenings", AccountRole.Caseworker },
        { "POST", "/api/v1/field/captures", AccountRole.Caseworker },
        { "GET", "/api/v1/imports", AccountRole.Viewer },
        { "GET", "/api/v1/messages", AccountRole.Viewer },
        { "POST", "/api/v1/searches/999999/pause", AccountRole.Caseworker },
        { "POST", "/api/v1/imports/999999/start", AccountRole.Caseworker },
        { "POST", "/api/v1/references/999999/retire", AccountRole.Caseworker },
        { "POST", "/api/v1/jobs/retry", AccountRole.Caseworker },
        { "POST", "/api/v1/cases/999999/evidence", AccountRole.Caseworker },
        { "GET", "/feeds/blocklist.json", AccountRole.Feed },
        { "GET", "/api/v1/notices/999999", AccountRole.Viewer },
        { "GET", "/api/v1/block-list", AccountRole.Viewer },
        { "POST", "/api/v1/cases/999999/notices", AccountRole.Caseworker },
        { "POST", "/api/v1/notices/999999/send", AccountRole.Caseworker },
        { "POST", "/api/v1/notices/999999/replies/1/decision", AccountRole.Caseworker },
        { "GET", "/api/v1/notices/999999/replies/1/attachment", AccountRole.Caseworker },
        { "POST", "/api/v1/block-list/hosts", AccountRole.Caseworker },
        { "GET", "/api/v1/operator/webhook-secret?url=https://shop.example/", AccountRole.Administrator },
        { "POST", "/api/v1/operator/webhook-secrets/change", AccountRole.Administrator },
        { "GET", "/api/v1/mandates", AccountRole.Viewer },
        { "POST", "/api/v1/mandates", AccountRole.Administrator },
        { "POST", "/api/v1/mandates/999999/end", AccountRole.Administrator },
        { "GET", "/api/v1/findings", AccountRole.Viewer },
        { "POST", "/api/v1/findings", AccountRole.Caseworker },
        { "POST", "/api/v1/findings/999999/decision", AccountRole.Caseworker },
        { "GET", "/api/v1/search-terms", AccountRole.Viewer },
        { "PUT", "/api/v1/search-terms", AccountRole.Caseworker },
        { "PUT", "/api/v1/ignored-hosts", AccountRole.Caseworker },
        { "GET", "/api/v1/search-providers", AccountRole.Administrator },
        { "PUT", "/api/v1/search-providers/Brave", AccountRole.Administrator },
        { "GET", "/api/v1/markets", AccountRole.Viewer },
        { "GET", "/api/v1/mail", AccountRole.Administrator },
        { "POST", "/api/v1/mail/test", AccountRole.Administrator },
        { "GET", "/api/v1/audit", AccountRole.Administrator },
        { "GET", "/api/v1/audit/verification", AccountRole.Administrator },
        { "GET", "/api/v1/audit/decisions.jsonl", AccountRole.Administrator },
        { "GET", "/api/v1/retention", AccountRole.Viewer },
        { "POST", "/api/v1/persons/search", AccountRole.Administrator },
        { "POST", "/api/v1/persons/export", AccountRole.Administrator },
        { "POST", "/api/v1/persons/erasure-count", AccountRole.Administrator },
        { "POST", "/api/v1/persons/erasure", AccountRole.Administrator },
    };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_door_opens_from_its_role_on(string method, string path, AccountRole least)
    {
        foreach (AccountRole role in Enum.GetValues<AccountRole>())
        {
            HttpStatusCode status = await StatusAsync(method, path, role);
            if (role < least) Assert.Equal(HttpStatusCode.Forbidden, status);
            else Assert.True(status is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized) && (int)status < 500, $"{role} got {status}");
        }
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(method, path, null));
    }

    [Theory]
    [InlineData(AccountRole.Gate, true)]
    [InlineData(AccountRole.Viewer, false)]
    [InlineData(AccountRole.Caseworker, true)]
    [InlineData(AccountRole.Administrator, true)]
    public async Task The_gate_has_a_role_of_its_own(AccountRole role, bool opens) =>
        Assert.Equal(opens ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden, await StatusAsync("POST", "/api/v1/gate/listings", role));

    [Theory]
    [InlineData("/")]
    [InlineData("/hits")]
    [InlineData("/field")]
    [InlineData("/audit")]
    public async Task A_page_sends_strangers_to_the_sign_in(string path)
    {
        using HttpClient client = server.Client(null);
        using HttpResponseMessage response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/sign-in", response.Headers.Location!.AbsolutePath);
    }

    [Fact]
    public async Task Pictures_are_not_public()
    {
        using HttpClient client = server.Client(null);
        using HttpResponseMessage response = await client.GetAsync($"/images/{new string('a', 64)}");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_revoked_key_and_a_changed_key_are_refused()
    {
        var keys = server.Services.GetRequiredService<ApiKeys>();
        (ApiKeyRow row, string key) = await keys.CreateAsync("short-lived", AccountRole.Viewer, "test", null, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(key, row.Hash, StringComparison.Ordinal);
        Assert.NotNull(await keys.FindAsync(key, TestContext.Current.CancellationToken));
        Assert.Null(await keys.FindAsync(key[..^1] + (key[^1] == 'a' ? 'b' : 'a'), TestContext.Current.CancellationToken));
        Assert.True(await keys.RevokeAsync(row.Id, "test", TestContext.Current.CancellationToken));
        Assert.Null(await keys.FindAsync(key, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_name_is_one_keys_for_ever()
    {
        var keys = server.Services.GetRequiredService<ApiKeys>();
        (ApiKeyRow row, _) = await keys.CreateAsync("Marketplace One", AccountRole.Gate, "test", null, TestContext.Current.CancellationToken);
        Assert.True(await keys.RevokeAsync(row.Id, "test", TestContext.Current.CancellationToken));
        foreach (string name in (string[])["Marketplace One", " marketplace one "])
        {
            ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => keys.CreateAsync(name, AccountRole.Gate, "test", null, TestContext.Current.CancellationToken));
            Assert.Contains("choose another", refused.Message, StringComparison.Ordinal);
        }
        Assert.NotNull((await keys.CreateAsync("Marketplace Two", AccountRole.Gate, "test", null, TestContext.Current.CancellationToken)).Key);
    }

    [Fact]
    public async Task A_foreign_page_cannot_change_anything()
    {
        using HttpClient client = server.Client(AccountRole.Caseworker);
        client.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        using HttpResponseMessage response = await client.PostAsJsonAsync($"/api/v1/hits/{server.HitIds[0]}/decision", new { decision = "Confirm" });
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private async Task<HttpStatusCode> StatusAsync(string method, string path, AccountRole? role)
    {
        using HttpClient client = server.Client(role);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST") request.Content = path.EndsWith("captures", StringComparison.Ordinal) || path.EndsWith("screenings", StringComparison.Ordinal) ? new ByteArrayContent([]) { Headers = { { "Content-Type", "image/jpeg" } } } : JsonContent.Create(new { });
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
