using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Server;

/// <summary>What people and registers write may hold two hundred characters without a space: no page scrolls sideways by them, and nothing is cut off.</summary>
public sealed class LongWordTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const int Length = 200;
    private static readonly string Word = new('W', Length);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_page_scrolls_sideways_by_a_long_word()
    {
        List<string> paths = [.. await ConsolePages.PathsAsync(server)];
        paths.Add($"/references/imports/{await LengthenAsync()}");
        paths.Add($"/field/{paths.Single(x => x.StartsWith("/field/", StringComparison.Ordinal)).Split('/')[^1]}?message={server.ReferenceId}");
        paths.AddRange(["/hits?mark=field", "/hits?state=any", "/references?search=WW", $"/searches/new?reference={server.ReferenceId}"]);
        await using ConsoleBrowser browser = await ConsoleBrowser.OpenAsync(server, AccountRole.Administrator, 390, 844);
        IPage page = browser.Page;
        var problems = new List<string>();
        foreach (string path in paths)
        {
            await page.GotoAsync($"{server.Address}{path[1..]}");
            foreach (int width in (int[])[390, 1280])
            {
                await page.SetViewportSizeAsync(width, 844);
                int wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                if (wide > width) problems.Add($"{path} at {width} px is {wide} px wide: {await page.EvaluateAsync<string>(AccessibilityTests.WidestScript, width)}");
                // On a wide window no column is hidden behind a name.
                if (width == 1280 && (path.StartsWith("/finding/", StringComparison.Ordinal) || path is "/system/mandates" or "/system/block-list") && await page.EvaluateAsync<bool>("[...document.querySelectorAll('.table-wrap')].some(x => x.scrollWidth > x.clientWidth + 1)")) problems.Add($"{path}: the table hides columns");
                // On a phone a table is a list of cards, which hide nothing.
                if (width == 390 && await page.EvaluateAsync<string>(HiddenScript) is { Length: > 0 } hidden) problems.Add($"{path}: outside of its card: {hidden}");
            }
        }
        Assert.Empty(problems);
    }

    private const string HiddenScript = """() => [...document.querySelectorAll(".table-wrap.stack, .card, .match")].filter(x => x.scrollWidth > x.clientWidth + 1).slice(0, 3).map(x => x.outerHTML.slice(0, 200)).join(" | ")""";

    /// <summary>Makes everything that is written somewhere long; returns an import that waits for a decision.</summary>
    private async Task<long> LengthenAsync()
    {
        await using TouchstoneDb db = await server.OpenAsync();
        foreach (ReferenceRow x in await db.References.ToListAsync(Stop))
        {
            (x.Title, x.Brand, x.Model, x.Category, x.Description, x.Danger, x.Measures) = (Word, Word, Word, Word, Word, Word, Word);
            (x.RightHolder, x.RightHolderContact, x.SourceUrl, x.ExternalId, x.RiskLevel, x.OnlineTrader) = (Word, $"{Word[..60]}@rights.example", $"https://{Word[..60]}.example/{Word}", $"{Word[..150]}{x.Id}", Word, Word);
        }
        foreach (RegisterRow x in await db.Registers.Where(x => x.Name != RegisterRow.OfSearches).ToListAsync(Stop)) (x.Name, x.Source, x.Licence, x.ScheduleUrl, x.ScheduleEveryHours) = ($"{Word[..90]}{x.Id}", Word, Word, $"https://register.example/{Word}", 24);
        foreach (ListingRow x in await db.Listings.ToListAsync(Stop)) (x.Name, x.Url) = (Word, $"https://shop.example/{Word}{x.Id}");
        foreach (FoundShopRow x in await db.FoundShops.ToListAsync(Stop)) x.Title = Word;
        foreach (MandateRow x in await db.Mandates.ToListAsync(Stop)) x.LegalBasis = Word;
        foreach (BlockEntryRow x in await db.BlockEntries.ToListAsync(Stop)) x.Reason = Word;
        foreach (ObservationRow x in await db.Observations.ToListAsync(Stop)) (x.Name, x.Brand, x.Description) = (Word, Word, Word);
        foreach (SearchRow x in await db.Searches.ToListAsync(Stop)) (x.Name, x.Terms, x.ShopUrls) = (Word, Word, $"https://shop.example/{Word}\nhttps://{Word[..60]}.example/");
        foreach (SearchRunRow x in await db.SearchRuns.ToListAsync(Stop)) x.Error = Word;
        foreach (CaseRow x in await db.Cases.Include(x => x.Events).ToListAsync(Stop))
        {
            (x.Title, x.AssignedTo) = (Word, Word[..100]);
            foreach (CaseEventRow told in x.Events) told.Text = Word;
        }
        foreach (CaptureRow x in await db.Captures.ToListAsync(Stop)) (x.Place, x.Note) = (Word, Word);
        foreach (HitRow x in await db.Hits.ToListAsync(Stop)) x.Note = Word;
        foreach (ImportRow x in await db.Imports.ToListAsync(Stop)) (x.FileName, x.Error) = (Word, Word);
        db.Imports.Add(new ImportRow { Register = Word[..100], FileName = $"{Word[..90]}.csv", State = ImportState.Queued, CreatedBy = Word[..100], CreatedAt = TimeProvider.System.GetUtcNow() });
        db.Outbox.Add(new OutboxRow { Kind = OutboxKind.Email, Recipient = $"{Word[..60]}@rights.example", Subject = Word, Body = Word, Key = "long", LastError = Word, State = OutboxState.Dead });
        var report = new ImportReport { Register = "test", Formats = ["csv"], IgnoredFiles = [Word], Read = 1, Added = 1, Rejections = [new Rejection(Word, Word)], Rejected = 1, Pictures = new PictureCounts(1, 0, 0, 1, 0, new Dictionary<string, int> { [Word] = 1 }) };
        var previewed = new ImportRow
        {
            Register = "test", FileName = "lamps.csv", State = ImportState.Previewed, CreatedBy = "test", CreatedAt = TimeProvider.System.GetUtcNow(),
            Preview = JsonSerializer.Serialize(new ImportPreview(report, [new PreviewedReference(Word, Word, ReferenceKind.Alert, Word, Word, Word, null, 1)], 0)),
        };
        db.Imports.Add(previewed);
        await db.SaveChangesAsync(Stop);
        return previewed.Id;
    }
}
