using Microsoft.Playwright;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Tests.Fixtures;

/// <summary>A headless Chromium of a test's own with one page. The test skips visibly where there is none. For one test at a time.</summary>
internal sealed class TestBrowser : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private TestBrowser(IPlaywright playwright, IBrowser browser, IPage page) => (this.playwright, this.browser, Page) = (playwright, browser, page);

    public IPage Page { get; }

    public static async Task<TestBrowser> OpenAsync(BrowserNewContextOptions options)
    {
        string? chromium = new RenderingOptions().FindExecutable();
        Assert.SkipUnless(chromium is not null, "Chromium is missing: apt-get install -y chromium");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
        IBrowserContext context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(Eventually.PatienceMilliseconds);
        return new TestBrowser(playwright, browser, await context.NewPageAsync());
    }

    /// <summary>Waits until the page is at an address and whole. The browser's own wait for that may miss what happens while it begins to wait.</summary>
    public static Task ArriveAsync(IPage page, Func<string, bool> isThere) => Eventually.IsSoAsync(async () => isThere(page.Url) && await IsWholeAsync(page, "true"), $"the page after {page.Url} was there");

    /// <summary>Whether the page is whole and what is asked of it is so.</summary>
    /// <param name="also">A condition in JavaScript.</param>
    public static async Task<bool> IsWholeAsync(IPage page, string also)
    {
        try
        {
            return await page.EvaluateAsync<bool>($"document.readyState === 'complete' && {also}");
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
