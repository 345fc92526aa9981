using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Crawling.Rendering;

/// <summary>
/// Renders pages in one headless Chromium, each page in a fresh context. The browser never connects anywhere: its requests are answered here
/// (<see cref="RenderedPage"/>), and whatever escaped that is sent to a proxy that does not exist. Safe for concurrent use; never throws on a page's content.
/// </summary>
public sealed class ChromiumRenderer(RenderingOptions options, TimeProvider time, ILogger<ChromiumRenderer>? log = null) : IAsyncDisposable
{
    private static readonly string[] Flags =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--dns-prefetch-disable", "--disable-features=NetworkPrediction,Translate,MediaRouter",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--host-resolver-rules=MAP * ~NOTFOUND",
        // A script that fills its heap ends its page and nothing else.
        "--js-flags=--max-old-space-size=512",
    ];

    /// <summary>Most pixels that a screenshot is tall; what is below is not in it.</summary>
    public const int TallestScreenshot = 15_000;

    /// <summary>The host of what a document of our own that is printed shows beside what it holds itself.</summary>
    public const string OwnParts = "http://parts.invalid/";

    // Shops load pictures when they come into view.
    private const string ScrollThrough = """
        async tallest => {
            for (let y = 0; y < Math.min(document.documentElement?.scrollHeight ?? 0, tallest); y += innerHeight / 2) {
                scrollTo(0, y);
                await new Promise(done => setTimeout(done, 60));
            }
            scrollTo(0, 0);
        }
        """;

    private const string SwitchedOff = "rendering is switched off";

    private static readonly ViewportSize Viewport = new() { Width = 1280, Height = 2000 };
    private static readonly TimeSpan LongestPrint = TimeSpan.FromMinutes(1);

    /// <summary>Time that a document gets to be parsed after its last request.</summary>
    private static readonly TimeSpan LongestParse = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LongestScroll = TimeSpan.FromSeconds(5);

    private readonly ILogger _log = log ?? NullLogger<ChromiumRenderer>.Instance;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly SemaphoreSlim _pages = new(Math.Max(1, options.MaxPages));
    private readonly ScriptCache _scripts = new(time);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Whether a browser is there and rendering is on.</summary>
    public bool IsAvailable => options.Enabled && options.FindExecutable() is not null;

    /// <summary>Renders a page that was fetched; <paramref name="document"/> is served to the browser as it is.</summary>
    /// <param name="attempt">1 for a page that is asked for the first time; with a higher one it has <see cref="RenderingOptions.RetryTime"/>.</param>
    public Task<RenderOutcome> RenderAsync(FetchOutcome document, PartFetcher fetch, int attempt, CancellationToken cancellationToken) =>
        RenderAsync(document, fetch, looks: false, attempt > 1 ? options.RetryTime : options.Time, cancellationToken);

    /// <summary>Renders a page with its pictures and typefaces and takes a picture of all of it.</summary>
    public Task<RenderOutcome> CaptureAsync(FetchOutcome document, PartFetcher fetch, CancellationToken cancellationToken) => RenderAsync(document, fetch, looks: true, options.Time, cancellationToken);

    /// <summary>Prints a document of our own on A4. No script of it runs, and it loads nothing but what it holds itself.</summary>
    public Task<PrintOutcome> PrintAsync(string html, CancellationToken cancellationToken) => PrintAsync(html, null, cancellationToken);

    /// <summary>The same, with pictures that are given when the browser asks for them.</summary>
    /// <param name="pictures">Gives a picture by what follows <see cref="OwnParts"/> in its address, null where there is none; may be asked for several at once. Null: there are none.</param>
    public async Task<PrintOutcome> PrintAsync(string html, Func<string, CancellationToken, Task<FetchOutcome?>>? pictures, CancellationToken cancellationToken)
    {
        if (!options.Enabled) return new PrintOutcome(null, SwitchedOff);
        if (options.FindExecutable() is not { } program) return new PrintOutcome(null, RenderRemedy.Of(RenderFailure.BrowserMissing));
        await _pages.WaitAsync(cancellationToken);
        try
        {
            IBrowser browser = await BrowserAsync(program, cancellationToken);
            IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = false, AcceptDownloads = false, ServiceWorkers = ServiceWorkerPolicy.Block });
            try
            {
                await context.RouteAsync("**/*", route => AnswerAsync(route, pictures, cancellationToken));
                IPage page = await context.NewPageAsync();
                await page.SetContentAsync(html, new PageSetContentOptions { WaitUntil = WaitUntilState.Load, Timeout = (float)options.Time.TotalMilliseconds });
                byte[] pdf = await page.PdfAsync(new PagePdfOptions { Format = "A4", PrintBackground = true, PreferCSSPageSize = true, Tagged = true, Outline = true }).WaitAsync(LongestPrint, time, cancellationToken);
                return new PrintOutcome(pdf, null);
            }
            finally
            {
                await CloseAsync(context);
            }
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException or Win32Exception or IOException)
        {
            _log.LogWarning("The browser printed nothing: {Reason}", FirstLine(e));
            return new PrintOutcome(null, FirstLine(e));
        }
        finally
        {
            _pages.Release();
        }
    }

    private async Task AnswerAsync(IRoute route, Func<string, CancellationToken, Task<FetchOutcome?>>? pictures, CancellationToken cancellationToken)
    {
        try
        {
            if (pictures is not null && route.Request.Url.StartsWith(OwnParts, StringComparison.Ordinal) && await pictures(Uri.UnescapeDataString(route.Request.Url[OwnParts.Length..]), cancellationToken) is { } picture)
                await route.FulfillAsync(new RouteFulfillOptions { Status = 200, ContentType = picture.ContentType, BodyBytes = picture.Body.ToArray() });
            else await route.AbortAsync();
        }
        catch (Exception e) when (e is PlaywrightException or OperationCanceledException)
        {
            // The document was closed meanwhile; nobody waits for the answer.
        }
        catch (Exception e)
        {
            // Whoever gives the pictures failed on this one; the document is printed without it.
            _log.LogWarning(e, "A picture was not printed: {Url}", route.Request.Url);
            await RenderedPage.AbortAsync(route);
        }
    }

    private async Task<RenderOutcome> RenderAsync(FetchOutcome document, PartFetcher fetch, bool looks, TimeSpan longest, CancellationToken cancellationToken)
    {
        if (!options.Enabled) return Failed(RenderFailure.BrowserMissing, SwitchedOff);
        if (options.FindExecutable() is not { } program) return Failed(RenderFailure.BrowserMissing, RenderRemedy.Of(RenderFailure.BrowserMissing));
        await _pages.WaitAsync(cancellationToken);
        try
        {
            IBrowser browser = await BrowserAsync(program, cancellationToken);
            return await RenderAsync(browser, document, fetch, looks, longest, cancellationToken);
        }
        catch (TimeoutException e)
        {
            return Failed(RenderFailure.TimedOut, FirstLine(e));
        }
        catch (Exception e) when (e is PlaywrightException or Win32Exception or IOException)
        {
            _log.LogWarning("The browser failed on {Url}: {Reason}", document.FinalUrl, FirstLine(e));
            return Failed(RenderFailure.BrowserBroken, FirstLine(e));
        }
        finally
        {
            _pages.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            try
            {
                await _browser.CloseAsync();
            }
            catch (PlaywrightException e)
            {
                _log.LogDebug("The browser was gone already: {Reason}", FirstLine(e));
            }
        }
        _playwright?.Dispose();
        _starting.Dispose();
        _pages.Dispose();
    }

    private async Task<RenderOutcome> RenderAsync(IBrowser browser, FetchOutcome document, PartFetcher fetch, bool looks, TimeSpan longest, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        RenderedPage answers = new(document, fetch, looks, longest, options, looks ? new ScriptCache(time) : _scripts, time, _log, ending.Token);
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            AcceptDownloads = false,
            BypassCSP = false,
            ServiceWorkers = ServiceWorkerPolicy.Block,
            ViewportSize = Viewport,
        });
        bool crashed = false;
        using CancellationTokenSource watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task watch = new BrowserMemory(browser, options.MaxMemory, time, _log).WatchAsync(watching.Token);
        try
        {
            await context.RouteAsync("**/*", answers.AnswerAsync);
            await context.RouteWebSocketAsync("**/*", socket => socket.CloseAsync());
            IPage page = await context.NewPageAsync();
            page.Dialog += (_, dialog) => _ = dialog.DismissAsync();
            answers.Follow(page);
            bool parsed = false;
            page.Crash += (_, _) => Volatile.Write(ref crashed, true);
            page.DOMContentLoaded += (_, _) => Volatile.Write(ref parsed, true);
            // Not until the document is parsed: a script that moves on to another page in between would leave that wait without an end.
            await page.GotoAsync(document.FinalUrl, new PageGotoOptions { WaitUntil = WaitUntilState.Commit, Timeout = (float)longest.TotalMilliseconds });
            TimeSpan Left() => longest - time.GetElapsedTime(started);
            (string? html, bool settled) = await SettledAsync(page, answers, looks, Left, () => Volatile.Read(ref parsed), () => Volatile.Read(ref crashed), cancellationToken);
            if (html is null) return Crashed(document);
            IReadOnlyList<string> lacking = answers.Lacking;
            byte[] screenshot = looks ? await ScreenshotAsync(page).WaitAsync(options.Time, time, cancellationToken) : [];
            return new RenderOutcome(html, null, null, answers.Requests, answers.Refused, answers.Resources) { IsWhole = settled && !answers.LostPart, Screenshot = screenshot, Lacking = lacking };
        }
        catch (PlaywrightException) when (Volatile.Read(ref crashed))
        {
            return Crashed(document);
        }
        finally
        {
            await watching.CancelAsync();
            await ending.CancelAsync();
            await CloseAsync(context);
            await watch;
        }
    }

    /// <summary>The document once nothing is under way any more, or the page's time is over; null: its process ended.</summary>
    /// <param name="timeLeft">What is left of the page's time.</param>
    private async Task<(string? Html, bool Settled)> SettledAsync(IPage page, RenderedPage answers, bool looks, Func<TimeSpan> timeLeft, Func<bool> isParsed, Func<bool> isCrashed, CancellationToken cancellationToken)
    {
        bool scrolled = !looks;
        while (!isCrashed())
        {
            TimeSpan left = timeLeft();
            if (left > TimeSpan.Zero && !(answers.IsQuiet(options.Quiet) && ((isParsed() && answers.IsLoaded) || answers.IsQuiet(options.Quiet + LongestParse))))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
                continue;
            }
            if (!scrolled)
            {
                scrolled = true;
                await ScrollAsync(page, cancellationToken);
                continue;
            }
            int asked = answers.Requests;
            // A page whose script never yields would keep the answer for ever.
            string html = await page.ContentAsync().WaitAsync(left > LongestParse ? left : LongestParse, time, cancellationToken);
            // The answer comes after scripts that were about to run: what they asked for meanwhile is waited for as well.
            bool settled = answers.Requests == asked && answers.IsQuiet(TimeSpan.Zero);
            if (left <= TimeSpan.Zero || settled) return (html, settled && left > TimeSpan.Zero);
        }
        return (null, false);
    }

    private async Task ScrollAsync(IPage page, CancellationToken cancellationToken)
    {
        try
        {
            await page.EvaluateAsync(ScrollThrough, TallestScreenshot).WaitAsync(LongestScroll, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or PlaywrightException)
        {
            // A page may have replaced what the scrolling uses; it is looked at as it is.
            _log.LogDebug("A page was not scrolled through: {Reason}", FirstLine(e));
        }
    }

    private static async Task<byte[]> ScreenshotAsync(IPage page)
    {
        int height = (int)Math.Clamp(await page.EvaluateAsync<double>("document.documentElement?.scrollHeight ?? 0"), Viewport.Height, TallestScreenshot);
        return await page.ScreenshotAsync(new PageScreenshotOptions
        {
            Type = ScreenshotType.Png, FullPage = true, Animations = ScreenshotAnimations.Disabled, Clip = new Clip { X = 0, Y = 0, Width = Viewport.Width, Height = height },
        });
    }

    private RenderOutcome Crashed(FetchOutcome document)
    {
        _log.LogWarning("The page's process ended while it was rendered: {Url}", document.FinalUrl);
        return Failed(RenderFailure.PageCrashed, $"its process took more than {options.MaxMemory >> 20} MiB of memory, or broke");
    }

    private async Task CloseAsync(IBrowserContext context)
    {
        try
        {
            await context.CloseAsync().WaitAsync(TimeSpan.FromSeconds(5), time);
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            _log.LogWarning("A browser context did not close: {Reason}", FirstLine(e));
        }
    }

    private async Task<IBrowser> BrowserAsync(string program, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_browser is { IsConnected: true }) return _browser;
            _playwright ??= await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = program,
                Headless = true,
                // Chromium refuses to run as root with its sandbox.
                ChromiumSandbox = !Environment.IsPrivilegedProcess,
                Args = Flags,
                Timeout = 30_000,
                Proxy = new Proxy { Server = "http://127.0.0.1:9", Bypass = "<-loopback>" },
            });
            return _browser;
        }
        finally
        {
            _starting.Release();
        }
    }

    private static RenderOutcome Failed(RenderFailure failure, string detail) => new(null, failure, detail, 0, 0, []);

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0];
}
