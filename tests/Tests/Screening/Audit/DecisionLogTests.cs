using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Touchstone.Cli.Commands;
using Touchstone.Cli.Frame;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Notices;

namespace Touchstone.Tests.Screening.Audit;

/// <summary>The exported decision log says what was decided on, and a reader can check it by itself.</summary>
public sealed class DecisionLogTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_decision_is_told_with_its_match_model_and_gallery_and_who_took_it_back(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db, probability: 0.8125), other = await SampleHits.AddAsync(db);
        await db.Screenings.Where(x => x.Id == hit.Match!.ScreeningId).ExecuteUpdateAsync(x => x.SetProperty(s => s.GallerySequence, 4711L), Stop);
        await DecideAsync(db, "anna", new DecideHit(hit.Id, HitDecision.Reject, "=cmd()", Reason: RejectReason.Genuine));
        await DecideAsync(db, "anna", new DecideHit(other.Id, HitDecision.Confirm));
        await DecideAsync(db, "bent", new DecideHit(hit.Id, HitDecision.Confirm, "It is a copy.", HitState.Rejected));
        await AuditLog.SaveAsync(db, clock, new AuditEntry("anna", AuditAction.HitViewed, AuditSubject.Hit(hit.Id)), Stop);

        JsonNode[] lines = await LinesAsync(db);
        JsonNode rejected = Decision(lines, AuditAction.HitRejected), overturned = lines.Last(x => (string?)x["action"] == AuditAction.HitConfirmed)["decision"]!;
        MatchRow match = await db.Matches.AsNoTracking().SingleAsync(x => x.Id == hit.MatchId, Stop);
        Assert.Equal((hit.Id, match.Id, match.ScreeningId, 4711L), ((long)rejected["hitId"]!, (long)rejected["matchId"]!, (long)rejected["screeningId"]!, (long)rejected["gallerySequence"]!));
        Assert.Equal(("model", "profile", 0.8125, "Match", "Rejected", "Genuine"), ((string)rejected["modelId"]!, (string)rejected["profileId"]!, (double)rejected["probability"]!, (string)rejected["verdict"]!, (string)rejected["state"]!, (string)rejected["reason"]!));
        Assert.Equal(("bent", "=cmd()", "A12/00017/26"), ((string)rejected["takenBackBy"]!, (string)rejected["note"]!, (string)rejected["reference"]!));
        Assert.Equal((hit.Id, "It is a copy."), ((long)overturned["hitId"]!, (string)overturned["note"]!));
        Assert.Null(overturned["takenBackBy"]);
        Assert.Null(lines.Single(x => (string?)x["action"] == AuditAction.HitViewed)["decision"]);

        string csv = await CsvAsync(db);
        Assert.Contains(",0.8125,Match,", csv, StringComparison.Ordinal);
        Assert.DoesNotContain(",=cmd()", csv, StringComparison.Ordinal);
        Assert.Contains("'=cmd()", csv, StringComparison.Ordinal);
        Assert.DoesNotContain(AuditAction.HitViewed, csv, StringComparison.Ordinal);
        AuditRow taken = await db.Audit.AsNoTracking().OrderBy(x => x.Id).LastAsync(Stop);
        Assert.Equal((AuditAction.DecisionsExported, "anna", "CSV, the beginning – now"), (taken.Action, taken.Actor, taken.Detail));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task An_appeal_and_its_result_stand_at_the_hit_the_case_and_the_notice(DatabaseProvider provider)
    {
        await using NoticeDesk desk = await NoticeDesk.OpenAsync(provider);
        desk.Hit.State = HitState.New;
        await desk.Db.SaveChangesAsync(Stop);
        await DecideAsync(desk.Db, "anna", new DecideHit(desk.Hit.Id, HitDecision.Confirm));
        NoticeRow notice = await desk.SendAsync();
        long reply = (await new ReceiveReply(await desk.TokenAsync(notice.Id), ReplyKind.Appeal, "It is mine.").RunAsync(desk.Anna, desk.Blobs, Stop)).Value!.Id;
        desk.Db.ChangeTracker.Clear();
        Assert.True((await new DecideAppeal(notice.Id, reply, false, "The label is right.").RunAsync(desk.Bent, Stop)).Done);

        JsonNode[] lines = await LinesAsync(desk.Db);
        foreach (string action in (string[])[AuditAction.HitConfirmed, AuditAction.CaseOpened, AuditAction.NoticeSent, AuditAction.AppealDecided])
        {
            JsonNode appeal = Assert.Single(Decision(lines, action)["appeals"]!.AsArray())!;
            Assert.Equal((notice.Id, false, "bent", "The label is right."), ((long)appeal["noticeId"]!, (bool)appeal["upheld"]!, (string)appeal["decidedBy"]!, (string)appeal["decision"]!));
        }
        Assert.Contains($"notice {notice.Id}: taken back, by bent", await CsvAsync(desk.Db), StringComparison.Ordinal);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_period_is_a_piece_of_the_chain_without_gaps_and_its_head_is_the_logs(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        for (int day = 0; day < 6; day++)
        {
            await AuditLog.SaveAsync(db, clock, [new AuditEntry("anna", AuditAction.HitViewed, "hit/1"), new AuditEntry("anna", AuditAction.CaseClosed, "case/1", "two\nlines")], Stop);
            clock.Advance(TimeSpan.FromDays(1));
        }
        DateTimeOffset start = clock.GetUtcNow().AddDays(-4), end = clock.GetUtcNow().AddDays(-2);
        string file = await ExportAsync(db, DecisionFormat.JsonLines, start, end);
        DecisionLogCheck found = await CheckAsync(file);
        Assert.True(found.Whole, found.Problem);
        Assert.Equal((4, 2), (found.Entries, found.Decisions));
        AuditHead head = JsonSerializer.Deserialize<DecisionLogEnd>(file.Split('\n')[^2], JsonOutput.Options)!.Head;
        Assert.Equal(8, head.Entries);
        Assert.Null(head.Problem(await SigningKey.FindPublicKeyAsync(db, Stop)));
        Assert.True((await AuditLog.VerifyAsync(db, head, Stop)).Whole);
        Assert.Equal(3, (await ExportAsync(db, DecisionFormat.Csv, start, end)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);

        DecisionLogCheck none = await CheckAsync(await ExportAsync(db, DecisionFormat.JsonLines, clock.GetUtcNow().AddDays(9), null));
        Assert.Equal((true, 0L), (none.Whole, none.Entries));
    }

    [Fact]
    public async Task What_was_changed_taken_out_or_cut_off_a_file_is_found_by_the_file_alone()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        await DecideAsync(db, "anna", new DecideHit(hit.Id, HitDecision.Reject, "Genuine, with its label."));
        await AuditLog.SaveAsync(db, clock, [.. Enumerable.Range(1, 5).Select(i => new AuditEntry("anna", AuditAction.CaseViewed, $"case/{i}"))], Stop);
        string file = await ExportAsync(db, DecisionFormat.JsonLines);
        Assert.True((await CheckAsync(file)).Whole);
        string[] lines = file.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        foreach ((string changed, string problem) in ((string, string)[])
        [
            (file.Replace("case/3", "case/4", StringComparison.Ordinal), "it was changed"),
            (Join([.. lines[..2], .. lines[3..]]), "does not follow"),
            (Join(lines[1..]), "signature of the end"),
            (Join([.. lines[..^2], lines[^1]]), "another entry"),
            (Join(lines[..^1]), "was cut off"),
            (file.Replace("\"probability\":0.93", "\"probability\":0.13", StringComparison.Ordinal), "signature of the end"),
            (file + lines[0] + "\n", "after the signed end"),
            (file.Replace("\"entries\":7", "\"entries\":8", StringComparison.Ordinal), "does not have its signature"),
            ("{}\n" + file, "no line of a decision log"),
            ("not JSON\n", "no line of a decision log"),
        ])
        {
            Assert.NotEqual(file, changed);
            DecisionLogCheck found = await CheckAsync(changed);
            Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
        }

        static string Join(string[] lines) => string.Concat(lines.Select(x => x + "\n"));
    }

    [Fact]
    public async Task The_program_checks_a_file()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await AuditLog.SaveAsync(db, clock, new AuditEntry("anna", AuditAction.CaseViewed, "case/1"), Stop);
        string path = Path.Combine(database.Storage.DataFolder, "decisions.jsonl");
        await File.WriteAllTextAsync(path, await ExportAsync(db, DecisionFormat.JsonLines), Stop);
        Assert.Equal(ExitCode.Done, await RunAsync("check", path));
        await File.AppendAllTextAsync(path, "{}\n", Stop);
        Assert.Equal(ExitCode.Failed, await RunAsync("check", path));
        Assert.Equal(ExitCode.Usage, await RunAsync("check", path + ".none"));
        Assert.Equal(ExitCode.Done, await RunAsync("decisions", "--lines", "--from", "2026-01-01T00:00Z"));
        Assert.Contains("JSON lines, 2026-01-01 00:00:00 – now", await db.Audit.AsNoTracking().Where(x => x.Action == AuditAction.DecisionsExported).Select(x => x.Detail).ToListAsync(Stop));

        Task<int> RunAsync(params string[] arguments) => new TouchstoneProgram(AuditCommand.Create()).RunAsync(["audit", .. arguments, "--data", database.Storage.DataFolder]);
    }

    private async Task DecideAsync(TouchstoneDb db, string actor, DecideHit verb)
    {
        clock.Advance(TimeSpan.FromMinutes(1));
        db.ChangeTracker.Clear();
        VerbOutcome<HitRow> outcome = await verb.RunAsync(new VerbContext(db, actor, clock), Stop);
        Assert.True(outcome.Done, outcome.Detail);
        db.ChangeTracker.Clear();
    }

    private async Task<string> ExportAsync(TouchstoneDb db, DecisionFormat format, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        using var output = new StringWriter();
        await new ExportDecisions(format, from, until).RunAsync(new VerbContext(db, "anna", clock), output, Stop);
        return output.ToString();
    }

    private Task<string> CsvAsync(TouchstoneDb db) => ExportAsync(db, DecisionFormat.Csv);

    private async Task<JsonNode[]> LinesAsync(TouchstoneDb db)
    {
        string file = await ExportAsync(db, DecisionFormat.JsonLines);
        DecisionLogCheck found = await CheckAsync(file);
        Assert.True(found.Whole, found.Problem);
        return [.. file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => JsonNode.Parse(x)!)];
    }

    private static JsonNode Decision(JsonNode[] lines, string action) => lines.First(x => (string?)x["action"] == action)["decision"]!;

    private static async Task<DecisionLogCheck> CheckAsync(string file)
    {
        using var reader = new StringReader(file);
        return await DecisionLogCheck.ReadAsync(reader, Stop);
    }
}
