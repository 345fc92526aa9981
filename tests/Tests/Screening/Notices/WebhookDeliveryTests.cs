using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Crawling;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Notices;

public sealed class WebhookDeliveryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_notice_reaches_a_webhook_as_a_signed_cloud_event()
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync();
        string? body = null;
        site.On("/hook", async x =>
        {
            using var reader = new StreamReader(x.Request.Body, Encoding.UTF8);
            body = await reader.ReadToEndAsync(Stop);
            x.Response.StatusCode = 202;
        });
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow draft = await desk.DraftAsync(NoticeKind.SafetyGateDraft, way: NoticeWay.Webhook, recipient: site.Url("/hook"));
        Assert.True((await new SendNotice(draft.Id, new NoticeTools(null)).RunAsync(desk.Anna, desk.Blobs, Stop)).Done);
        byte[] before = await WebhookSecrets.OfAsync(desk.Db, desk.Clock, site.Url("/hook"), 0, Stop);
        desk.Db.ChangeTracker.Clear();
        Assert.True((await Operators.ChangeSecretsAsync(desk.Anna, Stop)).Done);
        OutboxRow message = await desk.Db.Outbox.AsNoTracking().SingleAsync(Stop);
        Assert.Equal(OutboxKind.Webhook, message.Kind);
        var options = new OutboundOptions();
        options.AllowedInternalHosts.Add(site.Host);
        using var http = new OutboundHttp(options, TimeProvider.System);
        DeliveryOutcome outcome = await new WebhookDelivery(http, desk.Database, new(), desk.Clock).DeliverAsync(message, Stop);
        Assert.Null(outcome.Failure);
        Assert.Equal("202 Accepted", outcome.Detail);

        IDictionary<string, string> headers = Assert.Single(site.Headers);
        Assert.StartsWith("application/cloudevents+json", headers["Content-Type"], StringComparison.Ordinal);
        string[] signatures = headers["webhook-signature"].Split(' ');
        byte[] signed = Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}");
        byte[] now = await WebhookSecrets.OfAsync(desk.Db, desk.Clock, site.Url("/hook"), 1, Stop);
        Assert.Equal([.. ((byte[][])[now, before]).Select(x => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(x, signed))}")], signatures);
        Assert.NotEqual(before, await WebhookSecrets.OfAsync(desk.Db, desk.Clock, "https://other.example/hook", 0, Stop));
        JsonElement @event = JsonDocument.Parse(body!).RootElement;
        Assert.Equal(("1.0", "touchstone.notice.safety-gate-draft"), (@event.GetProperty("specversion").GetString(), @event.GetProperty("type").GetString()));
        JsonElement data = @event.GetProperty("data");
        Assert.Equal("A12/00017/26", data.GetProperty("products")[0].GetProperty("number").GetString());
        Assert.Equal("The filter lets particles through.", data.GetProperty("products")[0].GetProperty("danger").GetString());
        Assert.False(data.TryGetProperty("replyUrl", out _));
    }

    [Theory]
    [InlineData(410, DeliveryFailure.Refused)]
    [InlineData(302, DeliveryFailure.Refused)]
    [InlineData(401, DeliveryFailure.AuthenticationRefused)]
    [InlineData(503, DeliveryFailure.RefusedForNow)]
    [InlineData(429, DeliveryFailure.RefusedForNow)]
    public async Task A_refusal_is_for_now_or_for_good_by_its_status(int status, DeliveryFailure expected)
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync();
        if (status == 302) site.Redirect("/hook", "/elsewhere").Text("/elsewhere", "took it");
        else site.Status("/hook", status);
        Assert.Equal(expected, (await DeliverAsync(site.Url("/hook"), site.Host)).Failure);
        Assert.DoesNotContain("/elsewhere", site.Requests);
    }

    [Fact]
    public async Task An_address_inside_of_the_network_is_not_reached()
    {
        await using LoopbackSite site = await LoopbackSite.StartAsync();
        Assert.Equal(DeliveryFailure.Unreachable, (await DeliverAsync(site.Url("/hook"), null)).Failure);
        Assert.Empty(site.Requests);
    }

    private static async Task<DeliveryOutcome> DeliverAsync(string url, string? allowed)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Touchstone.Screening.Storage.DatabaseProvider.Sqlite);
        var options = new OutboundOptions();
        if (allowed is not null) options.AllowedInternalHosts.Add(allowed);
        using var http = new OutboundHttp(options, TimeProvider.System);
        return await new WebhookDelivery(http, database, new(), TimeProvider.System).DeliverAsync(new OutboxRow { Kind = OutboxKind.Webhook, Recipient = url, Subject = "s", Body = "{}", Key = "k" }, Stop);
    }
}
