using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Overview;

namespace Touchstone.Tests.Screening.Notices;

public sealed class NoticeReplyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_opens_its_notice_until_it_ends_or_is_taken_back_and_no_changed_one_opens_any()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow first = await desk.SendAsync(), second = await desk.SendAsync();
        string token = await desk.TokenAsync(first.Id);
        Assert.Equal(64, token.Length);
        Assert.Equal(first.Id, (await OpenAsync(desk, token))!.Id);
        for (int at = 0; at < token.Length; at += 7)
            Assert.Null(await OpenAsync(desk, string.Concat(token.AsSpan(0, at), token[at] == 'A' ? "B" : "A", token.AsSpan(at + 1))));
        foreach (string bad in (string[])["", "x", token[..^1], $"{token}A", new string('A', 64), "../../etc"]) Assert.Null(await OpenAsync(desk, bad));

        Assert.True((await new RevokeReplyLink(first.Id).RunAsync(desk.Anna, Stop)).Done);
        Assert.Null(await OpenAsync(desk, token));
        string other = await desk.TokenAsync(second.Id);
        Assert.NotNull(await OpenAsync(desk, other));
        desk.Clock.Advance(TimeSpan.FromDays(61));
        Assert.Null(await OpenAsync(desk, other));
    }

    [Fact]
    public async Task A_reply_is_kept_with_its_file_told_to_the_case_and_counted()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow notice = await desk.SendAsync();
        string token = await desk.TokenAsync(notice.Id);
        VerbOutcome<NoticeReplyRow> reply = await ReplyAsync(desk, token, ReplyKind.Removed, attachment: new ReplyAttachment("..\\..\\a/b\r\n<x>.pdf", new byte[] { 1, 2, 3 }));
        Assert.True(reply.Done, reply.Detail);
        Assert.Equal("b _x_.pdf", reply.Value!.AttachmentName);
        Assert.Equal([1, 2, 3], await desk.Blobs.GetAsync(reply.Value.AttachmentSha256!, Stop));
        Assert.Contains(await desk.Db.CaseEvents.AsNoTracking().ToListAsync(Stop), x => x.Kind == CaseEventKind.NoticeReplied);
        // Who says removed is looked at now, and not at the day to answer by.
        Assert.Equal(desk.Clock.GetUtcNow(), (await desk.Db.NoticeLinks.AsNoTracking().SingleAsync(Stop)).NextCheckAt);
        for (int i = 1; i < ReceiveReply.MostInAnHour; i++) Assert.True((await ReplyAsync(desk, token, ReplyKind.Explanation)).Done);
        Assert.Equal(Refusal.Conflict, (await ReplyAsync(desk, token, ReplyKind.Explanation)).Refusal);
        while (await desk.Db.NoticeReplies.CountAsync(Stop) < ReceiveReply.MostReplies)
        {
            desk.Clock.Advance(TimeSpan.FromMinutes(61));
            Assert.True((await ReplyAsync(desk, token, ReplyKind.Explanation)).Done);
        }
        desk.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(Refusal.Conflict, (await ReplyAsync(desk, token, ReplyKind.Explanation)).Refusal);
        Assert.Equal(Refusal.Invalid, (await ReplyAsync(desk, token, ReplyKind.Explanation, text: " ")).Refusal);
        Assert.Equal(Refusal.Invalid, (await ReplyAsync(desk, token, ReplyKind.Explanation, email: "no address")).Refusal);
        Assert.Equal(Refusal.Invalid, (await ReplyAsync(desk, token, (ReplyKind)9)).Refusal);
    }

    [Theory]
    [InlineData(true, "bleibt bestehen")]
    [InlineData(false, "stattgegeben")]
    public async Task An_appeal_is_decided_once_by_another_person_and_answered_in_the_notices_language(bool upheld, string said)
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow notice = await desk.SendAsync(language: "de");
        VerbOutcome<NoticeReplyRow> appeal = await ReplyAsync(desk, await desk.TokenAsync(notice.Id), ReplyKind.Appeal, email: "seller@shop.example");
        var decision = new DecideAppeal(notice.Id, appeal.Value!.Id, upheld, "Because of the label.");
        Assert.Contains("Another person", (await decision.RunAsync(desk.Anna, Stop)).Detail, StringComparison.Ordinal);
        Assert.Equal([(0, null), (1, notice.Id)], [await AppealsAsync("anna"), await AppealsAsync("bent")]);
        desk.Db.ChangeTracker.Clear();
        VerbOutcome<NoticeRow> decided = await decision.RunAsync(desk.Bent, Stop);
        Assert.True(decided.Done, decided.Detail);
        Assert.Equal(Refusal.Conflict, (await decision.RunAsync(desk.Bent, Stop)).Refusal);
        OutboxRow answer = await desk.Db.Outbox.SingleAsync(x => x.Key.Contains("/appeal/"), Stop);
        Assert.Equal("seller@shop.example", answer.Recipient);
        Assert.Contains(said, answer.Body, StringComparison.Ordinal);
        Assert.Contains("Because of the label.", answer.Body, StringComparison.Ordinal);
        Assert.Equal(Refusal.NotFound, (await new DecideAppeal(notice.Id, 999, true, "x").RunAsync(desk.Bent, Stop)).Refusal);
        Assert.Equal((0, null), await AppealsAsync("bent"));
        NoticeRow now = (await NoticeQueries.FindAsync(desk.Db, notice.Id, Stop))!;
        Assert.Equal(upheld ? NoticeOutcome.Refused : NoticeOutcome.TakenBack, NoticeOutcomes.Of(now, desk.Clock.GetUtcNow()));
        Assert.Equal(upheld, now.Links.Single().NextCheckAt is not null);

        async Task<(int, long?)> AppealsAsync(string person)
        {
            OverviewReport report = await OverviewFacts.ReadAsync(desk.Database, person, desk.Clock, Stop);
            return (report.Appeals, report.AppealNotice);
        }
    }

    [Fact]
    public async Task Of_a_notice_that_a_key_sent_neither_who_made_the_key_nor_who_drafted_it_decides_the_appeal()
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync();
        NoticeRow draft = await desk.DraftAsync();
        VerbContext key = desk.Bent with { Actor = "key:of bent" };
        Assert.True((await new SendNotice(draft.Id, new NoticeTools(null)).RunAsync(key, desk.Blobs, Stop)).Done);
        var decision = new DecideAppeal(draft.Id, (await ReplyAsync(desk, await desk.TokenAsync(draft.Id), ReplyKind.Appeal)).Value!.Id, true, "Because of the label.");
        Task<VerbOutcome<NoticeRow>> DecideAsync(string actor)
        {
            desk.Db.ChangeTracker.Clear();
            return decision.RunAsync(desk.Bent with { Actor = actor, MakerOf = (name, _) => Task.FromResult<string?>(name == "key:of bent" ? "bent" : null) }, Stop);
        }
        Assert.Contains("signed in", (await DecideAsync("key:another")).Detail, StringComparison.Ordinal);
        Assert.Contains("A key sent the notice", (await DecideAsync("Bent")).Detail, StringComparison.Ordinal);
        Assert.Contains("A key sent the notice", (await DecideAsync("anna")).Detail, StringComparison.Ordinal);
        Assert.True((await DecideAsync("carl")).Done);
    }

    [Fact]
    public void An_outcome_is_what_was_seen_before_what_was_said_and_what_was_not_checked_says_nothing()
    {
        DateTimeOffset now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        Assert.Equal(NoticeOutcome.Waiting, Of([], null, now));
        Assert.Equal(NoticeOutcome.NoAnswer, Of([], null, now.AddDays(9)));
        Assert.Equal(NoticeOutcome.NoAnswer, Of([SeenOutcome.NotChecked], null, now.AddDays(9)));
        Assert.Equal(NoticeOutcome.Removed, Of([SeenOutcome.StillOffered, SeenOutcome.Gone, SeenOutcome.NotChecked], ReplyKind.Refusal, now));
        Assert.Equal(NoticeOutcome.Refused, Of([], ReplyKind.Appeal, now));
        Assert.Equal(NoticeOutcome.Explained, Of([SeenOutcome.StillOffered], ReplyKind.Explanation, now));
        Assert.Equal(NoticeOutcome.SaidRemoved, Of([SeenOutcome.NotChecked], ReplyKind.Removed, now));
        Assert.Equal(NoticeOutcome.Waiting, Of([SeenOutcome.StillOffered], ReplyKind.Removed, now));
        Assert.Equal(NoticeOutcome.NoAnswer, Of([SeenOutcome.StillOffered], ReplyKind.Removed, now.AddDays(9)));

        static NoticeOutcome Of(SeenOutcome[] seen, ReplyKind? reply, DateTimeOffset at)
        {
            DateTimeOffset sent = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
            var notice = new NoticeRow { Language = "en", CreatedBy = "", State = NoticeState.Sent, RespondBy = new DateOnly(2026, 3, 5) };
            var link = new NoticeLinkRow { Url = "" };
            foreach (SeenOutcome one in seen) link.Checks.Add(new OutcomeCheckRow { Id = link.Checks.Count + 1, Seen = one, At = sent.AddHours(2), Detail = "", FinalUrl = "" });
            notice.Links.Add(link);
            if (reply is { } kind) notice.Replies.Add(new NoticeReplyRow { Kind = kind, Text = "", At = sent.AddHours(1) });
            return NoticeOutcomes.Of(notice, at);
        }
    }

    private static Task<NoticeRow?> OpenAsync(NoticeDesk desk, string token)
    {
        desk.Db.ChangeTracker.Clear();
        return ReplyToken.OpenAsync(desk.Db, desk.Clock, token, Stop);
    }

    private static Task<VerbOutcome<NoticeReplyRow>> ReplyAsync(NoticeDesk desk, string token, ReplyKind kind, string text = "Our reply.", string? email = null, ReplyAttachment? attachment = null)
    {
        desk.Db.ChangeTracker.Clear();
        return new ReceiveReply(token, kind, text, email, attachment).RunAsync(new VerbContext(desk.Db, ReceiveReply.Actor, desk.Clock), desk.Blobs, Stop);
    }
}
