using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Writes a note into a case, closed ones included. Notes do not exclude each other: no version is asked for.</summary>
public sealed record AddNote(long CaseId, string Text)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (CaseText.Problem("The note", Text, CaseText.LongestNote, required: true) is { } problem) return CaseHistory.Invalid(problem);
        VerbOutcome<CaseRow> outcome;
        do
        {
            outcome = await CaseHistory.FindAsync(context, CaseId, null, cancellationToken);
            if (!outcome.Done) return outcome;
            CaseRow found = outcome.Value!;
            CaseHistory.Add(context, found, CaseEventKind.NoteAdded, Text);
            outcome = await CaseHistory.SaveAsync(context, found, AuditAction.CaseNoteAdded, null, cancellationToken);
        }
        while (outcome.Refusal == Refusal.Overtaken);
        return outcome;
    }
}
