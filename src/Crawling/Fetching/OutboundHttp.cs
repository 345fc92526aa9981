using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// The only way out: every request passes <see cref="OutboundGuard"/>, uses no proxy, follows redirects by hand and obeys limits.
/// Safe for concurrent use; one instance per process.
/// </summary>
public sealed class OutboundHttp : IDisposable
{
    // System.Uri would change escapes that browsers send as they are written.
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly OutboundOptions _options;
    private readonly OutboundGuard _guard;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _invoker;

    /// <summary>Throws <see cref="ArgumentException"/> that names every problem of the options.</summary>
    public OutboundHttp(OutboundOptions options, TimeProvider time, HostResolver? resolver = null)
    {
        if (options.Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join(' ', problems), nameof(options));
        _options = options;
        _time = time;
        _guard = new OutboundGuard(options, resolver);
        // Bodies are unpacked by BodyReader, which knows every coding by each of its names.
        SocketsHttpHandler handler = CreateHandler(followRedirects: false, DecompressionMethods.None);
        handler.PlaintextStreamFilter = static (context, _) =>
            ValueTask.FromResult<Stream>(new MendedStream(new RecordedStream(context.PlaintextStream, context.InitialRequestMessage.Options.TryGetValue(RecordedStream.Address, out string? address) ? address : null)));
        _invoker = new HttpMessageInvoker(new ConnectionFaults(handler));
    }

    /// <summary>
    /// Fetches a URL without asking robots rules (pictures of a listing, downloads of a register).
    /// Throws only if <paramref name="cancellationToken"/> is cancelled; each other failure is in the outcome.
    /// </summary>
    public async Task<FetchOutcome> GetAsync(string url, FetchLimits limits, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        string current = url;
        Visit visit = new();
        RedirectTrail trail = new(url, limits.MaxRedirects, visit);
        while (true)
        {
            TimeSpan left = limits.Time - _time.GetElapsedTime(started);
            FetchHop hop = left > TimeSpan.Zero
                ? await GetOnceAsync(current, limits with { Time = left }, visit, null, cancellationToken)
                : new FetchHop(Failed(current, FetchFailure.TimedOut, $"no answer within {limits.Time.TotalSeconds} s"), null);
            FetchOutcome outcome = trail.Take(hop.Outcome) with { Url = url, Policy = "operator" };
            if (hop.RedirectTo is not { } next) return outcome;
            if (trail.Refuses(next) is { } why) return outcome with { FinalUrl = next, Failure = FetchFailure.TooManyRedirects, Detail = why };
            current = next;
        }
    }

    /// <summary>One request without following a redirect. The outcome of a redirect has its status and no failure.</summary>
    /// <param name="visit">The cookies to send and to take, and the page that asks.</param>
    /// <param name="known">An earlier answer: the server is asked for the content only if it has changed, and else this is the outcome's content.</param>
    public async Task<FetchHop> GetOnceAsync(string url, FetchLimits limits, Visit visit, FetchExchange? known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visit);
        if (WebUrl.TryParse(url) is not { } address || !Uri.TryCreate((address with { UserName = "", Password = "", Fragment = null }).ToString(), AsWritten, out Uri? uri))
            return new FetchHop(Failed(url, FetchFailure.BadUrl, "not an absolute http or https URL"), null);
        using CancellationTokenSource deadline = new(limits.Time, _time);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        WireRecord wire = new(url, _time.GetUtcNow());
        wire.Begin();
        FetchOutcome failed;
        try
        {
            return await SendAsync(url, uri, limits, visit, known, wire, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            failed = Failed(url, FetchFailure.TimedOut, $"no answer within {limits.Time.TotalSeconds:0.#} s");
        }
        catch (HttpRequestException e)
        {
            failed = Classify(url, e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            failed = Failed(url, FetchFailure.ConnectionFailed, e.Message);
        }
        return new FetchHop(failed with { Exchanges = Exchanged(wire, default, whole: false) }, null);
    }

    /// <summary>
    /// A client for other requests (model downloads, webhooks): guarded on every connection, redirects included. The caller disposes it.
    /// </summary>
    /// <param name="followRedirects">False for requests whose body must reach only the named host.</param>
    public HttpClient CreateClient(bool followRedirects = true)
    {
        HttpClient client = new(new ConnectionFaults(CreateHandler(followRedirects, DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli)), disposeHandler: true);
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        return client;
    }

    public void Dispose() => _invoker.Dispose();

    private SocketsHttpHandler CreateHandler(bool followRedirects, DecompressionMethods decompression) => new()
    {
        AllowAutoRedirect = followRedirects,
        MaxAutomaticRedirections = 5,
        AutomaticDecompression = decompression,
        ConnectCallback = _guard.ConnectAsync,
        ConnectTimeout = _options.ConnectTimeout,
        MaxConnectionsPerServer = _options.MaxConnectionsPerHost,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        // A cookie goes back byte for byte, and so does what a server redirects to.
        RequestHeaderEncodingSelector = static (name, _) => name == "Cookie" ? Encoding.Latin1 : null,
        ResponseHeaderEncodingSelector = followRedirects ? null : static (name, _) => name == "Set-Cookie" || HeaderAddress.Names.Contains(name) ? Encoding.Latin1 : null,
        UseProxy = false,
    };

    private async Task<FetchHop> SendAsync(string url, Uri uri, FetchLimits limits, Visit visit, FetchExchange? known, WireRecord wire, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", limits.Accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", BodyReader.AcceptEncoding);
        visit.AddTo(request, uri);
        if (known?.Header("ETag") is { } tag) request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        if (known?.Header("Last-Modified") is { } modified) request.Headers.TryAddWithoutValidation("If-Modified-Since", modified);
        using HttpResponseMessage response = await _invoker.SendAsync(request, cancellationToken);
        visit.Take(response, uri);
        FetchOutcome outcome = new()
        {
            Url = url,
            FinalUrl = url,
            Status = (int)response.StatusCode,
            ContentType = ContentType(response.Content.Headers),
            RetryAfter = RetryAfterHeader.Read(response.Headers, _time.GetUtcNow()),
            Exchanges = Exchanged(wire, default, whole: false),
            At = _time.GetUtcNow(),
        };
        if (outcome.Status is 300 or 301 or 302 or 303 or 307 or 308 && HeaderAddress.Of(response, "Location") is { } location)
            return new FetchHop(outcome, Redirected(url, location));
        if (known is not null && response.StatusCode == HttpStatusCode.NotModified) return new FetchHop(Recalled(outcome, known, limits), null);
        FetchOutcome refused = outcome with { Failure = FetchFailure.HttpStatus, Detail = $"{outcome.Status} {response.ReasonPhrase}" };
        // A redirect that says nowhere to go is shown as it is.
        bool leadsNowhere = outcome.Status is >= 300 and < 400 and not 304;
        bool isShown = leadsNowhere || (limits.TakesMissing && outcome.Status is 404 or 410 && outcome.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true);
        if (!response.IsSuccessStatusCode && !isShown) return new FetchHop(refused, null);
        // A page that only sends elsewhere in a header is a redirect by another name.
        if (RefreshTarget.Of(HeaderAddress.Of(response, "Refresh"), url) is { } refresh) return new FetchHop(outcome, refresh);
        IReadOnlyList<string> codings = BodyReader.Codings(string.Join(',', response.Content.Headers.ContentEncoding));
        if (BodyReader.Unknown(codings) is { } coding)
            return new FetchHop(outcome with { Failure = FetchFailure.UnknownCoding, Detail = $"the body is packed as {coding}, which nobody asked for" }, null);
        if (await BodyReader.ReadAsync(response.Content, limits, cancellationToken) is not { } read) return new FetchHop(TooLong(outcome, limits), null);
        byte[] packed = read.Packed;
        if (isShown && packed.Length == 0) return new FetchHop(refused, null);
        outcome = outcome with { Exchanges = Exchanged(wire, packed, read.Whole), At = _time.GetUtcNow(), BrokeOff = read.BrokeOff };
        if (codings.Count == 0) codings = BodyReader.Codings(null, outcome.ContentType, packed);
        try
        {
            return new FetchHop(Unpacked(outcome, limits, await BodyReader.UnpackAsync(packed, codings, limits, cancellationToken)), null);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return new FetchHop(outcome with { Failure = FetchFailure.ConnectionFailed, Detail = e.Message }, null);
        }
    }

