using System.Net.Sockets;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notifications;

/// <summary>
/// Hands messages over to the installation's mail server (RFC 5321, STARTTLS). A message that is delivered twice bears the same
/// <c>Message-ID</c>, by which mail programs show it once. Safe for concurrent use: each message has its own connection.
/// </summary>
public sealed class SmtpDelivery
{
    private readonly SmtpOptions options;
    private readonly MailboxAddress from;
    private readonly TimeProvider clock;
    private readonly IBlobStore? blobs;

    /// <exception cref="ArgumentException">The options are wrong; the message names everything that is.</exception>
    /// <param name="blobs">Holds the files that go with messages; null: such a message is not written.</param>
    public SmtpDelivery(SmtpOptions options, OutboxOptions outbox, TimeProvider clock, IBlobStore? blobs = null)
    {
        string[] problems = [.. options.Problems(outbox)];
        if (problems.Length > 0) throw new ArgumentException(string.Join(' ', problems), nameof(options));
        this.options = options;
        this.clock = clock;
        this.blobs = blobs;
        from = new(Encoding.UTF8, options.FromName, EmailAddress.TryParse(options.From)!.Address);
    }

    /// <summary>Delivers one message; an <see cref="OutboxTransport"/>.</summary>
    public async Task<DeliveryOutcome> DeliverAsync(OutboxRow message, CancellationToken cancellationToken)
    {
        if (EmailAddress.TryParse(message.Recipient) is not { } recipient) return DeliveryOutcome.Failed(DeliveryFailure.Unwritable, $"'{message.Recipient}' is no e-mail address.");
        if (message.Subject.Any(char.IsControl)) return DeliveryOutcome.Failed(DeliveryFailure.Unwritable, "The subject is not one line of text.");

        byte[]? file = null;
        if (message.AttachmentSha256 is { } sha256)
        {
            file = blobs is null ? null : await blobs.GetAsync(sha256, cancellationToken);
            if (file is null) return DeliveryOutcome.Failed(DeliveryFailure.Unwritable, $"The file {message.AttachmentName} that goes with it is not in the store.");
        }
        using MimeMessage mail = Write(message, recipient, file);
        // An authority's network seldom lets a server out to the lists of revoked certificates; the chain and the name are checked.
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        using var limit = new CancellationTokenSource(options.TimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await ConnectAsync(client, either.Token);
            // A worker's stop does not break off what is on its way: the server may have it already, and would get it twice.
            string answer = await client.SendAsync(mail, limit.Token);
            // MailKit lets the farewell fail in silence: the server has the message whatever becomes of it.
            await client.DisconnectAsync(quit: true, limit.Token);
            return DeliveryOutcome.Delivered with { Detail = answer };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DeliveryOutcome.Failed(DeliveryFailure.TimedOut, $"{options.Host}:{options.Port} did not take the message within {options.TimeLimit}.");
        }
        catch (Exception failure) when (ReasonOf(failure, client) is { } reason)
        {
            return DeliveryOutcome.Failed(reason, $"{options.Host}:{options.Port}: {failure.Message}{(failure.InnerException is { } inner ? $" ({inner.Message})" : "")}");
        }
    }

    private async Task ConnectAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        await client.ConnectAsync(options.Host!, options.Port, options.RequireTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None, cancellationToken);
        if (options.UserName is { } user)
            await client.AuthenticateAsync(user, options.Password ?? Environment.GetEnvironmentVariable(SmtpOptions.PasswordVariable) ?? "", cancellationToken);
    }

    private MimeMessage Write(OutboxRow message, MailboxAddress recipient, byte[]? file)
    {
        var text = new TextPart("plain") { ContentTransferEncoding = ContentEncoding.Base64 };
        text.SetText(Encoding.UTF8, message.Body);
        MimeEntity body = file is null ? text : new Multipart("mixed") { text, Attached(message.AttachmentName ?? "file", file) };
        var mail = new MimeMessage([from], [recipient], message.Subject, body)
        {
            Date = clock.GetUtcNow(),
            MessageId = $"{BlobName.Of(Encoding.UTF8.GetBytes(message.Key))[..32]}@{from.Domain}",
        };
        // RFC 3834: keeps out-of-office answers away.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }

    private static MimePart Attached(string name, byte[] file) => new(MimeTypes.GetMimeType(name))
    {
        Content = new MimeContent(new MemoryStream(file)),
        ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
        ContentTransferEncoding = ContentEncoding.Base64,
        FileName = name,
    };

    /// <summary>The reason that a failure of the mail client stands for; null for a defect of ours.</summary>
    private DeliveryFailure? ReasonOf(Exception failure, SmtpClient client) => failure switch
    {
        SslHandshakeException => DeliveryFailure.EncryptionRefused,
        AuthenticationException or ServiceNotAuthenticatedException => DeliveryFailure.AuthenticationRefused,
        // The server lacks an extension: STARTTLS before the connection counts as made, an account's log-in, or addresses outside of ASCII.
        NotSupportedException when !client.IsConnected => DeliveryFailure.EncryptionRefused,
        NotSupportedException when options.UserName is not null && !client.IsAuthenticated => DeliveryFailure.AuthenticationRefused,
        NotSupportedException => DeliveryFailure.Unwritable,
        SmtpCommandException answer => ReasonOf((int)answer.StatusCode),
        ProtocolException or ServiceNotConnectedException or SocketException or IOException => DeliveryFailure.Unreachable,
        _ => null,
    };

    private static DeliveryFailure ReasonOf(int code) => code switch
    {
        // RFC 4954: these speak of the account, not of the message.
        530 or 534 or 535 or 538 => DeliveryFailure.AuthenticationRefused,
        >= 400 and < 500 => DeliveryFailure.RefusedForNow,
        >= 500 and < 600 => DeliveryFailure.Refused,
        _ => DeliveryFailure.Unreachable,
    };
}
