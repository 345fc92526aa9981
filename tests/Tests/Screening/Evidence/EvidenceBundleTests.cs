using System.IO.Compression;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Crawling.Extraction;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Evidence;

public sealed class EvidenceBundleTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_bundle_holds_the_case_and_every_part_has_its_hash(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        byte[] picture = [0xFF, 0xD8, 0xFF, 5, 6, 7];
        (long caseId, HitRow hit) = await CaseWithAsync(db, blobs, picture);

        using var zip = new MemoryStream();
        EvidenceManifest manifest = (await WriteAsync(db, blobs, caseId, zip)).Manifest;
        using var archive = new ZipArchive(zip, ZipArchiveMode.Read);
        Assert.Equal(manifest.Parts.Count + 1, archive.Entries.Count);
        foreach (EvidencePart part in manifest.Parts)
        {
            byte[] bytes = Read(archive, part.Path);
            Assert.Equal((part.Sha256, part.Bytes), (BlobName.Of(bytes), bytes.Length));
        }
        Assert.Equal(picture, Read(archive, $"images/{BlobName.Of(picture)}.jpg"));
        Assert.Equal("{}", System.Text.Encoding.UTF8.GetString(Read(archive, $"references/{hit.ReferenceId}.txt")));
        Assert.Empty(manifest.Missing);
        Assert.Equal(await AuditLog.HeadAsync(db, Stop), manifest.AuditHead);

        using JsonDocument hits = JsonDocument.Parse(Read(archive, "hits.json"));
        JsonElement first = hits.RootElement[0];
        Assert.Equal(("Confirmed", "anna"), (first.GetProperty("state").GetString(), first.GetProperty("decidedBy").GetString()));
        Assert.Equal(0.91, first.GetProperty("match").GetProperty("signals").GetProperty("similarity").GetDouble());
        Assert.Equal("Mask, 50 pieces", first.GetProperty("observation").GetProperty("name").GetString());
        JsonElement seen = first.GetProperty("observation");
        Assert.Equal(("Red", "4006381333931", 3), (seen.GetProperty("variants")[0].GetProperty("name").GetString(), seen.GetProperty("variants")[0].GetProperty("gtin").GetString(), seen.GetProperty("variantsFound").GetInt32()));
        Assert.Equal(("Missing", "ResponsiblePerson"), (seen.GetProperty("safety")[1].GetProperty("state").GetString(), seen.GetProperty("safety")[1].GetProperty("point").GetString()));
        Assert.Equal("A12/00017/26", first.GetProperty("reference").GetProperty("externalId").GetString());
        using JsonDocument history = JsonDocument.Parse(Read(archive, "case.json"));
        Assert.Equal(["Opened", "Decided", "NoteAdded"], history.RootElement.GetProperty("history").EnumerateArray().Select(x => x.GetProperty("kind").GetString()!));
        using JsonDocument audit = JsonDocument.Parse(Read(archive, "audit.json"));
        Assert.Equal([AuditAction.CaseOpened, AuditAction.HitConfirmed, AuditAction.CaseNoteAdded], audit.RootElement.EnumerateArray().Select(x => x.GetProperty("action").GetString()!));
    }

    [Fact]
    public async Task The_report_says_which_variants_were_offered_and_what_was_stated_of_safety()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        (long caseId, HitRow hit) = await CaseWithAsync(db, blobs, [1, 2, 3]);
        using var bytes = new MemoryStream();
        await using var archive = new ZipArchive(bytes, ZipArchiveMode.Create);
        CaseRow found = await db.Cases.SingleAsync(x => x.Id == caseId, Stop);
        string report = System.Net.WebUtility.HtmlDecode(new EvidenceReport(found, [hit], new Dictionary<string, EvidencePart>(), [], new EvidenceTools()).Write(By(db, "anna"), clock.GetUtcNow(), null, "", new EvidenceParts(archive, db, blobs)));
        foreach (string part in (string[])["Red, GTIN 4006381333931, 9.95 EUR", "and 2 more", "Brumm GmbH (under “Hersteller”)", "Responsible person in the EU", "not stated on the page"])
            Assert.Contains(part, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_tells_of_what_was_seen_when_it_was_decided_and_not_of_today()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        byte[] picture = [1, 2, 3], page = [.. "<p>9.95"u8];
        (long caseId, HitRow hit) = await CaseWithAsync(db, blobs, picture);
        ObservationRow decided = await db.Observations.Include(x => x.Listing).SingleAsync(Stop);
        decided.PageSha256 = await blobs.PutAsync(page, Stop);
        byte[] packed = [8, 9];
        decided.Exchanges.Add(new() { Url = decided.Listing!.Url, RequestHead = [.. "GET / HTTP/1.1\r\n\r\n"u8], ResponseHead = [.. "HTTP/1.1 200 OK\r\nServer: shop\r\n\r\n"u8], BodySha256 = await blobs.PutAsync(packed, Stop), IsWhole = true });
        await db.SaveChangesAsync(Stop);
        var facts = new ListingFacts { Url = decided.Listing!.Url, Name = "Innocent towel", Price = 1m };
        await new ObservationStore(database, blobs, clock).SaveAsync(facts, [new SeenImage("https://s.example/2.jpg", await blobs.PutAsync(new byte[] { 7 }, Stop), null, clock.GetUtcNow())], new SeenPage("<p>1.00", Rendered: false), Stop);

        await using TouchstoneDb later = database.CreateDbContext();
        using var zip = new MemoryStream();
        EvidenceManifest manifest = (await WriteAsync(later, blobs, caseId, zip)).Manifest;
        using var archive = new ZipArchive(zip, ZipArchiveMode.Read);
        Assert.Equal(page, Read(archive, $"pages/{BlobName.Of(page)}.txt"));
        Assert.Single(manifest.Parts, x => x.Path.StartsWith("pages/", StringComparison.Ordinal));
        Assert.Equal($"images/{BlobName.Of(picture)}.jpg", Assert.Single(manifest.Parts, x => x.Path.StartsWith("images/", StringComparison.Ordinal)).Path);
        using JsonDocument hits = JsonDocument.Parse(Read(archive, "hits.json"));
        JsonElement seen = hits.RootElement[0].GetProperty("observation");
        Assert.Equal(("Mask, 50 pieces", decided.Id), (seen.GetProperty("name").GetString(), seen.GetProperty("id").GetInt64()));
        JsonElement exchange = seen.GetProperty("exchanges")[0];
        Assert.Equal((200, "Server", "shop"), (exchange.GetProperty("status").GetInt32(), exchange.GetProperty("responseHeaders")[0].GetProperty("name").GetString(), exchange.GetProperty("responseHeaders")[0].GetProperty("value").GetString()));
        Assert.Equal("GET / HTTP/1.1\r\n\r\nHTTP/1.1 200 OK\r\nServer: shop\r\n\r\n"u8.ToArray(), Read(archive, exchange.GetProperty("headPart").GetString()!));
        Assert.Equal(packed, Read(archive, exchange.GetProperty("bodyPart").GetString()!));
        JsonElement decision = hits.RootElement[0].GetProperty("decisions")[0];
        Assert.Equal(("Confirmed", "anna", hit.MatchId), (decision.GetProperty("state").GetString(), decision.GetProperty("by").GetString(), decision.GetProperty("matchId").GetInt64()));
    }

    [Fact]
    public async Task The_same_state_gives_the_same_bytes()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        (long caseId, _) = await CaseWithAsync(db, blobs, [1, 2, 3]);
        using var one = new MemoryStream();
        using var two = new MemoryStream();
        await WriteAsync(db, blobs, caseId, one);
        await using TouchstoneDb later = database.CreateDbContext();
        await WriteAsync(later, blobs, caseId, two);
        Assert.Equal(one.ToArray(), two.ToArray());
    }

    [Fact]
    public async Task A_picture_that_was_changed_or_lost_is_named_and_not_given_out()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        byte[] picture = [1, 2, 3];
        (long caseId, _) = await CaseWithAsync(db, blobs, picture);
        string file = Directory.GetFiles(database.Storage.BlobFolder, "*", SearchOption.AllDirectories).Single();
        foreach (string expected in (string[])["changed", "not in the store"])
        {
            if (expected == "changed") await File.WriteAllBytesAsync(file, [9], Stop);
            else File.Delete(file);
            using var zip = new MemoryStream();
            EvidenceManifest manifest = (await WriteAsync(db, blobs, caseId, zip)).Manifest;
            MissingEvidence missing = Assert.Single(manifest.Missing);
            Assert.Equal(BlobName.Of(picture), missing.Sha256);
            Assert.Contains(expected, missing.Why, StringComparison.Ordinal);
            Assert.DoesNotContain(manifest.Parts, x => x.Path.StartsWith("images/", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Handing_out_is_recorded_with_the_hash_of_what_was_handed_out()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        (long caseId, _) = await CaseWithAsync(db, blobs, [1, 2, 3]);
        VerbOutcome<ExportedEvidence> outcome = await new ExportEvidence(caseId, new()).RunAsync(By(db, "anna"), blobs, Stop);
        Assert.Equal(outcome.Value!.Sha256, BlobName.Of((await blobs.GetAsync(outcome.Value.Sha256, Stop))!));
        AuditRow entry = (await AuditLog.ListAsync(db, new(Actions: [AuditAction.EvidenceExported]), null, 10, Stop)).Items.Single();
        Assert.Contains(outcome.Value.Sha256, entry.Detail, StringComparison.Ordinal);

        Assert.Equal(Refusal.NotFound, (await new ExportEvidence(4711, new()).RunAsync(By(db, "anna"), blobs, Stop)).Refusal);
    }

    private async Task<WrittenEvidence> WriteAsync(TouchstoneDb db, IBlobStore blobs, long caseId, Stream zip) => (await EvidenceBundle.WriteAsync(By(db, "anna"), blobs, new EvidenceTools(), null, caseId, zip, Stop))!;

    private async Task<(long CaseId, HitRow Hit)> CaseWithAsync(TouchstoneDb db, IBlobStore blobs, byte[] picture)
    {
        string sha256 = await blobs.PutAsync(picture, Stop);
        db.Images.Add(new() { Sha256 = sha256, Bytes = picture.Length, MediaType = "image/jpeg" });
        HitRow hit = await SampleHits.AddAsync(db, image: sha256);
        ObservationRow seen = hit.Match!.Screening!.Observation!;
        seen.Variants.Add(new() { Name = "Red", Gtin = "4006381333931", Price = 9.95m });
        seen.VariantsFound = 3;
        seen.Safety = SafetyColumn.Write([new(SafetyPoint.Manufacturer, SafetyState.Found, "Brumm GmbH", "Hersteller"), new(SafetyPoint.ResponsiblePerson, SafetyState.Missing)]);
        await db.SaveChangesAsync(Stop);
        long caseId = (await new OpenCase([hit.Id]).RunAsync(By(db, "anna"), Stop)).Value!.Case.Id;
        Assert.True((await new DecideHit(hit.Id, HitDecision.Confirm).RunAsync(By(db, "anna"), Stop)).Done);
        Assert.True((await new AddNote(caseId, "Seen in the shop too.").RunAsync(By(db, "anna"), Stop)).Done);
        return (caseId, hit);
    }

    private static byte[] Read(ZipArchive archive, string path)
    {
        using Stream stream = archive.GetEntry(path)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private VerbContext By(TouchstoneDb db, string actor) => new(db, actor, clock);
}
