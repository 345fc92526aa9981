using System.IO.Compression;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Evidence;
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
        EvidenceManifest manifest = (await EvidenceBundle.WriteAsync(db, blobs, caseId, zip, Stop))!;
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
        Assert.Equal("Mask, 50 pieces", first.GetProperty("listing").GetProperty("name").GetString());
        Assert.Equal("A12/00017/26", first.GetProperty("reference").GetProperty("externalId").GetString());
        using JsonDocument history = JsonDocument.Parse(Read(archive, "case.json"));
        Assert.Equal(["Opened", "Decided", "NoteAdded"], history.RootElement.GetProperty("history").EnumerateArray().Select(x => x.GetProperty("kind").GetString()!));
        using JsonDocument audit = JsonDocument.Parse(Read(archive, "audit.json"));
        Assert.Equal([AuditAction.CaseOpened, AuditAction.HitConfirmed, AuditAction.CaseNoteAdded], audit.RootElement.EnumerateArray().Select(x => x.GetProperty("action").GetString()!));
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
        await EvidenceBundle.WriteAsync(db, blobs, caseId, one, Stop);
        await using TouchstoneDb later = database.CreateDbContext();
        await EvidenceBundle.WriteAsync(later, blobs, caseId, two, Stop);
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
            EvidenceManifest manifest = (await EvidenceBundle.WriteAsync(db, blobs, caseId, zip, Stop))!;
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
        using var zip = new MemoryStream();
        VerbOutcome<ExportedEvidence> outcome = await new ExportEvidence(caseId).RunAsync(By(db, "anna"), blobs, zip, Stop);
        Assert.Equal(BlobName.Of(zip.ToArray()), outcome.Value!.Sha256);
        AuditRow entry = (await AuditLog.ListAsync(db, new(Action: AuditAction.EvidenceExported), null, 10, Stop)).Items.Single();
        Assert.Contains(outcome.Value.Sha256, entry.Detail, StringComparison.Ordinal);

        using var none = new MemoryStream();
        Assert.Equal(Refusal.NotFound, (await new ExportEvidence(4711).RunAsync(By(db, "anna"), blobs, none, Stop)).Refusal);
        Assert.Equal(0, none.Length);
    }

    private async Task<(long CaseId, HitRow Hit)> CaseWithAsync(TouchstoneDb db, IBlobStore blobs, byte[] picture)
    {
        string sha256 = await blobs.PutAsync(picture, Stop);
        db.Images.Add(new() { Sha256 = sha256, Bytes = picture.Length, MediaType = "image/jpeg" });
        HitRow hit = await SampleHits.AddAsync(db, image: sha256);
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
