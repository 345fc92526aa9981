using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Moves a case on, rejects it, or opens one that had ended again, by the ways of <see cref="CaseTransitions"/>. Closing has its own verb, because it needs an outcome. The deadlines of a case that is rejected end with it.</summary>
/// <param name="Reason">Why; kept in the case's history. Some ways need it.</param>
/// <param name="Version">The version that was seen; null: any.</param>
public sealed record ChangeCaseState(long CaseId, CaseState To, string? Reason = null, long? Version = null)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(To)) return CaseHistory.Invalid($"{To} is no state of a case; there are {string.Join(", ", Enum.GetNames<CaseState>())}.");
        if (To == CaseState.Closed) return CaseHistory.Invalid("A case is closed with an outcome: close it instead.");
        if (CaseText.Problem("The reason", Reason, CaseText.LongestNote, required: false) is { } problem) return CaseHistory.Invalid(problem);
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, CaseId, Version, cancellationToken);
        if (!outcome.Done) return outcome;
        CaseRow found = outcome.Value!;
        if (found.Outcome == nameof(CaseOutcome.Merged)) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} was merged into another; work on that one.");
        if (CaseTransitions.Find(found.State, To) is not { } way) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} is {found.State.Said()}; it cannot become {To.Said()}.");
        if (!way.By.HasFlag(CaseMover.Caseworker)) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} becomes {To.Said()} with a step of a sample, not by hand.");
        if (way.NeedsReason && string.IsNullOrWhiteSpace(Reason)) return CaseHistory.Invalid($"From {found.State.Said()} to {To.Said()} a reason is needed.");
        if (To.IsEnded()) await CaseClocks.StopAllAsync(context, found, cancellationToken);
        string action = CaseMoves.Go(context, found, way, Reason, context.Clock.GetUtcNow());
        return await CaseHistory.SaveAsync(context, found, action, CaseMoves.Told(way, Reason), cancellationToken);
    }
}

/// <summary>Goes a declared way: the state, what hangs on it and the history. Whoever calls saves.</summary>
internal static class CaseMoves
{
    /// <summary>Gives the audit action.</summary>
    public static string Go(VerbContext context, CaseRow found, CaseTransition way, string? reason, DateTimeOffset now)
    {
        found.State = way.To;
        found.ClosedAt = way.To.IsEnded() ? now : null;
        if (!way.To.IsEnded()) found.Outcome = null;
        if (way.To.IsEnded()) (found.ClaimedBy, found.ClaimedUntil) = (null, null);
        CaseHistory.Add(context, found, way.Event, Told(way, reason));
        return way.Action;
    }

    /// <summary>What the history says, such as <c>Triage → Action: the shop does not answer</c>.</summary>
    public static string Told(CaseTransition way, string? reason) => string.IsNullOrWhiteSpace(reason) ? $"{way.From.Said()} → {way.To.Said()}" : $"{way.From.Said()} → {way.To.Said()}: {reason}";
}
