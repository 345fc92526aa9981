using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>What the pages of an import say.</summary>
[Collection(ConsoleSet.Name)]
public sealed partial class ImportPageTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, true)]
    public async Task Pictures_are_said_to_be_described_where_there_are_some(int stored, bool expected)
    {
        var report = new ImportReport { Register = "test", Formats = ["csv"], IgnoredFiles = [], Rejections = [], Read = 2, Added = 2, Pictures = new PictureCounts(stored, stored, 0, 0, 0, new Dictionary<string, int>()) };
        Assert.Equal(expected, (await ReadAsync(report, "en")).Contains("/system/jobs\">", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Why_rows_and_pictures_were_not_taken_in_is_said_in_the_language_of_the_page_and_without_codes()
    {
        var report = new ImportReport
        {
            Register = "test", Formats = ["csv"], IgnoredFiles = [], Read = 1, Rejected = 1, Rejections = [new Rejection("lamps.csv:2", "The line has no title.")],
            Pictures = new PictureCounts(1, 0, 0, 1, 0, new Dictionary<string, int> { ["The picture was not decoded: UnsupportedFormat"] = 1 }),
        };
        string html = await ReadAsync(report, "da");
        Assert.Contains("Linjen har ingen titel.", html, StringComparison.Ordinal);
        Assert.Contains("Billedet blev ikke læst: filen er ikke et billede i et format, der læses", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_workbook_and_a_file_of_no_format_are_refused_at_once_and_formats_are_named_in_the_language_of_the_page()
    {
        using HttpClient client = Client("da");
        string html = await client.GetStringAsync("/references/import", Stop);
        Assert.Contains("En tabel med en overskriftslinje", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        await using TouchstoneDb db = await server.OpenAsync();
        int before = await db.Imports.CountAsync(Stop);
        (string Name, byte[] Bytes, string Said)[] files = [("lamps.xlsx", "PK\u0003\u0004 and nothing of a workbook"u8.ToArray(), "Regnearket kan ikke læses: det er beskadiget"), ("text.jpg", "Dear all,"u8.ToArray(), "text.jpg indeholder intet i et format, der læses.")];
        foreach ((string name, byte[] bytes, string said) in files)
        {
            using var form = new MultipartFormDataContent { { new StringContent("file"), "_handler" }, { new StringContent(Token().Match(html).Groups[1].Value), "__RequestVerificationToken" }, { new StringContent("lamps"), "Input.Register" } };
            form.Add(new ByteArrayContent(bytes), "file", name);
            using HttpResponseMessage sent = await client.PostAsync("/references/import", form, Stop);
            Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
            Assert.Contains(said, WebUtility.HtmlDecode(await client.GetStringAsync("/references/import", Stop)), StringComparison.Ordinal);
        }
        Assert.Equal(before, await db.Imports.CountAsync(Stop));
    }

    [Fact]
    public async Task A_file_that_is_no_picture_to_search_for_is_refused_in_words()
    {
        using HttpClient client = Client("en");
        string html = await client.GetStringAsync("/searches/new", Stop);
        using var form = new MultipartFormDataContent { { new StringContent("new-search"), "_handler" }, { new StringContent(Token().Match(html).Groups[1].Value), "__RequestVerificationToken" }, { new StringContent("https://shop.example/"), "Input.ShopUrls" } };
        form.Add(new ByteArrayContent("Dear all,"u8.ToArray()), "picture", "letter.jpg");
        using HttpResponseMessage sent = await client.PostAsync("/searches/new", form, Stop);
        string said = WebUtility.HtmlDecode(await sent.Content.ReadAsStringAsync(Stop));
        Assert.Contains("The picture could not be read: the file is no picture in a format that is read. Pictures are read as JPEG", said, StringComparison.Ordinal);
        Assert.DoesNotContain("UnsupportedFormat", said, StringComparison.Ordinal);
    }

    private HttpClient Client(string language)
    {
        HttpClient client = server.Client(AccountRole.Caseworker);
        client.DefaultRequestHeaders.Add("Accept-Language", language);
        return client;
    }

    private async Task<string> ReadAsync(ImportReport report, string language)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        var import = new ImportRow { Register = "test", FileName = "lamps.csv", State = ImportState.Done, CreatedBy = "test", CreatedAt = TimeProvider.System.GetUtcNow(), Report = JsonSerializer.Serialize(report) };
        db.Imports.Add(import);
        await db.SaveChangesAsync(Stop);
        using HttpClient client = Client(language);
        return WebUtility.HtmlDecode(await client.GetStringAsync($"/references/imports/{import.Id}", Stop));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
