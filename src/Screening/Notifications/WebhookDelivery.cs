using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Text;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notifications;

/// <summary>
/// The secrets by which receivers of webhooks recognise this installation (Standard Webhooks 1.0): one for each host, made of the installation's key, so that none is stored
/// and no receiver knows another's.
/// </summary>
public static class WebhookSecrets
{
    /// <summary>The secret of the receiver's host, 32 bytes.</summary>
    /// <param name="serial">Which of the secrets: it grows when they are changed.</param>
    public static Task<byte[]> OfAsync(TouchstoneDb db, TimeProvider clock, string url, int serial, CancellationToken cancellationToken) =>
        SigningKey.DeriveAsync(db, clock, FormattableString.Invariant($"webhook {serial} {new Uri(url).Authority}"), cancellationToken);

    /// <summary>A secret as receivers' programs take it.</summary>
    public static string Shown(ReadOnlySpan<byte> secret) => $"whsec_{Convert.ToBase64String(secret)}";

    /// <summary>The signature of a message: <c>v1,</c> and HMAC-SHA256 over id, time and body with dots between them, base64.</summary>
    /// <param name="at">Seconds since 1970.</param>
    public static string Sign(byte[] secret, string id, long at, string body) =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(FormattableString.Invariant($"{id}.{at}.{body}"))))}";
}

/// <summary>
/// Hands messages over by HTTPS through the outbound guard, as CloudEvents 1.0 signed after Standard Webhooks. Follows no redirect: the body reaches only the host that was
/// named. A message that is delivered twice bears the same <c>webhook-id</c>. Safe for concurrent use.
/// </summary>
public sealed class WebhookDelivery(OutboundHttp http, IDbContextFactory<TouchstoneDb> databases, OutboxOptions outbox, TimeProvider clock)
{
    private const int LongestAnswer = 500;

    /// <summary>How long one message may take: 20 s, or less where the outbox's lease is shorter.</summary>
    private readonly TimeSpan limit = TimeSpan.FromSeconds(Math.Min(20, outbox.Lease.TotalSeconds / 2));

    /// <summary>Delivers one message; an <see cref="OutboxTransport"/>.</summary>
    public async Task<DeliveryOutcome> DeliverAsync(OutboxRow message, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(message.Recipient, UriKind.Absolute, out Uri? url) || url.Scheme is not ("https" or "http")) return DeliveryOutcome.Failed(DeliveryFailure.Unwritable, $"'{message.Recipient}' is no https URL.");
        string id = $"msg_{BlobName.Of(Encoding.UTF8.GetBytes(message.Key))[..32]}";
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(message.Body, Encoding.UTF8, "application/cloudevents+json") };
        long at = clock.GetUtcNow().ToUnixTimeSeconds();
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", FormattableString.Invariant($"{at}"));
        request.Headers.Add("webhook-signature", await SignaturesAsync(message, id, at, cancellationToken));
        using var deadline = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using HttpClient client = http.CreateClient(followRedirects: false);
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            string said = $"{(int)answer.StatusCode} {answer.ReasonPhrase}";
            return ReasonOf(answer.StatusCode) is { } failure ? DeliveryOutcome.Failed(failure, $"{url.Authority}: {Cut(said)}") : DeliveryOutcome.Delivered with { Detail = Cut(said) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DeliveryOutcome.Failed(DeliveryFailure.TimedOut, $"{url.Authority} did not take the message within {limit}.");
        }
        catch (HttpRequestException failure)
        {
            return DeliveryOutcome.Failed(failure.InnerException is AuthenticationException ? DeliveryFailure.EncryptionRefused : DeliveryFailure.Unreachable, $"{url.Authority}: {Cut(failure.Message)}");
        }
    }

    /// <summary>Signatures by the secret of now and by the one before it, so that receivers change over when they like.</summary>
    private async Task<string> SignaturesAsync(OutboxRow message, string id, long at, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        int serial = await db.Operators.Select(x => x.WebhookSerial).FirstOrDefaultAsync(cancellationToken);
        var signatures = new List<string>();
        for (int i = serial; i >= Math.Max(0, serial - 1); i--) signatures.Add(WebhookSecrets.Sign(await WebhookSecrets.OfAsync(db, clock, message.Recipient, i, cancellationToken), id, at, message.Body));
        return string.Join(' ', signatures);
    }

    private static DeliveryFailure? ReasonOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => null,
        401 or 403 => DeliveryFailure.AuthenticationRefused,
        408 or 425 or 429 => DeliveryFailure.RefusedForNow,
        // 410 says that nobody listens there any more, a redirect that the address is another.
        >= 300 and < 500 => DeliveryFailure.Refused,
        _ => DeliveryFailure.RefusedForNow,
    };

    private static string Cut(string text) => WholeCharacters.Cut(text, LongestAnswer);
}
