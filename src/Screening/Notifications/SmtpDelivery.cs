using System.ComponentModel;
using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Security.Authentication;
using System.Text;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notifications;

/// <summary>
/// Hands messages over to the installation's mail server (RFC 5321, STARTTLS). A message that is delivered twice bears the same
/// <c>Message-ID</c>, by which mail programs show it once. Safe for concurrent use: each message has its own connection.
/// </summary>
public sealed class SmtpDelivery
{
    private readonly SmtpOptions options;
    private readonly MailAddress from;
    private readonly TimeProvider clock;

    /// <exception cref="ArgumentException">The options are wrong; the message names everything that is.</exception>
    public SmtpDelivery(SmtpOptions options, OutboxOptions outbox, TimeProvider clock)
    {
        string[] problems = [.. options.Problems(outbox)];
        if (problems.Length > 0) throw new ArgumentException(string.Join(' ', problems), nameof(options));
        this.options = options;
        this.clock = clock;
        from = new(options.From!, options.FromName, Encoding.UTF8);
    }

    /// <summary>Delivers one message; an <see cref="OutboxTransport"/>.</summary>
    public async Task<DeliveryOutcome> DeliverAsync(OutboxRow message, CancellationToken cancellationToken)
    {
        if (message.Recipient.Any(char.IsControl) || !MailAddress.TryCreate(message.Recipient, out MailAddress? recipient))
            return DeliveryOutcome.Failed(DeliveryFailure.Unwritable, $"'{message.Recipient}' is no e-mail address.");
        if (message.Subject.Any(char.IsControl)) return DeliveryOutcome.Failed(DeliveryFailure.Unwritable, "The subject is not one line of text.");

        using MailMessage mail = Write(message, recipient);
        using var client = new SmtpClient(options.Host, options.Port) { EnableSsl = options.RequireTls };
        if (options.UserName is { } user)
        {
            client.UseDefaultCredentials = false;
            client.Credentials = new NetworkCredential(user, options.Password ?? Environment.GetEnvironmentVariable(SmtpOptions.PasswordVariable));
        }
        using var limit = new CancellationTokenSource(options.TimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await client.SendMailAsync(mail, either.Token);
            return DeliveryOutcome.Delivered;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DeliveryOutcome.Failed(DeliveryFailure.TimedOut, $"{options.Host}:{options.Port} did not take the message within {options.TimeLimit}.");
        }
        catch (SmtpException failure)
        {
            return DeliveryOutcome.Failed(ReasonOf(failure), $"{options.Host}:{options.Port}: {failure.Message}{(failure.InnerException is { } inner ? $" ({inner.Message})" : "")}");
        }
        catch (AuthenticationException failure)
        {
            return DeliveryOutcome.Failed(DeliveryFailure.EncryptionRefused, $"{options.Host}:{options.Port}: {failure.Message}");
        }
    }

    private MailMessage Write(OutboxRow message, MailAddress recipient)
    {
        var mail = new MailMessage(from, recipient)
        {
            Subject = message.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = message.Body,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.Base64,
        };
        mail.Headers.Add("Message-ID", $"<{BlobStore.Sha256Of(Encoding.UTF8.GetBytes(message.Key))[..32]}@{from.Host}>");
        // RFC 3834: keeps out-of-office answers away.
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }

    private static DeliveryFailure ReasonOf(SmtpException failure)
    {
        for (Exception? inner = failure.InnerException; inner is not null; inner = inner.InnerException)
            if (inner is AuthenticationException or Win32Exception and not System.Net.Sockets.SocketException) return DeliveryFailure.EncryptionRefused;
        // RFC 4954: 530, 534, 535 and 538 speak of the account, not of the message.
        return (int)failure.StatusCode switch
        {
            530 or 534 or 535 or 538 => DeliveryFailure.AuthenticationRefused,
            >= 400 and < 500 => DeliveryFailure.RefusedForNow,
            >= 500 and < 600 => DeliveryFailure.Refused,
            _ => DeliveryFailure.Unreachable,
        };
    }
}
