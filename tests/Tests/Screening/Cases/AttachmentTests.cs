using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Cases;

/// <summary>Files of a case are what their content says, and notes name people.</summary>
public sealed class AttachmentTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[], string?> Contents => new()
    {
        { "report.pdf", "%PDF-1.7"u8.ToArray(), "application/pdf" },
        { "report.txt", "%PDF-1.7"u8.ToArray(), null },
        { "photo.JPG", [0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg" },
        { "photo.png", [0xFF, 0xD8, 0xFF, 0xE0], null },
        { "page.html", "<script>alert(1)</script>"u8.ToArray(), null },
        { "picture.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), null },
        { "run.exe", "MZ"u8.ToArray(), null },
        { "list.csv", "a;b\n1;å"u8.ToArray(), "text/plain" },
        { "list.csv", [0x61, 0x00], null },
        { "list.csv", [0xC3, 0x28], null },
        { "letter.docx", Zip(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { "macro.docm", Zip(), null },
        { "noending", "text"u8.ToArray(), null },
    };

    [Theory, MemberData(nameof(Contents))]
    public void A_file_is_what_its_content_and_its_name_agree_on(string name, byte[] bytes, string? type) => Assert.Equal(type, AttachmentContent.TypeOf(name, bytes));

    [Theory]
    [InlineData("C:\\Users\\anna\\report.pdf", "report.pdf")]
    [InlineData("../../etc/passwd.txt", "passwd.txt")]
    [InlineData("a\r\nb\"c.pdf", "abc.pdf")]
    [InlineData("...", null)]
    [InlineData("", null)]
    [InlineData("invoice\u202efdp.txt", "invoicefdp.txt")]
    public void A_name_loses_its_folders_and_what_breaks_a_header(string name, string? kept) => Assert.Equal(kept, AttachmentContent.NameOf(name));

    [Fact]
    public async Task The_same_file_is_kept_once_for_a_case_and_its_bytes_are_in_use()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        long id = await OpenAsync(db);
        var blobs = new FolderBlobStore(database.Storage.DataFolder);
        byte[] bytes = "%PDF-1.7 x"u8.ToArray();
        AttachmentRow first = (await new AddAttachment(id, "a.pdf", bytes).RunAsync(By(db), blobs, Stop)).Value!;
        Assert.Equal(first.Id, (await new AddAttachment(id, "b.pdf", bytes).RunAsync(By(db), blobs, Stop)).Value!.Id);
        Assert.Equal(bytes, await blobs.GetAsync(first.Sha256, Stop));
        Assert.Contains(first.Sha256, await Touchstone.Screening.Retention.BlobUse.UsedAsync(db, [first.Sha256], Stop));
        Assert.Equal(Refusal.Invalid, (await new AddAttachment(id, "a.exe", "MZ"u8.ToArray()).RunAsync(By(db), blobs, Stop)).Refusal);
        Assert.Equal(Refusal.Invalid, (await new AddAttachment(id, "a.pdf", ReadOnlyMemory<byte>.Empty).RunAsync(By(db), blobs, Stop)).Refusal);
        Assert.Equal(Refusal.NotFound, (await new AddAttachment(4711, "a.pdf", bytes).RunAsync(By(db), blobs, Stop)).Refusal);
    }

    [Fact]
    public async Task Who_is_named_finds_it_until_they_look_and_is_written_to_where_they_stated_an_address()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        long id = await OpenAsync(db);
        Mentioned[] named = [new("bo", "bo@authority.example"), new("carl"), new("anna", "anna@authority.example")];
        Assert.True((await new AddNote(id, "@bo @carl look at this", named).RunAsync(By(db), Stop)).Done);
        OutboxRow mail = await db.Outbox.AsNoTracking().SingleAsync(Stop);
        Assert.Equal(("bo@authority.example", $"Case {id}: anna names you"), (mail.Recipient, mail.Subject));
        Assert.Equal(id, Assert.Single(await Mentions.UnseenAsync(db, "bo", 10, Stop)).CaseId);
        Assert.Single(await Mentions.UnseenAsync(db, "carl", 10, Stop));
        Assert.Empty(await Mentions.UnseenAsync(db, "anna", 10, Stop));
        await Mentions.SeeAsync(db, id, "bo", clock.GetUtcNow(), Stop);
        Assert.Empty(await Mentions.UnseenAsync(db, "bo", 10, Stop));
        Assert.Single(await Mentions.UnseenAsync(db, "carl", 10, Stop));
    }

    private static byte[] Zip()
    {
        using var held = new MemoryStream();
        using (var zip = new ZipArchive(held, ZipArchiveMode.Create, leaveOpen: true)) zip.CreateEntry("word/document.xml");
        return held.ToArray();
    }

    private async Task<long> OpenAsync(TouchstoneDb db) => (await new OpenCase([(await SampleHits.AddAsync(db)).Id]).RunAsync(By(db), Stop)).Value!.Case.Id;

    private VerbContext By(TouchstoneDb db) => new(db, "anna", clock);
}
