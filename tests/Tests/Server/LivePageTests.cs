using Touchstone.Server.Assets;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>Pages that follow work by themselves, in a real browser.</summary>
[Collection(ConsoleSet.Name)]
public sealed class LivePageTests(ServerFixture server)
{
    [Fact]
    public async Task A_press_is_not_taken_back_by_the_page_being_read_anew()
    {
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Caseworker, 1280);
        int asked = 0;
        // The work has ended when the page is asked for again; the other page takes longer than that.
        await browser.Page.RouteAsync("**/followed", route => route.FulfillAsync(new() { ContentType = "text/html", Body = $"""{(asked++ == 0 ? "<p data-poll></p>" : "")}<a href="/slow">Open</a><script src="{EmbeddedAssets.UrlOf("live.js")}" defer></script>""" }));
        await browser.Page.RouteAsync("**/slow", async route =>
        {
            await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
            await route.FulfillAsync(new() { ContentType = "text/html", Body = "<h1>There</h1>" });
        });
        await browser.Page.GotoAsync($"{server.Address}followed");
        await browser.Page.ClickAsync("a");
        await browser.Page.Locator("h1", new() { HasText = "There" }).WaitForAsync(new() { Timeout = 30_000 });
        Assert.True(asked >= 2, "the end of the work was seen meanwhile");
    }
}
