using Microsoft.Playwright;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>A headless Chromium that is signed in to a test's server by a key, and what its console complained of. The test skips visibly where there is none.</summary>
internal sealed class ConsoleBrowser : IAsyncDisposable
{
    private readonly TestBrowser browser;

    private ConsoleBrowser(TestBrowser browser)
    {
        this.browser = browser;
        IPage page = browser.Page;
        page.Console += (_, message) => { if (message.Type == "error") Complaints.Add($"{page.Url}: {message.Text} {message.Location}"); };
        page.PageError += (_, error) => Complaints.Add($"{page.Url}: {error}");
    }

    public IPage Page => browser.Page;

    /// <summary>Errors of scripts, and everything that the content policy refused, with the page's address.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<ConsoleBrowser> OpenAsync(ServerFixture server, AccountRole role, int width, int height = 900, bool scripts = true) => new(await TestBrowser.OpenAsync(new()
    {
        ViewportSize = new() { Width = width, Height = height },
        ReducedMotion = ReducedMotion.Reduce,
        JavaScriptEnabled = scripts,
        ExtraHTTPHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {server.KeyOf(role)}" },
    }));

    /// <summary>Presses a key that sends a form, or leads on, once the page takes decisions, and waits for the next page.</summary>
    public static async Task PressAsync(IPage page, string key)
    {
        // A frame that was drawn begins the time in which the page takes none.
        await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => setTimeout(done, 300)))");
        await page.EvaluateAsync("window.before = true");
        await page.Keyboard.PressAsync(key);
        await Eventually.IsSoAsync(() => TestBrowser.IsWholeAsync(page, "!window.before"), $"the key {key} led on from {page.Url}");
    }

    public ValueTask DisposeAsync() => browser.DisposeAsync();
}
