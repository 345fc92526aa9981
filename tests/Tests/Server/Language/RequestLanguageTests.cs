using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server.Language;

[Collection(ServerSet.Name)]
public sealed partial class RequestLanguageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "en", "There is nothing here")]
    [InlineData("fr", "en", "There is nothing here")]
    [InlineData("de-AT,en;q=0.5", "de", "Hier ist nichts")]
    [InlineData("fr,en;q=0.5,da;q=0.8", "da", "Her er ingenting")]
    [InlineData("da;q=0,ko-KR", "ko", "여기에는 아무것도 없습니다")]
    public async Task A_browser_is_answered_in_its_language(string? accepts, string language, string says)
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        if (accepts is not null) client.DefaultRequestHeaders.Add("Accept-Language", accepts);
        using HttpResponseMessage response = await client.GetAsync(new Uri("/hits-that-are-not", UriKind.Relative), Stop);
        string html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Stop));
        Assert.Contains($"<html lang=\"{language}\">", html, StringComparison.Ordinal);
        Assert.Contains(says, html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("da", "/cases?view=mine", "/cases?view=mine", "da")]
    [InlineData("de", "//elsewhere.example/", "/", "de")]
    [InlineData("xx", "/", "/", "ko")]
    public async Task A_choice_counts_before_the_browsers_language_and_leads_back(string chosen, string from, string back, string language)
    {
        using HttpClient client = server.Client(null);
        client.DefaultRequestHeaders.Add("Accept-Language", "ko");
        string page = await client.GetStringAsync(new Uri("/sign-in", UriKind.Relative), Stop);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = Token().Match(page).Groups[1].Value, ["language"] = chosen, ["back"] = from });
        using HttpResponseMessage response = await client.PostAsync(new Uri("/preferences", UriKind.Relative), form, Stop);
        Assert.Equal(back, response.Headers.Location?.OriginalString);
        Assert.Contains($"<html lang=\"{language}\">", await client.GetStringAsync(new Uri("/sign-in", UriKind.Relative), Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "1,234 of 0.5", "2,000")]
    [InlineData("de", "1.234 of 0,5", "2.000")]
    [InlineData("da", "1.234 of 0,5", "2.000")]
    [InlineData("ko", "1,234 of 0.5", "2,000")]
    public void Numbers_are_written_as_the_language_does_and_the_thread_stays_invariant(string language, string said, string count)
    {
        CultureInfo before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = ConsoleLanguage.Find(language)!.Culture;
            Assert.Equal(said, Text.T(string.Concat("{0:N0} ", "of {1}"), 1234, 0.5));
            Assert.Equal(count, Text.Many(2000, "one", string.Concat("{", "0}")));
            Assert.Equal("one", Text.Many(1, "one", "more"));
            Assert.Equal("0.5", $"{0.5}");
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
