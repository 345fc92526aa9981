using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Notices;

/// <summary>An installation with an operator and a case with one confirmed hit, for tests of notices.</summary>
internal sealed class NoticeDesk : IAsyncDisposable
{
    public const string Shop = "contact@shop.example";

    private NoticeDesk(TestDatabase database, TouchstoneDb db)
    {
        (Database, Db) = (database, db);
        Blobs = new FolderBlobStore(database.Storage.BlobFolder);
    }

    public TestDatabase Database { get; }

    public TouchstoneDb Db { get; }

    public FolderBlobStore Blobs { get; }

    public ManualClock Clock { get; } = new();

    public long CaseId { get; private set; }

    public HitRow Hit { get; private set; } = null!;

    public VerbContext Anna => new(Db, "anna", Clock);

    public VerbContext Bent => new(Db, "bent", Clock);

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="url">Where the offer is; null: an address of the shop.</param>
    public static async Task<NoticeDesk> OpenAsync(DatabaseProvider provider = DatabaseProvider.Sqlite, string? url = null)
    {
        TestDatabase database = await TestDatabase.CreateAsync(provider);
        var desk = new NoticeDesk(database, database.CreateDbContext());
        desk.Hit = await SampleHits.AddAsync(desk.Db);
        if (url is not null) (await desk.Db.Listings.SingleAsync(Stop)).Url = url;
        desk.Hit.State = HitState.Confirmed;
        await desk.Db.SaveChangesAsync(Stop);
        desk.CaseId = (await new OpenCase([desk.Hit.Id]).RunAsync(desk.Anna, Stop)).Value!.Case.Id;
        var wish = new OperatorSettings("Safety Authority", "Street 1\nCity", "A. Person", "contact@authority.example", null, "Regulation (EU) 2023/988", "The courts", "Denmark", "en", "https://touchstone.example");
        VerbOutcome<OperatorRow> set = await Operators.SetAsync(desk.Anna, wish, null, Stop);
        Assert.True(set.Done, set.Detail);
        return desk;
    }

    /// <summary>A draft that lacks nothing.</summary>
    public async Task<NoticeRow> DraftAsync(NoticeKind kind = NoticeKind.ShopRequest, string language = "en", NoticeWay way = NoticeWay.Email, string recipient = Shop)
    {
        NoticeRow draft = (await new DraftNotice(CaseId, kind, language).RunAsync(Anna, Stop)).Value!;
        var wording = new NoticeWording(language, way, recipient, "Shop Ltd", "The product is dangerous.", "Regulation (EU) 2023/988", "The courts", "Denmark", "Remove the offer", true, draft.RespondBy);
        VerbOutcome<NoticeRow> edited = await new EditNotice(draft.Id, wording, draft.Version).RunAsync(Anna, Stop);
        Assert.True(edited.Done, edited.Detail);
        return edited.Value!;
    }

    public async Task<NoticeRow> SendAsync(NoticeKind kind = NoticeKind.ShopRequest, ChromiumRenderer? printer = null, string language = "en")
    {
        NoticeRow draft = await DraftAsync(kind, language);
        VerbOutcome<NoticeRow> sent = await new SendNotice(draft.Id, new NoticeTools(printer), draft.Version).RunAsync(Anna, Blobs, Stop);
        Assert.True(sent.Done, sent.Detail);
        return sent.Value!;
    }

    /// <summary>The secret part of the reply link that the notice's message bears.</summary>
    public async Task<string> TokenAsync(long noticeId)
    {
        string body = (await Db.Outbox.AsNoTracking().SingleAsync(x => x.Key == $"notice/{noticeId}", Stop)).Body;
        int start = body.IndexOf("/r/", StringComparison.Ordinal) + 3;
        return new string([.. body[start..].TakeWhile(x => !char.IsWhiteSpace(x))]);
    }

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        await Database.DisposeAsync();
    }
}
