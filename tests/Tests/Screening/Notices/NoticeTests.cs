using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Notices;

public sealed class NoticeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_starts_a_deadline_is_not_sent_from_a_case_that_ended()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow draft = await desk.DraftAsync(), reasons = await desk.DraftAsync(NoticeKind.StatementOfReasons);
        await desk.Db.Cases.ExecuteUpdateAsync(x => x.SetProperty(c => c.State, CaseState.Closed), NoticeDesk.Stop);
        desk.Db.ChangeTracker.Clear();
        VerbOutcome<NoticeRow> refused = await new SendNotice(draft.Id, new NoticeTools(null), draft.Version).RunAsync(desk.Anna, desk.Blobs, NoticeDesk.Stop);
        Assert.Equal((Refusal.Conflict, $"Case {desk.CaseId} is closed; reopen it first."), (refused.Refusal, refused.Detail));
        Assert.False(await desk.Db.CaseClocks.AnyAsync(x => x.MetAt == null, NoticeDesk.Stop));
        VerbOutcome<NoticeRow> sent = await new SendNotice(reasons.Id, new NoticeTools(null), reasons.Version).RunAsync(desk.Anna, desk.Blobs, NoticeDesk.Stop);
        Assert.True(sent.Done, sent.Detail);
    }

    [Fact]
    public async Task The_case_that_ended_is_named_also_where_another_was_merged_into_it()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow draft = await desk.DraftAsync();
        long into = (await new OpenCase([(await SampleHits.AddAsync(desk.Db)).Id]).RunAsync(desk.Anna, Stop)).Value!.Case.Id;
        Assert.True((await new MergeCases(desk.CaseId, into, "The same shop.").RunAsync(desk.Anna, Stop)).Done);
        await desk.Db.Cases.Where(x => x.Id == into).ExecuteUpdateAsync(x => x.SetProperty(c => c.State, CaseState.Closed), Stop);
        desk.Db.ChangeTracker.Clear();
        VerbOutcome<NoticeRow> refused = await new SendNotice(draft.Id, new NoticeTools(null)).RunAsync(desk.Anna, desk.Blobs, Stop);
        Assert.Equal((Refusal.Conflict, $"Case {into} is closed; reopen it first."), (refused.Refusal, refused.Detail));
    }

    [Fact]
    public async Task A_notice_is_printed_and_mailed_with_its_pdf_and_the_servers_answer_is_kept()
    {
        if (new RenderingOptions().FindExecutable() is null) Assert.Skip("Chromium is not installed.");
        await using MailServer server = await MailServer.StartAsync();
        await using NoticeDesk desk = await NoticeDesk.OpenAsync(url: "https://shop.example/office/9ff740-fi-fl");
        await using var printer = new ChromiumRenderer(new RenderingOptions(), TimeProvider.System);
        NoticeRow sent = await desk.SendAsync(NoticeKind.DsaNotice, printer, "de");
        byte[] pdf = (await desk.Blobs.GetAsync(sent.PdfSha256!, Stop))!;
        string printed = PdfText.Of(pdf);
        foreach (string part in (string[])["Safety Authority", "The product is dangerous.", sent.Links.Single().Url, "nach bestem Wissen und Gewissen", "Artikel 16", sent.RespondBy!.Value.ToString("yyyy-MM-dd")])
            Assert.True(printed.Contains(part.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal), $"{part} is not in {printed}");
        Assert.DoesNotContain("/JavaScript", Encoding.Latin1.GetString(pdf), StringComparison.Ordinal);

        var smtp = new SmtpDelivery(new() { Host = "127.0.0.1", Port = server.Port, From = "sender@touchstone.example", RequireTls = false }, new(), TimeProvider.System, desk.Blobs);
        var delivery = new OutboxDelivery(desk.Database, _ => Task.FromResult<IReadOnlyDictionary<string, OutboxTransport>>(new Dictionary<string, OutboxTransport> { [OutboxKind.Email] = smtp.DeliverAsync }), new(), desk.Clock, new Random(1), Microsoft.Extensions.Logging.Abstractions.NullLogger<OutboxDelivery>.Instance);
        Assert.Equal(1, (await delivery.DeliverDueAsync("worker", Stop)).Delivered);
        string mail = (await server.ReceiveAsync(Stop)).Raw;
        Assert.Contains($"filename=notice-{desk.CaseId}-{sent.Id}.pdf", mail.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Match part2 = Regex.Match(mail, "application/pdf.*?\r\n\r\n(.*?)\r\n--", RegexOptions.Singleline, TimeSpan.FromSeconds(5));
        Assert.Equal(sent.PdfSha256, BlobName.Of(Convert.FromBase64String(part2.Groups[1].Value)));
        OutboxRow message = (await NoticeQueries.MessageAsync(desk.Db, sent, Stop))!;
        Assert.Equal(OutboxState.Delivered, message.State);
        Assert.False(string.IsNullOrEmpty(message.Answer));
        desk.Db.ChangeTracker.Clear();
        Assert.Contains(await desk.Db.CaseEvents.ToListAsync(Stop), x => x.Kind == CaseEventKind.NoticeSent && x.CaseId == desk.CaseId);
        Assert.Contains(await desk.Db.Audit.ToListAsync(Stop), x => x.Action == AuditAction.NoticeSent && x.Subject == AuditSubject.Notice(sent.Id));
    }

    [Fact]
    public async Task Without_a_browser_the_text_goes_and_it_is_said_why_there_is_no_pdf()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        await using var none = new ChromiumRenderer(new RenderingOptions { ExecutablePath = "/none" }, TimeProvider.System);
        NoticeRow sent = await desk.SendAsync(printer: none);
        Assert.Null(sent.PdfSha256);
        Assert.Contains("no Chromium", sent.PdfProblem, StringComparison.Ordinal);
        OutboxRow message = (await NoticeQueries.MessageAsync(desk.Db, sent, Stop))!;
        Assert.Null(message.AttachmentSha256);
        Assert.Contains(sent.Links.Single().Url, message.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NoticeKind.DsaNotice, "16(2)(a)", "16(2)(d)")]
    [InlineData(NoticeKind.AuthorityOrder, "9(2)(a)(i)", "9(2)(a)(ii)", "9(2)(a)(v)", "9(2)(b)", "what is to be done")]
    [InlineData(NoticeKind.StatementOfReasons, "17(3)(a)", "17(3)(b)", "17(3)(d)", "17(3)(f)")]
    [InlineData(NoticeKind.SafetyGateDraft, "measure", "market")]
    [InlineData(NoticeKind.ShopRequest, "what the shop is asked to do")]
    public async Task What_a_kind_must_hold_is_asked_for_sentence_by_sentence(NoticeKind kind, params string[] missing)
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow draft = (await new DraftNotice(desk.CaseId, kind, "en").RunAsync(desk.Anna, Stop)).Value!;
        var empty = new NoticeWording("en", NoticeWay.Email, null, null, null, null, null, null, null, false, draft.RespondBy);
        Assert.True((await new EditNotice(draft.Id, empty).RunAsync(desk.Anna, Stop)).Done);
        NoticePreview preview = await NoticePreview.OfAsync(desk.Db, desk.Clock, (await NoticeQueries.FindAsync(desk.Db, draft.Id, Stop))!, null, null, Stop);
        Assert.Contains(preview.Missing, x => x.Contains("no recipient", StringComparison.Ordinal));
        foreach (string part in missing) Assert.Contains(preview.Missing, x => x.Contains(part, StringComparison.Ordinal));
        VerbOutcome<NoticeRow> refused = await new SendNotice(draft.Id, new NoticeTools(null)).RunAsync(desk.Anna, desk.Blobs, Stop);
        Assert.Equal(Refusal.Invalid, refused.Refusal);
        Assert.False(await desk.Db.Outbox.AnyAsync(Stop));
        NoticeRow whole = await desk.DraftAsync(kind);
        Assert.Empty((await NoticePreview.OfAsync(desk.Db, desk.Clock, (await NoticeQueries.FindAsync(desk.Db, whole.Id, Stop))!, null, null, Stop)).Missing);
    }

    [Theory]
    [InlineData(NoticeKind.AuthorityOrder, false)]
    [InlineData(NoticeKind.SafetyGateDraft, false)]
    [InlineData(NoticeKind.DsaNotice, true)]
    public async Task Only_an_authority_sends_what_an_authority_sends_and_an_erased_seller_is_not_named(NoticeKind kind, bool may)
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow draft = await desk.DraftAsync(kind);
        await desk.Db.Operators.ExecuteUpdateAsync(x => x.SetProperty(o => o.Role, OperatorRole.RightHolder), Stop);
        await desk.Db.Observations.ExecuteUpdateAsync(x => x.SetProperty(o => o.Seller, "erased-0123456789abcdef"), Stop);
        desk.Db.ChangeTracker.Clear();
        NoticePreview preview = await NoticePreview.OfAsync(desk.Db, desk.Clock, (await NoticeQueries.FindAsync(desk.Db, draft.Id, Stop))!, null, null, Stop);
        Assert.Equal(may, !preview.Missing.Any(x => x.Contains("Only an authority sends it", StringComparison.Ordinal)));
        Assert.DoesNotContain("erased-", preview.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_sent_is_not_changed_and_is_sent_once()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow draft = await desk.DraftAsync();
        await using TouchstoneDb other = desk.Database.CreateDbContext();
        Assert.Equal(Refusal.Overtaken, (await new SendNotice(draft.Id, new NoticeTools(null), draft.Version - 1).RunAsync(desk.Anna, desk.Blobs, Stop)).Refusal);
        VerbOutcome<NoticeRow>[] both = [await new SendNotice(draft.Id, new NoticeTools(null)).RunAsync(desk.Anna, desk.Blobs, Stop), await new SendNotice(draft.Id, new NoticeTools(null)).RunAsync(new VerbContext(other, "bent", desk.Clock), desk.Blobs, Stop)];
        Assert.True(both[0].Done, both[0].Detail);
        Assert.Equal(Refusal.Conflict, both[1].Refusal);
        Assert.Equal(1, await desk.Db.Outbox.CountAsync(Stop));
        var wording = new NoticeWording("en", NoticeWay.Email, "else@shop.example", null, "x", null, null, null, "x", true, draft.RespondBy);
        Assert.Equal(Refusal.Conflict, (await new EditNotice(draft.Id, wording).RunAsync(desk.Anna, Stop)).Refusal);
        Assert.Equal(Refusal.Conflict, (await new DiscardNotice(draft.Id).RunAsync(desk.Anna, Stop)).Refusal);
        string text = both[0].Value!.Text!;
        desk.Hit.Listing!.Name = "Another name";
        await desk.Db.SaveChangesAsync(Stop);
        Assert.Equal(text, (await NoticeQueries.FindAsync(other, draft.Id, Stop))!.Text);
    }

    [Fact]
    public async Task Only_confirmed_hits_of_the_case_are_named()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        HitRow foreign = await SampleHits.AddAsync(desk.Db);
        Assert.Equal(Refusal.Invalid, (await new DraftNotice(desk.CaseId, NoticeKind.ShopRequest, "en", [foreign.Id]).RunAsync(desk.Anna, Stop)).Refusal);
        NoticeRow draft = await desk.DraftAsync();
        desk.Hit.State = HitState.Rejected;
        await desk.Db.SaveChangesAsync(Stop);
        Assert.Contains("not confirmed any more", (await new SendNotice(draft.Id, new NoticeTools(null)).RunAsync(desk.Anna, desk.Blobs, Stop)).Detail, StringComparison.Ordinal);
        Assert.Equal(Refusal.Conflict, (await new DraftNotice(desk.CaseId, NoticeKind.ShopRequest, "en").RunAsync(desk.Anna, Stop)).Refusal);
    }

    [Theory]
    [InlineData(NoticeKind.AuthorityOrder, "2026-01-08", "2026-01-12")]
    [InlineData(NoticeKind.DsaNotice, "2026-01-09", "2026-01-14")]
    [InlineData(NoticeKind.ShopRequest, "2026-01-10", "2026-01-16")]
    [InlineData(NoticeKind.StatementOfReasons, "2026-01-10", null)]
    [InlineData(NoticeKind.AuthorityOrder, "2026-05-13", "2026-05-18")]
    public async Task The_day_to_answer_by_leaves_weekends_and_holidays_out(NoticeKind kind, string from, string? by)
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        Assert.Equal(by is null ? null : DateOnly.Parse(by), await NoticeClocks.DefaultAsync(desk.Db, kind, "DK", DateOnly.Parse(from), Stop));
    }

    [Fact]
    public async Task A_sent_order_runs_a_clock_of_the_case_until_the_answer_comes()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow sent = await desk.SendAsync(NoticeKind.AuthorityOrder);
        CaseClockRow clock = Assert.Single(await CaseClocks.OfCaseAsync(desk.Db, desk.CaseId, Stop));
        Assert.Equal((ClockKind.Order, sent.RespondBy), (clock.Kind, (DateOnly?)DateOnly.FromDateTime(clock.DueAt.UtcDateTime)));
        Assert.Null(clock.MetAt);
        await new SetRespondBy(sent.Id, sent.RespondBy!.Value.AddDays(3), null).RunAsync(desk.Anna, Stop);
        Assert.Equal(clock.DueAt.AddDays(3), Assert.Single(await CaseClocks.OfCaseAsync(desk.Db, desk.CaseId, Stop)).DueAt);
        // Another day lets it run out, and be told of, anew; in a case that goes on in another one, too.
        desk.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(1, await ClockBreaches.TellAsync(desk.Database, desk.Clock, (_, _) => Task.FromResult<IReadOnlyList<string>>([]), Stop));
        long other = (await new OpenCase([(await SampleHits.AddAsync(desk.Db)).Id]).RunAsync(desk.Anna, Stop)).Value!.Case.Id;
        Assert.True((await new MergeCases(desk.CaseId, other, "The same shop.").RunAsync(desk.Anna, Stop)).Done);
        await using (TouchstoneDb later = desk.Database.CreateDbContext())
            Assert.True((await new SetRespondBy(sent.Id, DateOnly.FromDateTime(desk.Clock.GetUtcNow().UtcDateTime).AddDays(3)).RunAsync(new VerbContext(later, "anna", desk.Clock), Stop)).Done);
        desk.Clock.Advance(TimeSpan.FromDays(5));
        Assert.Equal(1, await ClockBreaches.TellAsync(desk.Database, desk.Clock, (_, _) => Task.FromResult<IReadOnlyList<string>>([]), Stop));
        Assert.True((await new UnmergeCase(desk.CaseId, "Another shop.").RunAsync(desk.Anna, Stop)).Done);
        desk.Db.ChangeTracker.Clear();
        Assert.True((await new ReceiveReply(await desk.TokenAsync(sent.Id), ReplyKind.Removed, "It is gone.").RunAsync(desk.Anna, desk.Blobs, Stop)).Done);
        Assert.Null(Assert.Single(await CaseClocks.OfCaseAsync(desk.Db, desk.CaseId, Stop)).MetAt);
        Assert.True((await new ReceiveReply(await desk.TokenAsync(sent.Id), ReplyKind.Explanation, "We look into it.").RunAsync(desk.Anna, desk.Blobs, Stop)).Done);
        Assert.NotNull(Assert.Single(await CaseClocks.OfCaseAsync(desk.Db, desk.CaseId, Stop)).MetAt);
    }

    [Fact]
    public async Task What_runs_for_a_notice_comes_back_through_a_chain_of_merges()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow sent = await desk.SendAsync(NoticeKind.AuthorityOrder);
        long second = await OpenAsync(), third = await OpenAsync();
        Assert.True((await new MergeCases(desk.CaseId, second, "The same shop.").RunAsync(desk.Anna, Stop)).Done);
        Assert.True((await new MergeCases(second, third, "The same shop.").RunAsync(desk.Anna, Stop)).Done);
        Assert.Equal(Refusal.Conflict, (await new UnmergeCase(desk.CaseId, "Another shop.").RunAsync(desk.Anna, Stop)).Refusal);
        Assert.True((await new UnmergeCase(second, "Another shop.").RunAsync(desk.Anna, Stop)).Done);
        desk.Db.ChangeTracker.Clear();
        Assert.Empty(await CaseClocks.OfCaseAsync(desk.Db, third, Stop));
        Assert.Single(await CaseClocks.OfCaseAsync(desk.Db, second, Stop));
        Assert.True((await new UnmergeCase(desk.CaseId, "Another shop.").RunAsync(desk.Anna, Stop)).Done);
        desk.Db.ChangeTracker.Clear();
        Assert.Equal(sent.RespondBy, DateOnly.FromDateTime(Assert.Single(await CaseClocks.OfCaseAsync(desk.Db, desk.CaseId, Stop)).DueAt.UtcDateTime));

        async Task<long> OpenAsync() => (await new OpenCase([(await SampleHits.AddAsync(desk.Db)).Id]).RunAsync(desk.Anna, Stop)).Value!.Case.Id;
    }

    [Fact]
    public async Task A_draft_that_is_sent_after_a_merge_runs_in_the_case_that_goes_on()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow draft = await desk.DraftAsync(NoticeKind.AuthorityOrder);
        long other = (await new OpenCase([(await SampleHits.AddAsync(desk.Db)).Id]).RunAsync(desk.Anna, Stop)).Value!.Case.Id;
        Assert.True((await new MergeCases(desk.CaseId, other, "The same shop.").RunAsync(desk.Anna, Stop)).Done);
        desk.Db.ChangeTracker.Clear();
        VerbOutcome<NoticeRow> sent = await new SendNotice(draft.Id, new NoticeTools(null)).RunAsync(desk.Anna, desk.Blobs, Stop);
        Assert.True(sent.Done, sent.Detail);
        Assert.Empty(await CaseClocks.OfCaseAsync(desk.Db, desk.CaseId, Stop));
        Assert.Single(await CaseClocks.OfCaseAsync(desk.Db, other, Stop));
        Assert.True((await new UnmergeCase(desk.CaseId, "Another shop.").RunAsync(desk.Anna, Stop)).Done);
        Assert.Single(await CaseClocks.OfCaseAsync(desk.Db, desk.CaseId, Stop));
    }

    [Fact]
    public void Addresses_are_suggested_and_pictures_are_none() =>
        Assert.Equal(["info@shop.example", "help@shop.example"], ContactSuggestions.In("<a href='mailto:info@shop.example?subject=x'>Mail</a> help@shop.example <img src='logo@2x.png'> info@shop.example"));
}
