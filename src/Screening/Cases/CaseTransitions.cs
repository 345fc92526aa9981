using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>What moves a case from one state to another.</summary>
[Flags]
public enum CaseMover
{
    /// <summary>Whoever may change cases, by <see cref="ChangeCaseState"/>.</summary>
    Caseworker = 1,

    /// <summary>A step of a sample: it is ordered, arrives, is tested.</summary>
    Sample = 2,

    /// <summary>Closing with an outcome, by <see cref="CloseCase"/>.</summary>
    Outcome = 4,
}

/// <summary>One way from a state to another.</summary>
/// <param name="NeedsReason">Whether a person who goes this way says why.</param>
/// <param name="By">What goes this way. Every person among them may change cases; a viewer moves none.</param>
/// <param name="Event">The kind of event that it writes into the case's history.</param>
/// <param name="Action">The action that it writes into the audit log.</param>
public sealed record CaseTransition(CaseState From, CaseState To, bool NeedsReason, CaseMover By, string Event, string Action);

/// <summary>
/// The one table of the states of a case. The verbs, the API, the console and the tests read it; nothing else says which state follows which. A merge and its undoing are
/// no transitions: the case goes on in another one, and comes back as it was re-opened.
/// </summary>
public static class CaseTransitions
{
    /// <summary>The states in which nothing is to be done any more.</summary>
    public static IReadOnlyList<CaseState> Ended { get; } = [CaseState.Closed, CaseState.Rejected];

    /// <summary>The other states. A query names these, so that an index answers it.</summary>
    public static IReadOnlyList<CaseState> GoingOn { get; } = [.. Enum.GetValues<CaseState>().Except(Ended)];

    /// <summary>All ways, by where they begin.</summary>
    public static IReadOnlyList<CaseTransition> All { get; } =
    [
        Way(CaseState.New, CaseState.Triage),
        Way(CaseState.New, CaseState.SampleOrdered, by: CaseMover.Sample),
        Way(CaseState.New, CaseState.Action),
        Way(CaseState.New, CaseState.Rejected, reason: true),
        Closing(CaseState.New),
        Way(CaseState.Triage, CaseState.New, reason: true),
        Way(CaseState.Triage, CaseState.SampleOrdered, by: CaseMover.Sample),
        Way(CaseState.Triage, CaseState.Action, by: CaseMover.Caseworker | CaseMover.Sample),
        Way(CaseState.Triage, CaseState.Rejected, reason: true),
        Closing(CaseState.Triage),
        Way(CaseState.SampleOrdered, CaseState.AwaitingResult, by: CaseMover.Sample),
        Way(CaseState.SampleOrdered, CaseState.Triage, reason: true, by: CaseMover.Caseworker | CaseMover.Sample),
        Way(CaseState.SampleOrdered, CaseState.Action, reason: true),
        Way(CaseState.SampleOrdered, CaseState.Rejected, reason: true),
        Closing(CaseState.SampleOrdered),
        Way(CaseState.AwaitingResult, CaseState.Action, reason: true, by: CaseMover.Caseworker | CaseMover.Sample),
        Way(CaseState.AwaitingResult, CaseState.Triage, reason: true, by: CaseMover.Caseworker | CaseMover.Sample),
        Way(CaseState.AwaitingResult, CaseState.Rejected, reason: true),
        Closing(CaseState.AwaitingResult),
        Way(CaseState.Action, CaseState.Triage, reason: true),
        Way(CaseState.Action, CaseState.SampleOrdered, by: CaseMover.Sample),
        Way(CaseState.Action, CaseState.Rejected, reason: true),
        Closing(CaseState.Action),
        Way(CaseState.Closed, CaseState.Reopened, reason: true),
        Way(CaseState.Rejected, CaseState.Reopened, reason: true),
        Way(CaseState.Reopened, CaseState.Triage),
        Way(CaseState.Reopened, CaseState.SampleOrdered, by: CaseMover.Sample),
        Way(CaseState.Reopened, CaseState.Action),
        Way(CaseState.Reopened, CaseState.Rejected, reason: true),
        Closing(CaseState.Reopened),
    ];

    /// <summary>Whether nothing is to be done any more.</summary>
    public static bool IsEnded(this CaseState state) => Ended.Contains(state);

    /// <summary>The way from one state to another; null where there is none.</summary>
    public static CaseTransition? Find(CaseState from, CaseState to) => All.FirstOrDefault(x => x.From == from && x.To == to);

    /// <summary>The ways that a mover may go from a state.</summary>
    public static IReadOnlyList<CaseTransition> From(CaseState from, CaseMover by) => [.. All.Where(x => x.From == from && (x.By & by) != 0)];

    /// <summary>The state inside of a sentence; an undecided hit is called New, too.</summary>
    internal static string Said(this CaseState state) => state == CaseState.New ? "new" : state.ToString();

    private static CaseTransition Way(CaseState from, CaseState to, bool reason = false, CaseMover by = CaseMover.Caseworker) =>
        new(from, to, reason, by, CaseEventKind.StateChanged, AuditAction.CaseStateChanged);

    private static CaseTransition Closing(CaseState from) => new(from, CaseState.Closed, false, CaseMover.Outcome, CaseEventKind.StateChanged, AuditAction.CaseClosed);
}
