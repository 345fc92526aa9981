using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening.Storage;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>Every form is answered by a redirect, also one that is refused: a reload sends nothing again, and loses nothing that is shown once.</summary>
[Collection(ConsoleSet.Name)]
public sealed partial class RefusedFormTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_accounts_password_and_a_new_key_outlive_a_reload_until_they_are_hidden()
    {
        using HttpClient client = server.Client(AccountRole.Administrator), other = server.Client(AccountRole.Administrator);
        string name = $"lone-{Guid.NewGuid():N}"[..20];
        string first = await SendAsync(client, "/accounts", "new-account", new() { ["NewAccount.Name"] = name, ["NewAccount.Role"] = "Caseworker" });
        string password = Secret().Match(first).Groups[1].Value, again = await client.GetStringAsync("/accounts", Stop);
        Assert.True(password.Length >= 12, first);
        Assert.Equal(password, Secret().Match(again).Groups[1].Value);
        Assert.DoesNotContain(password, await other.GetStringAsync("/accounts", Stop), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"secret\"", await SendAsync(client, "/accounts", "hide", []), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"secret\"", await client.GetStringAsync("/accounts", Stop), StringComparison.Ordinal);

        string key = Secret().Match(await SendAsync(client, "/accounts", "new-key", new() { ["NewKey.Name"] = name, ["NewKey.Role"] = "Viewer" })).Groups[1].Value;
        Assert.Equal(key, Secret().Match(await client.GetStringAsync("/accounts", Stop)).Groups[1].Value);
        await using AccountsDb accounts = await server.Services.GetRequiredService<IDbContextFactory<AccountsDb>>().CreateDbContextAsync(Stop);
        Assert.Equal((1, 1), (await accounts.Users.CountAsync(x => x.UserName == name, Stop), await accounts.ApiKeys.CountAsync(x => x.Name == name, Stop)));
    }

    public static TheoryData<string, string, string, string, string> Refusals => new()
    {
        { "/accounts", "new-account", "NewAccount.Name=not a name!&NewAccount.Role=Administrator", "is no name of an account", "value=\"not a name!\"" },
        { "/accounts", "new-account", "NewAccount.Name=_anna&NewAccount.Role=Viewer", "is no name of an account", "value=\"_anna\"" },
        { "/accounts", "new-account", "NewAccount.Name=Jo\u0308rg&NewAccount.Role=Viewer", "holds letters and their marks apart", "value=\"Jo\u0308rg\"" },
        { "/accounts", "new-key", "NewKey.Name=long-lived&NewKey.Role=Viewer&NewKey.Days=9999", "is valid for 1 to 3,650 days", "value=\"long-lived\"" },
        { "/system/mail", "mail", "Input.Host=http://x&Input.Port=25&Input.From=a@example.org&Input.UserName=me&Input.Password=geheim99&Input.RequireTls=true", "is no name of a server", "value=\"http://x\"" },
        { "/system/mail", "test", "Test.To=nobody", "is no e-mail address", "value=\"nobody\"" },
        { "/references/import", "url", "Input.Register=no name&Input.Url=https://register.example/a.xml", "is not 1 to 100 letters", "value=\"https://register.example/a.xml\"" },
        { "/references/import", "file", "Input.Register=lamps", "Choose a file that is not empty", "value=\"lamps\"" },
        { "/references/registers", "schedule-REGISTER", "Input.Action=set&Input.Url=https://register.example/a.xml&Input.EveryHours=9999", "is not within 1 and 8,760", "value=\"9999\"" },
        { "/references/REFERENCE", "force", "Input.Action=restore&Input.Reason=my own words", "is in force", "value=\"my own words\"" },
        { "/weekly", "digest", "Digest.Address=nobody here&Digest.Pace=Day&Digest.Market=DK", "is no e-mail address", "value=\"nobody here\"" },
        { "/finding", "find", "Input.Action=find&Input.Reference=A-999&Input.FindMarkets=DK&Input.Terms=my own words&Input.MostFoundShops=7", "No reference has the number “A-999”", ">my own words</textarea>" },
        { "/finding", "find", "Input.Action=make&Input.FindMarkets=DK&Input.Terms=lamp&Input.MostFoundShops=7", "The questions are made from an alert: name one.", "value=\"7\"" },
        { "/finding/left-out", "ignore", "Input.Host=no host&Input.Says=allow&Input.Reason=my own words", "no host", "value=\"my own words\"" },
        { "/finding/services", "set-SearXng", "Input.Action=set&Input.Url=ftp://searx.example&Input.PauseMilliseconds=10", "is no http or https address of a service", "value=\"ftp://searx.example\"" },
        { "/field", "take", "place=Gate 4", ">Take or pick a photo first.", "value=\"Gate 4\"" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_refused_form_leads_back_to_its_page_with_why_and_what_was_typed_once(string page, string form, string fields, string why, string typed)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        long register = await db.Registers.Where(x => x.Name == "test").Select(x => x.Id).SingleAsync(Stop);
        page = page.Replace("REFERENCE", $"{server.ReferenceId}", StringComparison.Ordinal);
        using HttpClient client = server.Client(AccountRole.Administrator);
        string said = await SendAsync(client, page, form.Replace("REGISTER", $"{register}", StringComparison.Ordinal), fields.Split('&').Select(x => x.Split('=', 2)).ToDictionary(x => x[0], x => x[1]));
        Assert.Contains(why, said, StringComparison.Ordinal);
        Assert.Contains(typed, said, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim99", said, StringComparison.Ordinal);
        Assert.DoesNotContain(why, WebUtility.HtmlDecode(await client.GetStringAsync(page, Stop)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_account_is_said_and_a_lost_one_too()
    {
        using HttpClient client = server.Client(AccountRole.Administrator);
        string name = $"mover-{Guid.NewGuid():N}"[..20];
        await SendAsync(client, "/accounts", "new-account", new() { ["NewAccount.Name"] = name, ["NewAccount.Role"] = "Viewer" });
        await using AccountsDb accounts = await server.Services.GetRequiredService<IDbContextFactory<AccountsDb>>().CreateDbContextAsync(Stop);
        string id = await accounts.Users.Where(x => x.UserName == name).Select(x => x.Id).SingleAsync(Stop);
        Assert.Contains($"The role of {name} is now: caseworker.", await SendAsync(client, "/accounts", $"account-{id}", new() { ["change"] = "Caseworker" }), StringComparison.Ordinal);
        Assert.Contains($"{name} is locked and signed out.", await SendAsync(client, "/accounts", $"account-{id}", new() { ["change"] = "lock" }), StringComparison.Ordinal);
        Assert.Contains("'nonsense' is no change.", await SendAsync(client, "/accounts", $"account-{id}", new() { ["change"] = "nonsense" }), StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(HttpClient client, string page, string form, Dictionary<string, string> fields)
    {
        string html = await client.GetStringAsync(page, Stop);
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>(fields) { ["_handler"] = form, ["__RequestVerificationToken"] = Token().Match(html).Groups[1].Value });
        using HttpResponseMessage sent = await client.PostAsync(page, content, Stop);
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        Assert.Equal(page, sent.Headers.Location!.IsAbsoluteUri ? sent.Headers.Location.PathAndQuery : sent.Headers.Location.OriginalString);
        return WebUtility.HtmlDecode(await client.GetStringAsync(page, Stop));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    [GeneratedRegex("<code class=\"secret\">([^<]+)</code>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();
}
