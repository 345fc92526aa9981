using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Notifications;

public sealed class SmtpDeliveryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_real_server_receives_the_message_as_written()
    {
        await using MailServer server = await MailServer.StartAsync();
        const string Subject = "Der Filter läßt Partikel durch: 防尘口罩";
        DeliveryOutcome outcome = await To(server).DeliverAsync(Message(Subject), Stop);
        Assert.Null(outcome.Failure);

        ReceivedMail mail = await server.ReceiveAsync(Stop);
        Assert.Equal(("sender@touchstone.example", "owner@example.org"), (mail.From, Assert.Single(mail.To)));
        string subject = mail.Raw.Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n").Single(x => x.StartsWith("Subject: ", StringComparison.Ordinal));
        Assert.Equal($"Subject: {Subject}", Regex.Replace(subject, @"=\?utf-8\?b\?(.+?)\?=", x => Encoding.UTF8.GetString(Convert.FromBase64String(x.Groups[1].Value)), RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)));
        Assert.Contains("Auto-Submitted: auto-generated", mail.Raw, StringComparison.Ordinal);
        string[] parts = mail.Raw.Split("\r\n\r\n", 2);
        Assert.Contains("charset=utf-8", parts[0], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Message().Body, Encoding.UTF8.GetString(Convert.FromBase64String(parts[1])));
    }

    [Fact]
    public async Task The_same_cause_has_the_same_message_id()
    {
        await using MailServer server = await MailServer.StartAsync();
        List<string> ids = [];
        foreach (string key in (string[])["a", "a", "b"])
        {
            OutboxRow message = Message();
            message.Key = key;
            Assert.Null((await To(server).DeliverAsync(message, Stop)).Failure);
            ids.Add((await server.ReceiveAsync(Stop)).Raw.Split("\r\n").Single(x => x.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase)));
        }
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Theory]
    [InlineData(450, DeliveryFailure.RefusedForNow)]
    [InlineData(550, DeliveryFailure.Refused)]
    [InlineData(554, DeliveryFailure.Refused)]
    public async Task A_refusal_is_for_now_or_for_good_by_its_code(int code, DeliveryFailure expected)
    {
        await using MailServer server = await MailServer.StartAsync(new(Refuse: code));
        DeliveryOutcome outcome = await To(server).DeliverAsync(Message(), Stop);
        Assert.Equal(expected, outcome.Failure);
        Assert.Empty(await server.StopAsync());
    }

    [Fact]
    public async Task A_server_that_wants_an_account_is_no_reason_to_drop_the_message()
    {
        await using MailServer server = await MailServer.StartAsync(new(User: "anna", Password: "right"));
        Assert.Equal(DeliveryFailure.AuthenticationRefused, (await To(server).DeliverAsync(Message(), Stop)).Failure);
    }

    [Fact]
    public async Task Nothing_is_handed_over_to_a_server_whose_certificate_nobody_trusts()
    {
        await using MailServer server = await MailServer.StartAsync(new(Tls: true, User: "anna", Password: "right"));
        var delivery = new SmtpDelivery(new() { Host = "127.0.0.1", Port = server.Port, From = "sender@touchstone.example", UserName = "anna", Password = "right" }, new(), TimeProvider.System);
        DeliveryOutcome outcome = await delivery.DeliverAsync(Message(), Stop);
        Assert.Equal(DeliveryFailure.EncryptionRefused, outcome.Failure);
        Assert.DoesNotContain("right", outcome.Detail, StringComparison.Ordinal);
        Assert.Empty(await server.StopAsync());
    }

    [Fact]
    public async Task Nothing_is_handed_over_to_a_server_that_offers_no_encryption()
    {
        await using MailServer server = await MailServer.StartAsync();
        var delivery = new SmtpDelivery(new() { Host = "127.0.0.1", Port = server.Port, From = "sender@touchstone.example" }, new(), TimeProvider.System);
        Assert.Equal(DeliveryFailure.EncryptionRefused, (await delivery.DeliverAsync(Message(), Stop)).Failure);
        Assert.Empty(await server.StopAsync());
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        SmtpOptions options = new() { Host = "127.0.0.1", Port = ((IPEndPoint)silent.LocalEndpoint).Port, From = "sender@touchstone.example", RequireTls = false, TimeLimit = TimeSpan.FromMilliseconds(200) };
        Assert.Equal(DeliveryFailure.TimedOut, (await new SmtpDelivery(options, new(), TimeProvider.System).DeliverAsync(Message(), Stop)).Failure);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        int port;
        await using (MailServer server = await MailServer.StartAsync()) port = server.Port;
        Assert.Equal(DeliveryFailure.Unreachable, (await To("127.0.0.1", port).DeliverAsync(Message(), Stop)).Failure);
    }

    [Theory]
    [InlineData("nobody", "subject")]
    [InlineData("a@example.org\r\nBcc: b@example.org", "subject")]
    [InlineData("a@example.org", "subject\r\nBcc: b@example.org")]
    public async Task What_cannot_be_written_is_never_sent(string recipient, string subject)
    {
        OutboxRow message = Message(subject);
        message.Recipient = recipient;
        Assert.Equal(DeliveryFailure.Unwritable, (await To("127.0.0.1", 1).DeliverAsync(message, Stop)).Failure);
    }

    [Fact]
    public void Every_wrong_option_is_named_at_once()
    {
        var options = new SmtpOptions { Port = 0, From = "nobody", UserName = "anna", RequireTls = false, TimeLimit = TimeSpan.FromHours(1) };
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => new SmtpDelivery(options, new(), TimeProvider.System));
        foreach (string name in (string[])["Smtp:Host", "Smtp:Port", "Smtp:From", "Smtp:UserName", "Smtp:TimeLimit"]) Assert.Contains(name, thrown.Message, StringComparison.Ordinal);
    }

    private static SmtpDelivery To(MailServer server) => To("127.0.0.1", server.Port);

    private static SmtpDelivery To(string host, int port) =>
        new(new() { Host = host, Port = port, From = "sender@touchstone.example", RequireTls = false }, new(), TimeProvider.System);

    private static OutboxRow Message(string subject = "A picture matches") => new()
    {
        Kind = OutboxKind.Email,
        Recipient = "owner@example.org",
        Subject = subject,
        Body = "Line one.\r\nPå en hælder.",
        Key = "capture/1/reference/2/owner",
    };
}
