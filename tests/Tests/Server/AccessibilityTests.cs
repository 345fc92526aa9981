using System.Text.Json;
using Microsoft.Playwright;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>Every page that the server routes, in a real browser under the rules of axe: light, dark, on a phone, and enlarged to 200 % and 400 %.</summary>
[Collection(ConsoleSet.Name)]
public sealed class AccessibilityTests(ServerFixture server)
{
    private const string Rules = """{ resultTypes: ["violations"], runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } }""";
    private const string Contrast = """{ resultTypes: ["violations"], runOnly: { type: "rule", values: ["color-contrast"] } }""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_page_breaks_a_rule_of_accessibility_or_scrolls_sideways()
    {
        string script = Path.Combine(SharedData.RepositoryRoot, "tests", "Tests", "Peers", "node_modules", "axe-core", "axe.min.js");
        Assert.SkipUnless(File.Exists(script), "axe-core is absent: run npm ci --ignore-scripts in tests/Tests/Peers.");
        string axe = await File.ReadAllTextAsync(script, Stop);
        IReadOnlyList<string> paths = await ConsolePages.PathsAsync(server);
        Assert.Contains("/", paths);
        paths = [.. paths, await ConsolePages.ReplyPathAsync(server)];
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Administrator, 1280);
        IPage page = browser.Page;
        var problems = new List<string>();
        foreach (string path in paths)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            await page.SetViewportSizeAsync(1280, 900);
            IResponse? response = await page.GotoAsync($"{server.Address}{path[1..]}");
            if (response is not { Ok: true } && path != "/denied") problems.Add($"{path}: answered {response?.Status}");
            await page.EvaluateAsync(axe);
            problems.AddRange(await BrokenAsync(page, path, "light", Rules));
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            problems.AddRange(await BrokenAsync(page, path, "dark", Contrast));
            await page.SetViewportSizeAsync(390, 844);
            // The page answers to its new width in the next frame.
            await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            problems.AddRange(await BrokenAsync(page, path, "phone", Rules));
            // 1280 pixels enlarged to 200 % and 400 % leave this many.
            foreach (int width in (int[])[390, 640, 320])
            {
                await page.SetViewportSizeAsync(width, 844);
                int wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                if (wide > width) problems.Add($"{path} at {width} px is {wide} px wide: {await page.EvaluateAsync<string>(WidestScript, width)}");
            }
        }
        Assert.Empty(problems);
        // That page answers 403, and the browser says so.
        Assert.DoesNotContain(browser.Complaints, x => !x.StartsWith($"{server.Address}denied: Failed to load", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_can_be_used_without_scripts()
    {
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 390, scripts: false);
        await browser.Page.GotoAsync($"{server.Address}");
        await browser.Page.Locator("details.who summary").ClickAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        Assert.Equal("dark", await browser.Page.Locator("html").GetAttributeAsync("data-theme"));
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Hits" }).First.ClickAsync();
        Assert.EndsWith("/hits", browser.Page.Url, StringComparison.Ordinal);
        Assert.Equal("dark", await browser.Page.Locator("html").GetAttributeAsync("data-theme"));
    }

    [Fact]
    public async Task Single_keys_can_be_switched_off()
    {
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Viewer, 1280);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}account");
        ILocator off = page.GetByRole(AriaRole.Button, new() { Name = "Switch them off" }), on = page.GetByRole(AriaRole.Button, new() { Name = "Switch them on" });
        await off.ClickAsync();
        await on.WaitForAsync();
        await page.Keyboard.PressAsync("?");
        Assert.False(await page.Locator("dialog#keys").IsVisibleAsync());
        await on.ClickAsync();
        await off.WaitForAsync();
        await page.Keyboard.PressAsync("?");
        await page.Locator("dialog#keys").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task Web_components_work_under_the_content_policy()
    {
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Viewer, 1280);
        IPage page = browser.Page;
        await page.GotoAsync($"{server.Address}hits/{server.HitIds[0]}?state=any");
        await page.Keyboard.PressAsync("y");
        ILocator handle = page.Locator("wa-comparison [part=handle]");
        await handle.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Locator("wa-comparison [part=handle][aria-valuenow='51']").WaitForAsync();
        await page.Locator("wa-comparison svg").First.WaitForAsync();
        Assert.Empty(browser.Complaints);
    }

    internal const string WidestScript = """width => [...document.querySelectorAll("main *, header *")].filter(x => x.getBoundingClientRect().right > width + 1 && !x.closest(".table-wrap, .visually-hidden")).slice(0, 3).map(x => x.outerHTML.slice(0, 120)).join(" | ")""";

    private static async Task<IEnumerable<string>> BrokenAsync(IPage page, string path, string look, string rules)
    {
        JsonElement violations = await page.EvaluateAsync<JsonElement>($"axe.run(document, {rules}).then(x => x.violations.map(v => ({{ rule: v.id, nodes: v.nodes.map(n => n.target.join(' ') + ': ' + n.failureSummary.slice(0, 300)) }})))");
        return violations.EnumerateArray().SelectMany(x => x.GetProperty("nodes").EnumerateArray().Take(3).Select(n => $"{path} ({look}): {x.GetProperty("rule").GetString()}: {n.GetString()}")).ToArray();
    }
}
