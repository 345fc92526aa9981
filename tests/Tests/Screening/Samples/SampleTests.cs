using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Samples;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Samples;

/// <summary>A sample from its order to what the laboratory found; the case moves with it by declared ways.</summary>
public sealed class SampleTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_sample_that_fails_carries_the_case_from_triage_to_action(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        long id = await OpenAsync(db);
        await new ChangeCaseState(id, CaseState.Triage).RunAsync(By(db), Stop);
        DateOnly expected = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(9);
        SampleRow sample = await DoneAsync(new OrderSample(id, "shop.example", "https://shop.example/p/1", 2, 19.90m, "EUR", expected).RunAsync(By(db), Stop));
        Assert.Equal(CaseState.SampleOrdered, await StateAsync(db, id));
        Assert.Equal(expected, DateOnly.FromDateTime(Assert.Single(await CaseClocks.OfCaseAsync(db, id, Stop)).DueAt.UtcDateTime));
        Assert.Equal(Refusal.Conflict, (await new SendSample(sample.Id, "Lab").RunAsync(By(db), Stop)).Refusal);
        sample = await DoneAsync(new ReceiveSample(sample.Id, sample.Version).RunAsync(By(db), Stop));
        Assert.Equal(Refusal.Overtaken, (await new SendSample(sample.Id, "Lab", null, sample.Version - 1).RunAsync(By(db), Stop)).Refusal);
        Assert.Equal((CaseState.AwaitingResult, true), (await StateAsync(db, id), (await CaseClocks.OfCaseAsync(db, id, Stop)).All(x => x.MetAt is not null)));
        await DoneAsync(new SendSample(sample.Id, "Danish Institute", 10).RunAsync(By(db), Stop));
        Assert.Single(await CaseClocks.OfCaseAsync(db, id, Stop), x => x.MetAt is null);
        AttachmentRow report = (await new AddAttachment(id, "report.pdf", "%PDF-1.7 report"u8.ToArray()).RunAsync(By(db), new FolderBlobStore(database.Storage.DataFolder), Stop)).Value!;
        Assert.Equal(Refusal.Invalid, (await new RecordSampleResult(sample.Id, false).RunAsync(By(db), Stop)).Refusal);
        Assert.Equal(Refusal.NotFound, (await new RecordSampleResult(sample.Id, true, ReportId: 4711).RunAsync(By(db), Stop)).Refusal);
        await DoneAsync(new RecordSampleResult(sample.Id, false, "Small parts come off.", "EN 71-1", report.Id).RunAsync(By(db), Stop));

        Assert.Equal(CaseState.Action, await StateAsync(db, id));
        SampleRow read = Assert.Single(await SampleQueries.OfCaseAsync(db, id, Stop));
        Assert.Equal((SampleState.Failed, "Small parts come off.", "EN 71-1", "report.pdf", 19.90m), (read.State, read.Risk, read.Standard, read.Report!.Name, read.Price));
        Assert.All(await CaseClocks.OfCaseAsync(db, id, Stop), x => Assert.NotNull(x.MetAt));
        Assert.Equal(Refusal.Conflict, (await new CancelSample(sample.Id, "no").RunAsync(By(db), Stop)).Refusal);
    }

    [Fact]
    public async Task A_result_that_was_noted_wrongly_is_corrected_with_why()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        long id = await OpenAsync(db);
        SampleRow sample = await DoneAsync(new OrderSample(id, "shop.example", Note: "two pieces").RunAsync(By(db), Stop));
        await DoneAsync(new ReceiveSample(sample.Id).RunAsync(By(db), Stop));
        sample = await DoneAsync(new RecordSampleResult(sample.Id, true).RunAsync(By(db), Stop));
        Assert.Equal(CaseState.Triage, await StateAsync(db, id));

        Assert.Equal(Refusal.Invalid, (await new RecordSampleResult(sample.Id, false, "Small parts come off.").RunAsync(By(db), Stop)).Refusal);
        Assert.Equal(Refusal.Overtaken, (await new RecordSampleResult(sample.Id, false, "Small parts come off.", Note: "Wrong line.", Version: sample.Version - 1).RunAsync(By(db), Stop)).Refusal);
        await DoneAsync(new RecordSampleResult(sample.Id, false, "Small parts come off.", Note: "Wrong line of the report.").RunAsync(By(db), Stop));
        SampleRow read = Assert.Single(await SampleQueries.OfCaseAsync(db, id, Stop));
        Assert.Equal((SampleState.Failed, "Small parts come off.", "two pieces"), (read.State, read.Risk, read.Note));
        Assert.Equal(CaseState.Action, await StateAsync(db, id));
        Assert.Contains($"the result of sample {sample.Id} from shop.example was wrong: Wrong line of the report.", await db.CaseEvents.Where(x => x.CaseId == id).Select(x => x.Text).ToListAsync(Stop));

        await DoneAsync(new RecordSampleResult(sample.Id, true, Note: "The other sample failed.").RunAsync(By(db), Stop));
        read = Assert.Single(await SampleQueries.OfCaseAsync(db, id, Stop));
        Assert.Equal((SampleState.Passed, null), (read.State, read.Risk));
        Assert.Equal(CaseState.Action, await StateAsync(db, id));
    }

    [Fact]
    public async Task A_case_goes_back_to_triage_when_the_last_sample_passed_or_was_given_up()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        long id = await OpenAsync(db);
        SampleRow first = await DoneAsync(new OrderSample(id, "one.example").RunAsync(By(db), Stop)), second = await DoneAsync(new OrderSample(id, "two.example").RunAsync(By(db), Stop));
        await DoneAsync(new ReceiveSample(first.Id).RunAsync(By(db), Stop));
        await DoneAsync(new RecordSampleResult(first.Id, true).RunAsync(By(db), Stop));
        Assert.Equal(CaseState.AwaitingResult, await StateAsync(db, id));
        await DoneAsync(new CancelSample(second.Id, "Sold out.").RunAsync(By(db), Stop));
        Assert.Equal(CaseState.Triage, await StateAsync(db, id));
        Assert.DoesNotContain(await CaseClocks.OfCaseAsync(db, id, Stop), x => x.MetAt is null);
    }

    [Theory]
    [InlineData("", null, 1, null, null)]
    [InlineData("s", "javascript:alert(1)", 1, null, null)]
    [InlineData("s", "ftp://x/y", 1, null, null)]
    [InlineData("s", null, 0, null, null)]
    [InlineData("s", null, 10_001, null, null)]
    [InlineData("s", null, 1, -1.0, "EUR")]
    [InlineData("s", null, 1, 5.0, null)]
    [InlineData("s", null, 1, 5.0, "euro")]
    public async Task What_cannot_be_ordered_is_refused(string supplier, string? link, int quantity, double? price, string? currency)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        long id = await OpenAsync(db);
        Assert.Equal(Refusal.Invalid, (await new OrderSample(id, supplier, link, quantity, (decimal?)price, currency).RunAsync(By(db), Stop)).Refusal);
        Assert.Equal(CaseState.New, await StateAsync(db, id));
    }

    private static async Task<SampleRow> DoneAsync(Task<VerbOutcome<SampleRow>> verb)
    {
        VerbOutcome<SampleRow> outcome = await verb;
        Assert.True(outcome.Done, outcome.Detail);
        return outcome.Value!;
    }

    private static async Task<CaseState> StateAsync(TouchstoneDb db, long id) => (await CaseQueries.FindAsync(db, id, Stop))!.State;

    private async Task<long> OpenAsync(TouchstoneDb db) => (await new OpenCase([(await SampleHits.AddAsync(db)).Id], Market: "DK").RunAsync(By(db), Stop)).Value!.Case.Id;

    private VerbContext By(TouchstoneDb db) => new(db, "anna", clock);
}
