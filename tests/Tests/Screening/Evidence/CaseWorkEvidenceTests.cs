using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Evidence;

/// <summary>A bundle holds what was done about a case: samples, files, notices with what came back, looks at the links, and what is watched for.</summary>
public sealed class CaseWorkEvidenceTests
{
    private static readonly byte[] Report = [.. "%PDF-1.7 laboratory"u8], Printed = [.. "%PDF-1.7 notice"u8], Exchange = [.. "GET /p HTTP/1.1\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\n"u8], Answer = [.. "we removed it"u8], BackPicture = [0xFF, 0xD8, 0xFF, 9];

    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_work_on_a_case_is_in_its_bundle_as_facts_and_files(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        (long caseId, NoticeRow notice) = await CaseAsync(db, blobs, clock.GetUtcNow().AddDays(-1));
        using var zip = new MemoryStream();
        EvidenceManifest manifest = (await EvidenceBundle.WriteAsync(By(db), blobs, new EvidenceTools(), null, caseId, zip, Stop))!.Manifest;
        using var archive = new ZipArchive(zip, ZipArchiveMode.Read);
        Assert.Empty(manifest.Missing);
        foreach (EvidencePart part in manifest.Parts) Assert.Equal(part.Sha256, BlobName.Of(Read(archive, part.Path)));

        JsonElement sample = Json(archive, "samples.json")[0];
        Assert.Equal(("Failed", "small parts", 2), (Text(sample, "state"), Text(sample, "risk"), sample.GetProperty("quantity").GetInt32()));
        Assert.Equal(Report, Read(archive, Text(sample, "reportPart")!));
        JsonElement file = Json(archive, "attachments.json")[0];
        Assert.Equal(("report.pdf", Text(sample, "reportPart")), (Text(file, "name"), Text(file, "part")));
        Assert.Equal("anna", Text(Json(archive, "clocks.json")[0], "startedBy"));

        JsonElement sent = Assert.Single(Json(archive, "notices.json").EnumerateArray().ToList());
        Assert.Equal($"Answer at https://t.example/r/… please", Text(sent, "text"));
        Assert.Equal(Printed, Read(archive, Text(sent, "pdfPart")!));
        Assert.Equal(("Delivered", "250 taken"), (Text(sent.GetProperty("delivery"), "state"), Text(sent.GetProperty("delivery"), "answer")));
        JsonElement check = sent.GetProperty("links")[0].GetProperty("checks")[0];
        Assert.Equal(("Gone", 404), (Text(check, "seen"), check.GetProperty("status").GetInt32()));
        Assert.Equal(Exchange, Read(archive, Text(check, "exchangePart")!));
        JsonElement reply = sent.GetProperty("replies")[0];
        Assert.Equal(("Removed", "We removed it."), (Text(reply, "kind"), Text(reply, "text")));
        Assert.Equal(Answer, Read(archive, Text(reply, "attachmentPart")!));

        JsonElement back = Json(archive, "watches.json")[0].GetProperty("returns")[0];
        Assert.Equal(("SameImage", 12), (Text(back, "sign"), back.GetProperty("days").GetInt32()));
        Assert.EndsWith("/again", Text(back.GetProperty("observation"), "url"), StringComparison.Ordinal);
        Assert.Equal(BackPicture, Read(archive, $"images/{BlobName.Of(BackPicture)}.jpg"));
        Assert.Contains(Json(archive, "audit.json").EnumerateArray(), x => Text(x, "subject") == AuditSubject.Notice(notice.Id));
        // Neither a draft nor the secret of a reply link leaves the installation.
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string content = Encoding.UTF8.GetString(Read(archive, entry.FullName));
            Assert.DoesNotContain(new string('s', 64), content, StringComparison.Ordinal);
            Assert.DoesNotContain("draft@shop.example", content, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_sealed_bundle_with_case_work_is_verified_and_a_changed_part_is_named()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        (long caseId, _) = await CaseAsync(db, blobs, null);
        byte[] changed = await EvidenceCheckTests.HandOutAsync(new ExportEvidence(caseId, new()), By(db), blobs);
        EvidenceVerification whole = await EvidenceCheck.RunAsync(new MemoryStream(changed), null, null, Stop);
        Assert.Null(whole.Problem);
        int place = changed.AsSpan().IndexOf("notices/"u8);
        changed[place + 60] ^= 1;
        Assert.NotNull((await EvidenceCheck.RunAsync(new MemoryStream(changed), null, null, Stop)).Problem);
    }

    [Fact]
    public async Task A_printed_notice_whose_reply_link_works_is_named_by_its_hash_and_not_given_out()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        (long caseId, NoticeRow notice) = await CaseAsync(db, blobs, clock.GetUtcNow().AddDays(1));
        using var zip = new MemoryStream();
        EvidenceManifest manifest = (await EvidenceBundle.WriteAsync(By(db), blobs, new EvidenceTools(), null, caseId, zip, Stop))!.Manifest;
        Assert.DoesNotContain(manifest.Parts, x => x.Path == $"notices/{notice.Id}.pdf");
        Assert.Contains(BlobName.Of(Printed), Assert.Single(manifest.Absent, x => x.Path == $"notices/{notice.Id}.pdf").Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_erased_or_lost_is_named_as_missing()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        (long caseId, _) = await CaseAsync(db, blobs, null);
        foreach (string path in Directory.GetFiles(database.Storage.BlobFolder, "*", SearchOption.AllDirectories))
            if ((await File.ReadAllBytesAsync(path, Stop)).AsSpan().SequenceEqual(Answer)) File.Delete(path);
        using var zip = new MemoryStream();
        EvidenceManifest manifest = (await EvidenceBundle.WriteAsync(By(db), blobs, new EvidenceTools(), null, caseId, zip, Stop))!.Manifest;
        Assert.Equal(BlobName.Of(Answer), Assert.Single(manifest.Missing).Sha256);
    }

    [Fact]
    public async Task The_report_tells_people_of_the_work_on_the_case()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        (long caseId, NoticeRow notice) = await CaseAsync(db, blobs, null);
        CaseRow found = await db.Cases.AsNoTracking().Include(x => x.Hits).SingleAsync(x => x.Id == caseId, Stop);
        using var bytes = new MemoryStream();
        await using var archive = new ZipArchive(bytes, ZipArchiveMode.Create);
        var report = new EvidenceReport(found, [], new Dictionary<string, EvidencePart>(), [], new EvidenceTools()) { Work = await CaseWork.ReadAsync(db, found, Stop) };
        string html = System.Net.WebUtility.HtmlDecode(report.Write(By(db), clock.GetUtcNow(), null, "", new EvidenceParts(archive, db, blobs)));
        foreach (string part in (string[])["Samples and their results", "risk: small parts", $"Notice {notice.Id}: Please remove", "the server answered: 250 taken", "The page is gone. (HTTP 404)", "We removed it.", "after 12 days, by SameImage", "report.pdf"])
            Assert.Contains(part, html, StringComparison.Ordinal);
        Assert.DoesNotContain("draft@shop.example", html, StringComparison.Ordinal);
    }

