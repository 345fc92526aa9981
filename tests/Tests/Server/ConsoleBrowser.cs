using Microsoft.Playwright;
using Touchstone.Crawling.Rendering;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>A headless Chromium that is signed in to a test's server by a key, and what its console complained of. The test skips visibly where there is none.</summary>
internal sealed class ConsoleBrowser : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private ConsoleBrowser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (this.playwright, this.browser, Page) = (playwright, browser, page);
        page.Console += (_, message) => { if (message.Type == "error") Complaints.Add($"{page.Url}: {message.Text}"); };
        page.PageError += (_, error) => Complaints.Add($"{page.Url}: {error}");
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts, and everything that the content policy refused, with the page's address.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<ConsoleBrowser> OpenAsync(ServerFixture server, AccountRole role, int width, int height = 900, bool scripts = true)
    {
        string? chromium = new RenderingOptions().FindExecutable();
        Assert.SkipUnless(chromium is not null, "Chromium is missing: apt-get install -y chromium");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
        IPage page = await browser.NewPageAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = scripts,
            ExtraHTTPHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {server.KeyOf(role)}" },
        });
        return new ConsoleBrowser(playwright, browser, page);
    }

    /// <summary>Presses a key that sends a form, or leads on, once the page takes decisions, and waits for the next page.</summary>
    public static async Task PressAsync(IPage page, string key)
    {
        await page.WaitForTimeoutAsync(300);
        await page.EvaluateAsync("window.before = true");
        await page.Keyboard.PressAsync(key);
        long started = TimeProvider.System.GetTimestamp();
        while (!await ArrivedAsync(page))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"The key {key} led nowhere from {page.Url}.");
            await page.WaitForTimeoutAsync(20);
        }
    }

    private static async Task<bool> ArrivedAsync(IPage page)
    {
        try
        {
            return await page.EvaluateAsync<bool>("!window.before && document.readyState === 'complete'");
        }
        catch (PlaywrightException)
        {
            // Between two pages there is none to ask.
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