    /// <summary>The outcome with the content of an earlier answer.</summary>
    public static FetchOutcome Recalled(FetchOutcome outcome, FetchExchange known, FetchLimits limits)
    {
        outcome = outcome with { ContentType = known.Header("Content-Type"), Remembered = known };
        try
        {
            return Unpacked(outcome, limits, BodyReader.Unpack(known.Body, BodyReader.Codings(known.Header("Content-Encoding"), outcome.ContentType, known.Body.Span), limits));
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return outcome with { Failure = FetchFailure.ConnectionFailed, Detail = e.Message };
        }
    }

    private static FetchOutcome Unpacked(FetchOutcome outcome, FetchLimits limits, ReadOnlyMemory<byte>? body) => body is { } whole ? outcome with { Body = whole } : TooLong(outcome, limits);

    private static FetchOutcome TooLong(FetchOutcome outcome, FetchLimits limits) => outcome with { Failure = FetchFailure.TooManyBytes, Detail = $"more than {limits.MaxBytes} bytes" };

    private IReadOnlyList<FetchExchange> Exchanged(WireRecord wire, ReadOnlyMemory<byte> body, bool whole) => wire.Exchange(body, whole, _time.GetUtcNow()) is { } exchange ? [exchange] : [];

    /// <summary>Where a redirect leads, read as browsers read it; what is no web address stays as the server wrote it, for whoever asks for it to refuse.</summary>
    private static string Redirected(string from, string location) =>
        WebUrl.TryParse(location, WebUrl.TryParse(from)) is { } target ? (target with { UserName = "", Password = "", Fragment = null }).ToString() : location;

    private static string? ContentType(HttpContentHeaders headers) =>
        headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values) ? values.ToString() : null;

    private FetchOutcome Classify(string url, HttpRequestException e)
    {
        for (Exception? at = e; at is not null; at = at.InnerException)
        {
            if (at is ForbiddenAddressException) return Failed(url, FetchFailure.ForbiddenAddress, at.Message);
            if (at is NameNotResolvedException) return Failed(url, FetchFailure.NameNotResolved, at.Message);
            if (at is TimeoutException) return Failed(url, FetchFailure.TimedOut, at.Message);
        }
        return Failed(url, FetchFailure.ConnectionFailed, e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message);
    }

    private FetchOutcome Failed(string url, FetchFailure failure, string detail) =>
        new() { Url = url, FinalUrl = url, Failure = failure, Detail = detail, At = _time.GetUtcNow() };
}

/// <summary>One request's result.</summary>
/// <param name="RedirectTo">The absolute target if the server redirected, else null.</param>
public sealed record FetchHop(FetchOutcome Outcome, string? RedirectTo);
