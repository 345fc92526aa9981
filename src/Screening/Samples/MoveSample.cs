using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Samples;

/// <summary>Notes that a sample arrived. The case then awaits a result.</summary>
/// <param name="Version">The version of the sample that was seen; null: any.</param>
public sealed record ReceiveSample(long SampleId, long? Version = null)
{
    public Task<VerbOutcome<SampleRow>> RunAsync(VerbContext context, CancellationToken cancellationToken) =>
        SampleMoves.RunAsync(context, SampleId, Version, [SampleState.Ordered], (found, sample, _) =>
        {
            (sample.State, sample.ReceivedAt) = (SampleState.Received, context.Clock.GetUtcNow());
            SampleMoves.Meet(context, found, sample, CaseClocks.SampleArrived);
            CaseHistory.Add(context, found, CaseEventKind.SampleReceived, SampleMoves.Named(sample));
            SampleMoves.Move(context, found, CaseState.SampleOrdered, CaseState.AwaitingResult, $"{SampleMoves.Named(sample)} arrived");
            return Task.CompletedTask;
        }, "received", cancellationToken);
}

/// <summary>Notes that a sample went to a laboratory; a clock runs for the result.</summary>
/// <param name="Laboratory">Its name.</param>
/// <param name="Days">Working days for the result; null: as the rules say.</param>
/// <param name="Version">The version of the sample that was seen; null: any.</param>
public sealed record SendSample(long SampleId, string Laboratory, int? Days = null, long? Version = null)
{
    public async Task<VerbOutcome<SampleRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (CaseText.Problem("The laboratory", Laboratory, CaseText.LongestTitle, required: true) is { } problem) return VerbOutcome.Refused<SampleRow>(Refusal.Invalid, problem);
        if (Days is < 1 or > Clocks.WorkingCalendar.MostDays) return VerbOutcome.Refused<SampleRow>(Refusal.Invalid, $"A deadline has 1 to {Clocks.WorkingCalendar.MostDays} working days, not {Days}.");
        return await SampleMoves.RunAsync(context, SampleId, Version, [SampleState.Received], async (found, sample, token) =>
        {
            (sample.State, sample.Laboratory, sample.SentAt) = (SampleState.SentToLab, Laboratory.Trim(), context.Clock.GetUtcNow());
            sample.Clock = await CaseClocks.StartAsync(context, found, ClockKind.SampleResult, $"{SampleMoves.Named(sample)}: result of {sample.Laboratory}", null, Days, null, token);
            CaseHistory.Add(context, found, CaseEventKind.SampleSent, $"{SampleMoves.Named(sample)} to {sample.Laboratory}");
        }, $"sent to {Laboratory.Trim()}", cancellationToken);
    }
}

