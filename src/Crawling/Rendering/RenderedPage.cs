using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Crawling.Rendering;

/// <summary>Fetches for a page that is being rendered.</summary>
public delegate Task<FetchOutcome> PartFetcher(string url, FetchLimits limits, CancellationToken cancellationToken);

/// <summary>
/// Answers every request of one page in the browser's place, so that the browser itself connects nowhere: the document from what was fetched already,
/// scripts and data through the fetcher, the rest not at all.
/// </summary>
/// <param name="looks">Whether pictures and typefaces are fetched as well, for whom it matters how the page looks.</param>
/// <param name="longest">The page's time, which is that of each of its parts.</param>
internal sealed class RenderedPage(FetchOutcome document, PartFetcher fetch, bool looks, TimeSpan longest, RenderingOptions options, ScriptCache scripts, TimeProvider time, ILogger log, CancellationToken cancellationToken)
{
    /// <summary>Types that do not change what a page says.</summary>
    private static readonly HashSet<string> Unneeded = new(StringComparer.OrdinalIgnoreCase) { "image", "media", "font", "texttrack", "websocket", "eventsource", "manifest", "ping", "cspviolationreport", "prefetch" };

    private static readonly HashSet<string> Seen = new(StringComparer.OrdinalIgnoreCase) { "image", "font" };

    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase) { "script", "stylesheet" };

    /// <summary>Types that a page looks different without.</summary>
    private static readonly HashSet<string> Visible = new(StringComparer.OrdinalIgnoreCase) { "document", "font", "image", "media", "script", "stylesheet" };

    private readonly ConcurrentQueue<FetchExchange> _resources = new();
    private readonly ConcurrentQueue<string> _lacking = new();
    private readonly ConcurrentDictionary<IRequest, byte> _underWay = new();
    private long _bytes = document.Body.Length;
    private int _requests;
    private int _refused;
    private int _loading;
    private int _documentServed;
    private volatile bool _lostPart;
    private long _lastChange = time.GetTimestamp();

    public int Requests => Volatile.Read(ref _requests);

    public int Refused => Volatile.Read(ref _refused);

    /// <summary>What went over the wire for the parts of the page, in the order in which it arrived.</summary>
    public IReadOnlyList<FetchExchange> Resources => [.. _resources];

    /// <summary>What changes how the page looks and was not given, or not yet.</summary>
    public IReadOnlyList<string> Lacking => [.. _lacking.Concat(_underWay.Keys.Where(IsSeen).Select(x => x.Url)).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether a script, a style or data did not arrive in time.</summary>
    public bool LostPart => _lostPart;

    /// <summary>Whether nothing is under way and nothing was for the given time.</summary>
    public bool IsQuiet(TimeSpan quiet) => _underWay.IsEmpty && time.GetElapsedTime(Interlocked.Read(ref _lastChange)) >= quiet;

    /// <summary>Whether the browser has taken in all that was answered: on a busy machine that is long after the answer.</summary>
    public bool IsLoaded => Volatile.Read(ref _loading) <= 0;

    /// <summary>Follows what the browser loads.</summary>
    public void Follow(IPage page)
    {
        page.Request += (_, _) => Loading(1);
        page.RequestFinished += (_, _) => Loading(-1);
        page.RequestFailed += (_, _) => Loading(-1);
    }

    public async Task AnswerAsync(IRoute route)
    {
        _underWay[route.Request] = 0;
        Interlocked.Exchange(ref _lastChange, time.GetTimestamp());
        try
        {
            if (Interlocked.Increment(ref _requests) > options.MaxRequests || !await TryAnswerAsync(route))
            {
                Interlocked.Increment(ref _refused);
                Lacks(route.Request);
                await route.AbortAsync("blockedbyclient");
            }
        }
        catch (PlaywrightException)
        {
            // The page was closed while its request was under way; nobody waits for the answer.
        }
        catch (OperationCanceledException)
        {
            // As above: the page's time is over.
        }
        catch (Exception e)
        {
            // Whoever gives the parts failed on this one; the page must not wait for it.
            log.LogWarning(e, "A part of {Page} was not given: {Url}", document.FinalUrl, route.Request.Url);
            Lacks(route.Request);
            await AbortAsync(route);
        }
        finally
        {
            _underWay.TryRemove(route.Request, out _);
            Interlocked.Exchange(ref _lastChange, time.GetTimestamp());
        }
    }

    private void Loading(int change)
    {
        Interlocked.Add(ref _loading, change);
        Interlocked.Exchange(ref _lastChange, time.GetTimestamp());
    }

    private async Task<bool> TryAnswerAsync(IRoute route)
    {
        IRequest request = route.Request;
        if (request.ResourceType == "document" && Interlocked.Exchange(ref _documentServed, 1) == 0)
        {
            await FulfilAsync(route, document);
            return true;
        }
        if (request.ResourceType == "document")
        {
            // A second document is a frame, a new window or a script's move to another page. "No content" keeps what is shown, where a refusal would replace it.
            Interlocked.Increment(ref _refused);
            Lacks(request);
            await route.FulfillAsync(new RouteFulfillOptions { Status = 204 });
            return true;
        }
        if ((Unneeded.Contains(request.ResourceType) && !(looks && Seen.Contains(request.ResourceType))) || request.Method is not "GET") return false;
        FetchOutcome? part = Kept.Contains(request.ResourceType) ? scripts.Find(request.Url) : null;
        if (part is null)
        {
            long room = options.MaxBytes - Interlocked.Read(ref _bytes);
            if (room <= 0) return false;
            part = await fetch(request.Url, new FetchLimits { MaxBytes = room, Time = longest, Accept = request.Headers.GetValueOrDefault("accept", "*/*") }, cancellationToken);
            Interlocked.Add(ref _bytes, part.Body.Length);
            if (part.Failure is null && Kept.Contains(request.ResourceType)) scripts.Keep(request.Url, part);
        }
        foreach (FetchExchange exchange in part.Exchanges) _resources.Enqueue(exchange);
        if (part.Failure is FetchFailure.TimedOut && !Seen.Contains(request.ResourceType)) _lostPart = true;
        if (part.Status == 0 || part.Failure is not (null or FetchFailure.HttpStatus)) return false;
        if (part.Status >= 400) Lacks(request);
        await FulfilAsync(route, part);
        return true;
    }

    /// <summary>Refuses a request, if somebody still waits for it.</summary>
    public static async Task AbortAsync(IRoute route)
    {
        try
        {
            await route.AbortAsync();
        }
        catch (PlaywrightException)
        {
            // It was answered already, or the page is closed.
        }
    }

    private void Lacks(IRequest request)
    {
        if (IsSeen(request)) _lacking.Enqueue(request.Url);
    }

    private bool IsSeen(IRequest request) => looks && Visible.Contains(request.ResourceType);

    private static Task FulfilAsync(IRoute route, FetchOutcome outcome)
    {
        // Scripts of a shop often come from its content network: the answer allows the page to read them, as the server's own header would.
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase)
        {
            ["content-type"] = outcome.ContentType ?? "application/octet-stream",
            ["access-control-allow-credentials"] = "true",
            ["access-control-allow-origin"] = route.Request.Headers.TryGetValue("origin", out string? origin) ? origin : "*",
        };
        return route.FulfillAsync(new RouteFulfillOptions { Status = outcome.Status, Headers = headers, BodyBytes = outcome.Body.ToArray() });
    }
}

/// <summary>Scripts and styles that the pages of one shop share, so that each is fetched once. Bounded; safe for concurrent use.</summary>
internal sealed class ScriptCache(TimeProvider time)
{
    private const long MaxBytes = 64L << 20;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, FetchOutcome> _kept = new(StringComparer.Ordinal);
    private long _bytes;

    public FetchOutcome? Find(string url) => _kept.TryGetValue(url, out FetchOutcome? found) && time.GetUtcNow() - found.At < Lifetime ? found : null;

    public void Keep(string url, FetchOutcome outcome)
    {
        if (Interlocked.Add(ref _bytes, outcome.Body.Length) > MaxBytes)
        {
            _kept.Clear();
            Interlocked.Exchange(ref _bytes, outcome.Body.Length);
        }
        _kept[url] = outcome;
    }
}
