using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Politeness;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Crawling.Capture;

/// <summary>A page with what it looked like.</summary>
/// <param name="Exchanges">What went over the wire: redirects, the page, its styles, scripts, pictures and typefaces. Empty where kept bytes were drawn.</param>
/// <param name="Screenshot">PNG; empty where there is none.</param>
/// <param name="Problem">Why there is no screenshot, for people; null: there is one.</param>
public sealed record CapturedPage(string Url, DateTimeOffset At, IReadOnlyList<FetchExchange> Exchanges, ReadOnlyMemory<byte> Screenshot, string? Problem)
{
    /// <summary>Which policy allowed or refused the fetch of the page; null: nothing was fetched.</summary>
    public string? Policy { get; init; }

    /// <summary>What the page asked for that changes how it looks and that the screenshot is without.</summary>
    public IReadOnlyList<string> Lacking { get; init; } = [];

    /// <summary>Whether the page had come to rest when the screenshot was taken; false where its time was over before.</summary>
    public bool IsWhole { get; init; } = true;
}

/// <summary>A page that was kept, as a browser may be given it again.</summary>
/// <param name="FindPart">Gives what else was kept under an address; null: nothing was. May be asked for several at once.</param>
public sealed record KeptPage(string Url, byte[] Html, Func<string, CancellationToken, Task<FetchOutcome?>> FindPart);

/// <summary>Takes pages with their pictures and a screenshot: today's page from the shop, as politely as a search does, or the picture of a kept one. Safe for concurrent use.</summary>
public sealed class PageCapture(PoliteFetcher fetcher, ChromiumRenderer renderer, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Fetches a page and all that it shows. Never throws on a shop's doing.</summary>
    public async Task<CapturedPage> TakeAsync(string url, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = new(Longest, clock);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        DateTimeOffset at = clock.GetUtcNow();
        try
        {
            FetchOutcome page = await fetcher.FetchAsync(url, FetchLimits.Page, null, linked.Token);
            FetchExchange[] exchanges = [.. page.Exchanges, .. page.Remembered is { } known ? [known] : Array.Empty<FetchExchange>()];
            if (page.Failure is { } failure) return new(url, at, exchanges, default, $"The page was not given: {page.Detail ?? failure.ToString()}") { Policy = page.Policy };
            var visit = new Visit(page.FinalUrl);
            RenderOutcome drawn = await renderer.CaptureAsync(page, (part, limits, token) => fetcher.FetchPartAsync(part, limits, null, visit, token), linked.Token);
            return new(url, at, [.. exchanges, .. drawn.Resources], drawn.Screenshot, ProblemOf(drawn)) { Policy = page.Policy, Lacking = drawn.Lacking, IsWhole = drawn.IsWhole };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(url, at, [], default, $"The shop did not answer within {Longest.TotalSeconds:0} s.");
        }
    }

    /// <summary>Draws a kept page again, with nothing but what was kept.</summary>
    public async Task<CapturedPage> DrawAsync(KeptPage page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        DateTimeOffset at = clock.GetUtcNow();
        var document = new FetchOutcome { Url = page.Url, FinalUrl = page.Url, Status = 200, ContentType = "text/html; charset=utf-8", Body = page.Html };
        RenderOutcome drawn = await renderer.CaptureAsync(document, async (part, _, token) => await page.FindPart(part, token) ?? NotKept(part), cancellationToken);
        return new(page.Url, at, [], drawn.Screenshot, ProblemOf(drawn)) { Lacking = drawn.Lacking, IsWhole = drawn.IsWhole };
    }

    private static string? ProblemOf(RenderOutcome drawn) => drawn.Failure is null ? null : $"No browser showed it: {drawn.Detail}";

    private static FetchOutcome NotKept(string url) => new() { Url = url, FinalUrl = url, Failure = FetchFailure.ConnectionFailed, Detail = "it was not kept" };
}
