using System.Formats.Asn1;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Screening.Audit;

/// <summary>A time stamp, or why there is none, for people.</summary>
public sealed record StampOutcome(byte[]? Token, string? Failure);

/// <summary>What a time stamp says. Whether the signer is to be trusted is for whoever reads it to judge.</summary>
/// <param name="Signer">The subject of the certificate that signed.</param>
public sealed record ReadStamp(DateTimeOffset At, string Signer);

/// <summary>
/// A time-stamping authority (RFC 3161) at an address that the operator configured. It is asked through the outbound guard and learns a hash, nothing else. Safe for
/// concurrent use.
/// </summary>
public sealed class TimestampAuthority : IDisposable
{
    private const int MostBytes = 1 << 20;
    private const int NonceLength = 8;
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly HttpClient client;

    /// <param name="outbound">Hosts with internal addresses that may be asked.</param>
    /// <exception cref="ArgumentException">No http or https address.</exception>
    public TimestampAuthority(Uri url, OutboundOptions outbound)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")) throw new ArgumentException($"The time-stamping authority '{url}' is no http or https address.", nameof(url));
        Url = url;
        var guard = new OutboundGuard(outbound);
        client = new HttpClient(new ConnectionFaults(new SocketsHttpHandler { ConnectCallback = guard.ConnectAsync, AllowAutoRedirect = false, UseProxy = false }), disposeHandler: true) { Timeout = Longest, MaxResponseContentBufferSize = MostBytes };
    }

    public Uri Url { get; }

    /// <summary>Has the SHA-256 of these bytes stamped.</summary>
    public async Task<StampOutcome> StampAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        var request = Rfc3161TimestampRequest.CreateFromHash(SHA256.HashData(bytes), HashAlgorithmName.SHA256, nonce: RandomNumberGenerator.GetBytes(NonceLength), requestSignerCertificates: true);
        try
        {
            using var content = new ByteArrayContent(request.Encode());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query");
            using HttpResponseMessage response = await client.PostAsync(Url, content, cancellationToken);
            if (!response.IsSuccessStatusCode) return new StampOutcome(null, $"it answered {(int)response.StatusCode}.");
            Rfc3161TimestampToken token = request.ProcessResponse(await response.Content.ReadAsByteArrayAsync(cancellationToken), out _);
            byte[] encoded = token.AsSignedCms().Encode();
            return Read(encoded, bytes) is null ? new StampOutcome(null, "its answer is signed by nobody.") : new StampOutcome(encoded, null);
        }
        catch (Exception e) when (e is HttpRequestException or ForbiddenAddressException or NameNotResolvedException or CryptographicException or AsnContentException)
        {
            return new StampOutcome(null, e.Message);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new StampOutcome(null, $"it did not answer within {Longest.TotalSeconds:0} s.");
        }
    }

    /// <summary>What a token says of these bytes; null where it is no token, or not of them.</summary>
    public static ReadStamp? Read(string token, byte[] bytes)
    {
        try
        {
            return Read(Convert.FromBase64String(token), bytes);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a token of these bytes was signed by a certificate for time stamps for which one of the given certificates vouched at that time. Nobody is asked over the network.</summary>
    public static bool IsVouchedFor(byte[] token, byte[] bytes, X509Certificate2Collection authorities)
    {
        if (!Rfc3161TimestampToken.TryDecode(token, out Rfc3161TimestampToken? read, out int length) || length != token.Length) return false;
        if (!read.VerifySignatureForData(bytes, out X509Certificate2? signer)) return false;
        using (signer)
        using (var chain = new X509Chain())
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.ExtraStore.AddRange(read.AsSignedCms().Certificates);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationTime = read.TokenInfo.Timestamp.UtcDateTime;
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(TimeStamping));
            return chain.Build(signer);
        }
    }

    public void Dispose() => client.Dispose();

    /// <inheritdoc cref="Read(string, byte[])"/>
    public static ReadStamp? Read(byte[] token, byte[] bytes)
    {
        if (!Rfc3161TimestampToken.TryDecode(token, out Rfc3161TimestampToken? read, out int length) || length != token.Length) return null;
        if (!read.VerifySignatureForData(bytes, out X509Certificate2? signer)) return null;
        using (signer) return new ReadStamp(read.TokenInfo.Timestamp, signer.Subject);
    }
}