/// <summary>
/// Notes what the laboratory found. Failed: the case goes to action. Passed, and no other sample is under way: it goes back to triage. A result that was noted wrongly is corrected by
/// noting another, with why; a case that is at action then stays there, since something may have been done already.
/// </summary>
/// <param name="Risk">The risk that was found; needed with a failure, and only then.</param>
/// <param name="Standard">What it was tested by; null: not said.</param>
/// <param name="ReportId">The report among the attachments of the case; null: none.</param>
/// <param name="Note">Needed where the sample has a result already: why that is wrong.</param>
/// <param name="Version">The version of the sample that was seen; null: any.</param>
public sealed record RecordSampleResult(long SampleId, bool Passed, string? Risk = null, string? Standard = null, long? ReportId = null, string? Note = null, long? Version = null)
{
    public async Task<VerbOutcome<SampleRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (Passed && !string.IsNullOrWhiteSpace(Risk)) return VerbOutcome.Refused<SampleRow>(Refusal.Invalid, "A sample that passed has no risk: empty the risk, or note that it failed.");
        if ((CaseText.Problem("The risk", Risk, CaseText.LongestNote, required: !Passed) ?? CaseText.Problem("The standard", Standard, CaseText.LongestTitle, required: false) ?? CaseText.Problem("The note", Note, CaseText.LongestNote, required: false)) is { } problem)
            return VerbOutcome.Refused<SampleRow>(Refusal.Invalid, problem);
        if (ReportId is { } report && !await context.Db.Attachments.AnyAsync(x => x.Id == report && context.Db.Samples.Any(s => s.Id == SampleId && s.CaseId == x.CaseId), cancellationToken))
            return VerbOutcome.Refused<SampleRow>(Refusal.NotFound, $"There is no attachment {report} at the case of the sample.");
        bool hasResult = await context.Db.Samples.AnyAsync(x => x.Id == SampleId && (x.State == SampleState.Passed || x.State == SampleState.Failed), cancellationToken);
        if (hasResult && SampleMoves.Kept(Note) is null) return VerbOutcome.Refused<SampleRow>(Refusal.Invalid, $"Sample {SampleId} has a result; correcting it needs a note that says why.");
        string found = Passed ? "passed" : $"failed: {Risk!.Trim()}";
        SampleState[] from = hasResult ? [SampleState.Passed, SampleState.Failed] : [SampleState.Received, SampleState.SentToLab];
        return await SampleMoves.RunAsync(context, SampleId, Version, from, async (of, sample, token) =>
        {
            (sample.State, sample.ResultAt, sample.Risk, sample.Standard, sample.ReportId) = (Passed ? SampleState.Passed : SampleState.Failed, context.Clock.GetUtcNow(), SampleMoves.Kept(Risk), SampleMoves.Kept(Standard), ReportId);
            if (hasResult) CaseHistory.Add(context, of, CaseEventKind.SampleResult, $"the result of {SampleMoves.Named(sample)} was wrong: {Note!.Trim()}");
            else if (SampleMoves.Kept(Note) is { } note) sample.Note = note;
            SampleMoves.Meet(context, of, sample, found);
            string text = $"{SampleMoves.Named(sample)} {found}";
            CaseHistory.Add(context, of, CaseEventKind.SampleResult, text);
            if (!Passed)
            {
                SampleMoves.Move(context, of, CaseState.AwaitingResult, CaseState.Action, text);
                if (hasResult) SampleMoves.Move(context, of, CaseState.Triage, CaseState.Action, text);
            }
            else if (!await SampleMoves.IsAnotherUnderWayAsync(context, sample, token)) SampleMoves.Move(context, of, CaseState.AwaitingResult, CaseState.Triage, text);
        }, hasResult ? $"corrected, {found}: {Note!.Trim()}" : found, cancellationToken);
    }
}

/// <summary>Gives a sample up before there is a result. Where no other is under way, the case goes back to triage.</summary>
/// <param name="Version">The version of the sample that was seen; null: any.</param>
public sealed record CancelSample(long SampleId, string Reason, long? Version = null)
{
    public async Task<VerbOutcome<SampleRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (CaseText.Problem("The reason", Reason, CaseText.LongestNote, required: true) is { } problem) return VerbOutcome.Refused<SampleRow>(Refusal.Invalid, problem);
        return await SampleMoves.RunAsync(context, SampleId, Version, [SampleState.Ordered, SampleState.Received, SampleState.SentToLab], async (found, sample, token) =>
        {
            sample.State = SampleState.Cancelled;
            SampleMoves.Meet(context, found, sample, $"given up: {Reason}");
            string text = $"{SampleMoves.Named(sample)} given up: {Reason}";
            CaseHistory.Add(context, found, CaseEventKind.SampleCancelled, text);
            if (await SampleMoves.IsAnotherUnderWayAsync(context, sample, token)) return;
            SampleMoves.Move(context, found, CaseState.SampleOrdered, CaseState.Triage, text);
            SampleMoves.Move(context, found, CaseState.AwaitingResult, CaseState.Triage, text);
        }, $"given up: {Reason}", cancellationToken);
    }
}
