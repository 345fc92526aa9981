using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Server.Security;
using Touchstone.Tests.Screening.Screenings;

namespace Touchstone.Tests.Server;

[Collection(ServerSet.Name)]
public sealed class FieldTests(ServerFixture server)
{
    [Fact]
    public async Task A_photo_gives_the_owner_who_is_notified_once()
    {
        using HttpClient officer = server.Client(AccountRole.Caseworker);
        byte[] photo = Drawn.EditedCopy(Drawn.Package(7));
        JsonElement first = await SendAsync(officer, photo, "photo-1");
        JsonElement again = await SendAsync(officer, photo, "photo-1");
        long capture = first.GetProperty("id").GetInt64();
        Assert.Equal(capture, again.GetProperty("id").GetInt64());
        Assert.Equal("Lamp Rights Ltd", first.GetProperty("matches")[0].GetProperty("rightHolder").GetString());

        JsonElement told = await NotifyAsync(officer, capture);
        Assert.Equal(ServerFixture.OwnerMail, told.GetProperty("recipient").GetString());
        Assert.False(told.GetProperty("already").GetBoolean());
        Assert.True((await NotifyAsync(officer, capture)).GetProperty("already").GetBoolean());
        await using TouchstoneDb db = await server.OpenAsync();
        Assert.Equal(1, await db.Outbox.CountAsync(x => x.Recipient == ServerFixture.OwnerMail && x.Key.StartsWith($"capture/{capture}/"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_photo_needs_its_own_name()
    {
        using HttpClient officer = server.Client(AccountRole.Caseworker);
        using var content = new ByteArrayContent([1]) { Headers = { { "Content-Type", "image/jpeg" } } };
        using HttpResponseMessage response = await officer.PostAsync("/api/v1/field/captures", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static async Task<JsonElement> SendAsync(HttpClient officer, byte[] photo, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/field/captures?place=Gate+4") { Content = new ByteArrayContent(photo) { Headers = { { "Content-Type", "image/jpeg" } } } };
        request.Headers.Add("Idempotency-Key", key);
        using HttpResponseMessage response = await officer.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> NotifyAsync(HttpClient officer, long capture)
    {
        using HttpResponseMessage response = await officer.PostAsJsonAsync($"/api/v1/field/captures/{capture}/notifications", new { referenceId = server.ReferenceId });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