    private async Task<(long CaseId, NoticeRow Sent)> CaseAsync(TouchstoneDb db, IBlobStore blobs, DateTimeOffset? replyUntil)
    {
        DateTimeOffset now = clock.GetUtcNow();
        HitRow hit = await SampleHits.AddAsync(db, image: await StoreAsync(db, blobs, [0xFF, 0xD8, 0xFF, 1]));
        long caseId = (await new OpenCase([hit.Id]).RunAsync(By(db), Stop)).Value!.Case.Id;
        var report = new AttachmentRow { CaseId = caseId, Sha256 = await blobs.PutAsync(Report, Stop), Name = "report.pdf", MediaType = "application/pdf", Bytes = Report.Length, AddedBy = "anna", AddedAt = now };
        var due = new CaseClockRow { CaseId = caseId, Kind = ClockKind.SampleResult, Country = "DK", StartedAt = now, StartedBy = "anna", DueAt = now.AddDays(20), MetAt = now, MetBy = "anna", How = "The result came." };
        db.Samples.Add(new SampleRow { CaseId = caseId, State = SampleState.Failed, Supplier = "shop.example", Quantity = 2, Price = 19.9m, Currency = "EUR", OrderedBy = "anna", OrderedAt = now, Laboratory = "Lab", SentAt = now, ResultAt = now, Risk = "small parts", Standard = "EN 71-1", Report = report, Clock = due });
        var message = new OutboxRow { Kind = "Email", Recipient = "contact@shop.example", Subject = "Please", Body = $"https://t.example/r/{new string('s', 64)}", Key = "notice/1", State = OutboxState.Delivered, Attempts = 1, CreatedAt = now, DeliveredAt = now, Answer = "250 taken" };
        db.Outbox.Add(message);
        await db.SaveChangesAsync(Stop);
        var link = new NoticeLinkRow { HitId = hit.Id, Url = hit.Listing!.Url, Checks = { new OutcomeCheckRow { At = now, Seen = SeenOutcome.Gone, Detail = "The page is gone.", Status = 404, FinalUrl = hit.Listing.Url, ExchangeSha256 = await blobs.PutAsync(Exchange, Stop) } } };
        var sent = new NoticeRow
        {
            CaseId = caseId, Kind = NoticeKind.ShopRequest, State = NoticeState.Sent, Language = "en", Recipient = "contact@shop.example", CreatedBy = "anna", CreatedAt = now, SentBy = "anna", SentAt = now, Subject = "Please remove",
            Text = $"Answer at https://t.example/r/{new string('s', 64)} please", PdfSha256 = await blobs.PutAsync(Printed, Stop), OutboxId = message.Id, ReplyUntil = replyUntil, Links = { link },
        };
        sent.Replies.Add(new NoticeReplyRow { Kind = ReplyKind.Removed, Text = "We removed it.", At = now, AttachmentName = "answer.txt", AttachmentSha256 = await blobs.PutAsync(Answer, Stop) });
        db.Notices.AddRange(sent, new NoticeRow { CaseId = caseId, Kind = NoticeKind.DsaNotice, Language = "en", Recipient = "draft@shop.example", CreatedBy = "anna", CreatedAt = now });
        var again = new ObservationRow { Listing = new ListingRow { ShopId = hit.Listing.ShopId, Url = $"{hit.Listing.Url}/again", Name = "Mask, back" }, Number = 1, Name = "Mask, back", ContentHash = new string('5', 64), Images = { new() { Url = "https://shop.example/back.jpg", ImageSha256 = await StoreAsync(db, blobs, BackPicture) } } };
        db.Observations.Add(again);
        await db.SaveChangesAsync(Stop);
        db.Watches.Add(new WatchRow
        {
            HitId = hit.Id, ListingId = hit.ListingId!.Value, ReferenceId = hit.ReferenceId, ObservationId = hit.Match!.Screening!.ObservationId!.Value, RemovedAt = now, Because = "The page is gone.", StartedBy = "anna", StartedAt = now,
            Returns = { new ReturnRow { ListingId = again.ListingId, ObservationId = again.Id, Sign = ReturnSign.SameImage, Probability = 0.97, ImageSha256 = BlobName.Of(BackPicture), ReturnedAt = now.AddDays(12), Days = 12 } },
        });
        await db.SaveChangesAsync(Stop);
        await AuditLog.SaveAsync(db, clock, new AuditEntry("anna", AuditAction.NoticeSent, AuditSubject.Notice(sent.Id), "sent"), Stop);
        db.ChangeTracker.Clear();
        return (caseId, sent);
    }

    private static async Task<string> StoreAsync(TouchstoneDb db, IBlobStore blobs, byte[] picture)
    {
        string sha256 = await blobs.PutAsync(picture, Stop);
        db.Images.Add(new() { Sha256 = sha256, Bytes = picture.Length, MediaType = "image/jpeg" });
        return sha256;
    }

    private static JsonElement Json(ZipArchive archive, string path) => JsonElement.Parse(Read(archive, path));

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    private static byte[] Read(ZipArchive archive, string path)
    {
        using Stream stream = archive.GetEntry(path)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private VerbContext By(TouchstoneDb db) => new(db, "anna", clock);
}
