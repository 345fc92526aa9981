using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

[Collection(ServerSet.Name)]
public sealed partial class SignInTests(ServerFixture server)
{
    private const string Right = "plover quartz 77 mangrove";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_ends_everywhere_when_the_person_signs_out()
    {
        string name = await AccountAsync();
        using var browser = new Browser(server);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SignInAsync(name, Right)).Status);
        string stolen = browser.Cookie;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stolen));
        await browser.SignOutAsync();
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(stolen));
        Assert.Equal(["account.signed-in", "account.signed-out"], await ActionsAsync(name));
    }

    [Fact]
    public async Task An_account_that_is_there_signs_in_though_none_would_be_made_with_its_name()
    {
        string name = await AccountAsync("_anna-");
        Assert.NotNull(AccountNameRules.WhyNotNew(name));
        using var browser = new Browser(server);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SignInAsync(name, Right)).Status);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser.Cookie));
    }

    [Fact]
    public async Task A_session_ends_when_the_password_changes()
    {
        string name = await AccountAsync();
        using var browser = new Browser(server);
        await browser.SignInAsync(name, Right);
        string elsewhere = browser.Cookie;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(elsewhere));
        await browser.ChangePasswordAsync(Right, "another 5 uncommon wordings");
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(elsewhere));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser.Cookie));
    }

    [Fact]
    public async Task An_unknown_name_gets_the_same_words_and_both_are_recorded()
    {
        string name = await AccountAsync();
        using var browser = new Browser(server);
        (HttpStatusCode known, string words) = await browser.SignInAsync(name, "wrong");
        (HttpStatusCode unknown, string sameWords) = await browser.SignInAsync($"nobody-{Guid.NewGuid():N}", "wrong");
        Assert.Equal((HttpStatusCode.Unauthorized, "User name or password is wrong."), (known, words));
        Assert.Equal((known, words), (unknown, sameWords));
        Assert.Equal(["account.sign-in-failed"], await ActionsAsync(name));
        await using TouchstoneDb db = await server.OpenAsync();
        Assert.True(await db.Audit.AnyAsync(x => x.Action == "account.sign-in-failed" && x.Subject == "account/unknown", Stop));
        Assert.False(await db.Audit.AnyAsync(x => x.Subject.Contains("nobody-"), Stop));
    }

    [Fact]
    public async Task Who_tries_passwords_waits_and_nobody_is_locked_out_for_it()
    {
        string name = await AccountAsync();
        using var browser = new Browser(server);
        for (int i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SignInAsync(name, "wrong")).Status);
        (HttpStatusCode status, string words) = await browser.SignInAsync(name, Right);
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Contains("then try again", words, StringComparison.Ordinal);
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        Assert.False(await accounts.IsLockedOutAsync((await accounts.FindByNameAsync(name))!));
    }

    [Fact]
    public void An_address_waits_longer_each_time_and_another_one_not_at_all()
    {
        var clock = new ManualClock();
        using var pace = new SignInPace(clock);
        IPAddress stranger = IPAddress.Parse("192.0.2.1"), owner = IPAddress.Parse("192.0.2.2");
        TimeSpan longest = TimeSpan.Zero;
        for (int i = 0; i < 40; i++)
        {
            clock.Advance(pace.Wait(stranger, "anna"));
            Assert.Equal(TimeSpan.Zero, pace.Wait(stranger, "Anna "));
            pace.Failed(stranger, "anna");
            Assert.True(pace.Wait(stranger, "anna") >= longest);
            longest = pace.Wait(stranger, "anna");
        }
        Assert.Equal(TimeSpan.FromMinutes(15), longest);
        Assert.Equal(TimeSpan.Zero, pace.Wait(owner, "anna"));
        pace.Succeeded(stranger, "anna");
        Assert.Equal(TimeSpan.Zero, pace.Wait(stranger, "anna"));
        // The addresses of one IPv6 network are one.
        Assert.Equal(SignInPace.AddressKey(IPAddress.Parse("2001:db8::1")), SignInPace.AddressKey(IPAddress.Parse("2001:db8::2:3")));
        Assert.NotEqual(SignInPace.AddressKey(IPAddress.Parse("2001:db8:0:1::1")), SignInPace.AddressKey(IPAddress.Parse("2001:db8::1")));
    }

    [Theory]
    [InlineData("password1234", false)]
    [InlineData("P@ssw0rd2026!", false)]
    [InlineData("Administrator1", false)]
    [InlineData("qwertyuiop123", false)]
    [InlineData("1q2w3e4r5t6z", false)]
    [InlineData("abcdefghijkl", false)]
    [InlineData("aaaaaaaaaaaaaa", false)]
    [InlineData("abababababab", false)]
    [InlineData("123456789012", false)]
    [InlineData("Summer2026Summer", false)]
    [InlineData("letmein123456", false)]
    [InlineData("touchstone2026", false)]
    [InlineData("my-anna.b-key-91x", false)]
    [InlineData("b.anna reversed: b.anna", false)]
    [InlineData("correct horse battery staple", true)]
    [InlineData(Right, true)]
    [InlineData("vK3mPqTzXw9aBcRe", true)]
    [InlineData("wolkenkuckucksheim", true)]
    [InlineData("8841 2907 5563 17", true)]
    public void Passwords_that_are_tried_first_are_refused(string password, bool isTaken) => Assert.Equal(isTaken, PasswordRules.Problem(password, "anna.b") is null);

    [Fact]
    public void Every_password_that_the_program_makes_is_taken()
    {
        for (int i = 0; i < 200; i++) Assert.Null(PasswordRules.Problem(FirstRun.NewPassword(), "admin"));
    }

    [Fact]
    public async Task A_change_that_is_refused_leaves_neither_account_nor_entry()
    {
        string name = $"weak-{Guid.NewGuid():N}";
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var audit = scope.ServiceProvider.GetRequiredService<AccountAudit>();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        IdentityResult refused = await audit.SaveAsync(db, () => accounts.CreateAsync(new Account { UserName = name }, "password1234"), new AuditEntry("test", "account.created", AuditSubject.Account(name)), Stop);
        Assert.False(refused.Succeeded);
        Assert.Empty(await ActionsAsync(name));
        // An entry that cannot be made takes the change back.
        await Assert.ThrowsAnyAsync<Exception>(() => audit.SaveAsync(db, () => accounts.CreateAsync(new Account { UserName = name }, Right), new AuditEntry("test", null!, AuditSubject.Account(name)), Stop));
        await using AccountsDb other = await server.Services.GetRequiredService<IDbContextFactory<AccountsDb>>().CreateDbContextAsync(Stop);
        Assert.False(await other.Users.AnyAsync(x => x.UserName == name, Stop));
    }

    [Fact]
    public async Task The_accounts_language_counts_before_the_browsers_and_leaves_with_the_person()
    {
        string name = await AccountAsync();
        using var browser = new Browser(server);
        await browser.SpeakAsync("/sign-in", "da");
        await browser.SignInAsync(name, Right);
        Assert.Contains("<html lang=\"da\"", await browser.ReadAsync("/account"), StringComparison.Ordinal);
        // Whoever signed in chooses for the account, wherever the choice is offered.
        await browser.SpeakAsync("/", "ko");
        Assert.Contains("<html lang=\"ko\"", await browser.ReadAsync("/account"), StringComparison.Ordinal);
        await browser.SignOutAsync();
        Assert.Contains("<html lang=\"en\"", await browser.ReadAsync("/sign-in"), StringComparison.Ordinal);

        await browser.SpeakAsync("/sign-in", "de");
        await browser.SignInAsync(name, Right);
        Assert.Contains("<html lang=\"ko\"", await browser.ReadAsync("/account"), StringComparison.Ordinal);
        await browser.SpeakAsync("/account", "");
        Assert.Contains("<html lang=\"en\"", await browser.ReadAsync("/account"), StringComparison.Ordinal);
        Assert.Equal(2, (await ActionsAsync(name)).Count(x => x == "account.changed"));
    }

    [Fact]
    public async Task The_page_for_those_who_may_not_is_there()
    {
        using HttpClient client = server.Client(null);
        using HttpResponseMessage response = await client.GetAsync("/denied", Stop);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("An administrator can change its role", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private async Task<string> AccountAsync(string begins = "person-")
    {
        string name = $"{begins}{Guid.NewGuid():N}";
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        var account = new Account { UserName = name, Role = AccountRole.Viewer, LockoutEnabled = true };
        Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().CreateAsync(account, Right)).Succeeded);
        return name;
    }

    private async Task<string[]> ActionsAsync(string name)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        return await db.Audit.Where(x => x.Subject == $"account/{name}").OrderBy(x => x.Id).Select(x => x.Action).ToArrayAsync(Stop);
    }

    private async Task<HttpStatusCode> StatusAsync(string cookie)
    {
        using HttpClient client = server.Client(null);
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using HttpResponseMessage response = await client.GetAsync("/account", Stop);
        return response.StatusCode;
    }

    /// <summary>A person's browser: keeps cookies and posts the pages' forms.</summary>
    private sealed partial class Browser : IDisposable
    {
        private readonly CookieContainer cookies = new();
        private readonly HttpClient client;
        private readonly Uri address;

        public Browser(ServerFixture server)
        {
            address = server.Address;
            client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies, CheckCertificateRevocationList = true }) { BaseAddress = address };
        }

        public string Cookie => cookies.GetCookieHeader(address);

        public Task<(HttpStatusCode Status, string Words)> SignInAsync(string name, string password) => PostAsync("/sign-in", "/sign-in", new() { ["_handler"] = "sign-in", ["Input.UserName"] = name, ["Input.Password"] = password });

        public Task<(HttpStatusCode Status, string Words)> ChangePasswordAsync(string old, string password) => PostAsync("/account", "/account", new() { ["_handler"] = "password", ["Input.Old"] = old, ["Input.New"] = password });

        public Task<(HttpStatusCode Status, string Words)> SignOutAsync() => PostAsync("/account", "/sign-out", []);

        public Task SpeakAsync(string page, string language) => PostAsync(page, "/preferences", new() { ["language"] = language, ["back"] = page });

        public Task<string> ReadAsync(string page) => client.GetStringAsync(new Uri(page, UriKind.Relative), Stop);

        public void Dispose() => client.Dispose();

        private async Task<(HttpStatusCode Status, string Words)> PostAsync(string page, string target, Dictionary<string, string> fields)
        {
            string html = await client.GetStringAsync(new Uri(page, UriKind.Relative), Stop);
            fields["__RequestVerificationToken"] = Token().Match(html).Groups[1].Value;
            using var content = new FormUrlEncodedContent(fields);
            using HttpResponseMessage response = await client.PostAsync(new Uri(target, UriKind.Relative), content, Stop);
            string words = await response.Content.ReadAsStringAsync(Stop);
            return (response.StatusCode, Notice().Match(words).Groups[1].Value);
        }

        [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Token();

        [GeneratedRegex("class=\"notice danger\"[^>]*>([^<]+)<", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Notice();
    }
}
