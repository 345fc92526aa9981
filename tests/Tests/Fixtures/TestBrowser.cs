using Microsoft.Playwright;
using Touchstone.Crawling.Rendering;

namespace Touchstone.Tests.Fixtures;

/// <summary>The headless Chromium of the test run, started once; each page has cookies and stores of its own. A test skips visibly where there is none. Safe for concurrent use.</summary>
internal static class TestBrowser
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static IBrowser? browser;

    /// <summary>A page in a context of its own, which whoever opened it closes.</summary>
    public static async Task<IPage> OpenAsync(BrowserNewContextOptions options)
    {
        string? chromium = new RenderingOptions().FindExecutable();
        Assert.SkipUnless(chromium is not null, "Chromium is missing: apt-get install -y chromium");
        IBrowserContext context = await (await StartedAsync(chromium)).NewContextAsync(options);
        context.SetDefaultTimeout(Eventually.PatienceMilliseconds);
        return await context.NewPageAsync();
    }

    private static async Task<IBrowser> StartedAsync(string chromium)
    {
        await Turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (browser is { IsConnected: true }) return browser;
            IPlaywright playwright = await Playwright.CreateAsync();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => playwright.Dispose();
            return browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
        }
        finally
        {
            Turn.Release();
        }
    }
}
