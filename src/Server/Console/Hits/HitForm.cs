using System.Globalization;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening;
using Touchstone.Screening.Bulk;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Console.Layout;
using Touchstone.Server.Security;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Hits;

/// <summary>What a posted form wants with hits: one of the review or several of the wall. Reads the form's fields as they came.</summary>
/// <param name="Action">Confirm, Reject, Reject:REASON, Reopen, OpenCase, AddToCase, Claim, Release, Unsure, Sure, Snooze, Wake, RejectRest or, once that was asked about, RejectRestAsked.</param>
/// <param name="Chosen">The hits that were chosen, as they were seen.</param>
/// <param name="Shown">All hits that the form showed.</param>
/// <param name="Told">How many hits the button said that it rejects; null: it said no number.</param>
internal sealed record HitForm(string Action, string? Note, long? CaseId, int Days, IReadOnlyList<SeenHit> Chosen, IReadOnlyList<SeenHit> Shown, int? Told = null)
{
    /// <summary>The most hits that are rejected as the rest without a question first.</summary>
    public const int MostUnasked = 10;

    /// <summary>What was shown undecided and is not chosen.</summary>
    public IReadOnlyList<SeenHit> Rest => [.. Shown.Where(x => x.Seen == HitState.New && Chosen.All(c => c.Id != x.Id))];

    /// <summary>Whether the rest is many, or the button did not say how many it is: a person is asked before it is rejected.</summary>
    public bool IsToBeAsked => Action == "RejectRest" && Chosen.Count > 0 && Rest.Count > 0 && (Rest.Count > MostUnasked || Told != Rest.Count);

    private bool IsOfTheRest => Action is "RejectRest" or "RejectRestAsked";

    public static async Task<HitForm> ReadAsync(HttpContext http)
    {
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        SeenHit[] chosen = [.. form["hits"].Select(SeenOf).OfType<SeenHit>()];
        if (long.TryParse(form["Input.HitId"], NumberStyles.None, CultureInfo.InvariantCulture, out long one))
            chosen = [new SeenHit(one, StateOf(form["Input.Seen"]), long.TryParse(form["Input.SeenMatch"], NumberStyles.None, CultureInfo.InvariantCulture, out long match) ? match : null)];
        return new HitForm(
            form["Input.Action"].ToString(),
            form["Input.Note"].ToString() is { Length: > 0 } note ? note : null,
            long.TryParse(form["Input.CaseId"], NumberStyles.None, CultureInfo.InvariantCulture, out long caseId) ? caseId : null,
            int.TryParse(form["Input.Days"], NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days is > 0 and < SnoozeHits.MostDays ? days : 7,
            chosen,
            [.. form["shown"].Select(SeenOf).OfType<SeenHit>()],
            int.TryParse(form["Input.Rest"], NumberStyles.None, CultureInfo.InvariantCulture, out int told) ? told : null);
    }

    /// <summary>Does it. Says on the next page what was done, and what was left; gives null where it is done, else why nothing was.</summary>
    public async Task<(string? Error, string? GoTo)> RunAsync(HttpContext http, Acting acting, TimeProvider clock)
    {
        if (!http.User.MayAct()) return (T("Your account may not decide hits."), null);
        if (Chosen.Count == 0) return (IsOfTheRest ? T("Choose a hit first. The chosen are kept, the rest is rejected; to reject all that are shown, choose all and reject them.") : T("Choose a hit first."), null);
        IReadOnlyList<SeenHit> hits = IsOfTheRest ? Rest : Chosen;
        if (hits.Count == 0) return (T("There is no undecided hit left to reject."), null);
        if (Action is "OpenCase" or "AddToCase") return await ToCaseAsync(http, acting, hits);
        long[] ids = [.. hits.Select(x => x.Id)];
        string[] parts = Action.Split(':');
        Func<VerbContext, Task<VerbOutcome<HitsOutcome>>>? verb = parts[0] switch
        {
            "Claim" => x => new ClaimHits(ids).RunAsync(x, http.RequestAborted),
            "Release" => x => new ReleaseHits(ids).RunAsync(x, http.RequestAborted),
            "Unsure" => x => new MarkUnsure(ids, true, Note).RunAsync(x, http.RequestAborted),
            "Sure" => x => new MarkUnsure(ids, false).RunAsync(x, http.RequestAborted),
            "Snooze" => x => new SnoozeHits(ids, clock.GetUtcNow().AddDays(Days)).RunAsync(x, http.RequestAborted),
            "Wake" => x => new SnoozeHits(ids, null).RunAsync(x, http.RequestAborted),
            _ => null,
        };
        if (Decision is var (decision, reason))
        {
            VerbOutcome<ManyDecided> many = await acting.AsAsync(http.User, x => new DecideMany(hits, decision, Note, reason).RunAsync(x, http.RequestAborted), http.RequestAborted);
            if (many.Done && many.Value!.Proposal is not null)
            {
                SayMany(http, many.Value);
                return (null, null);
            }
            return Said(http, parts[0], many.Done ? VerbOutcome.Done(many.Value!.Outcome!) : VerbOutcome.Refused<HitsOutcome>(many.Refusal!.Value, many.Detail!), clock.GetUtcNow());
        }
        if (verb is null) return (T("'{0}' is no decision.", Action), null);
        VerbOutcome<HitsOutcome> outcome = await acting.AsAsync(http.User, verb, http.RequestAborted);
        return Said(http, parts[0], outcome, clock.GetUtcNow().AddDays(Days));
    }

    /// <summary>What the action decides, and why; null: it decides nothing.</summary>
    private (HitDecision Decision, RejectReason? Reason)? Decision => Action.Split(':') switch
    {
        ["Confirm"] => (HitDecision.Confirm, null),
        ["Reject"] or ["RejectRest"] or ["RejectRestAsked"] => (HitDecision.Reject, null),
        ["Reject", var said] when Enum.TryParse(said, out RejectReason reason) && Enum.IsDefined(reason) => (HitDecision.Reject, reason),
        ["Reopen"] => (HitDecision.Reopen, null),
        _ => null,
    };

    /// <summary>Says on the next page what became of a decision on many hits.</summary>
    public static void SayMany(HttpContext http, ManyDecided many)
    {
        if (many.Proposal is { } proposal)
        {
            string waits = Many(proposal.Hits, "{0} hit waits for a second person; nothing is decided yet.", "{0} hits wait for a second person; nothing is decided yet.");
            string dropped = string.Join(' ', many.Dropped.Select(x => CoreSentences.Say(x.Detail)));
            Toast.Say(http, dropped.Length == 0 ? waits : T("{0} Left as they are: {1}", waits, dropped), "warn", "/hits/proposals", T("Look at them"));
            return;
        }
        string left = string.Join(' ', many.Outcome!.Refused.Select(x => CoreSentences.Say(x.Detail)));
        string done = Many(many.Outcome.Changed.Count, "{0} hit is decided.", "{0} hits are decided.");
        if (left.Length > 0) Toast.Say(http, T("{0} Left as they are: {1}", done, left), "warn");
    }

    private static (string? Error, string? GoTo) Said(HttpContext http, string action, VerbOutcome<HitsOutcome> outcome, DateTimeOffset until)
    {
        if (!outcome.Done) return (CoreSentences.Say(outcome.Detail), null);
        HitsOutcome hits = outcome.Value!;
        string refused = string.Join(' ', hits.Refused.Select(x => CoreSentences.Say(x.Detail)));
        if (hits.Changed.Count == 0) return (refused, null);
        int count = hits.Changed.Count;
        string? done = action switch
        {
            // What was decided stands on the next page, with its undo.
            "Confirm" or "Reject" or "RejectRest" or "RejectRestAsked" => null,
            "Reopen" => Many(count, "{0} decision was taken back.", "{0} decisions were taken back."),
            "Claim" => Many(count, "{0} hit is yours for half an hour.", "{0} hits are yours for half an hour."),
            "Release" => Many(count, "{0} hit is free again.", "{0} hits are free again."),
            "Unsure" => Many(count, "{0} hit waits for a second person.", "{0} hits wait for a second person."),
            "Sure" => Many(count, "{0} hit waits for nobody else any more.", "{0} hits wait for nobody else any more."),
            "Snooze" => Many(count, "{0} hit is put off until {1}.", "{0} hits are put off until {1}.", until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            _ => Many(count, "{0} hit is back in the queue.", "{0} hits are back in the queue."),
        };
        string? undo = action switch { "Claim" => "Release", "Unsure" => "Sure", "Snooze" => "Wake", _ => null };
        if (refused.Length > 0) Toast.Say(http, T("{0} Left as they are: {1}", done ?? "", refused).Trim(), "warn");
        else if (done is not null) Toast.Say(http, done, undo: undo is null ? null : new MarkUndo(undo, [.. hits.Changed.Select(x => x.Id)]));
        return (null, null);
    }

    private async Task<(string? Error, string? GoTo)> ToCaseAsync(HttpContext http, Acting acting, IReadOnlyList<SeenHit> hits)
    {
        if (Action == "AddToCase" && CaseId is null) return (T("Choose a case first."), null);
        VerbOutcome<CaseRow> outcome = await acting.AsAsync(http.User, x => ToCaseAsync(x, hits, http.RequestAborted), http.RequestAborted);
        if (!outcome.Done) return (CoreSentences.Say(outcome.Detail), null);
        string address = string.Create(CultureInfo.InvariantCulture, $"/cases/{outcome.Value!.Id}");
        if (Action == "OpenCase") return (null, address);
        Toast.Say(http, Many(hits.Count, "{0} hit is in case {1}.", "{0} hits are in case {1}.", outcome.Value.Id), "good", address, T("Open the case"));
        return (null, null);
    }

    /// <summary>Confirms what is undecided, and puts all into a case: everything or nothing.</summary>
    private async Task<VerbOutcome<CaseRow>> ToCaseAsync(VerbContext context, IReadOnlyList<SeenHit> hits, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        SeenHit[] undecided = [.. hits.Where(x => x.Seen is null or HitState.New)];
        if (undecided.Length > 0)
        {
            VerbOutcome<HitsOutcome> decided = await new DecideHits(undecided, HitDecision.Confirm, Note).RunAsync(context, cancellationToken);
            if (!decided.Done) return VerbOutcome.Refused<CaseRow>(decided.Refusal!.Value, decided.Detail!);
            if (decided.Value!.Refused is [var refused, ..]) return VerbOutcome.Refused<CaseRow>(refused.Refusal, refused.Detail);
        }
        CaseRow? into = null;
        if (Action == "OpenCase")
        {
            VerbOutcome<OpenedCase> opened = await new OpenCase([.. hits.Select(x => x.Id)], AssignTo: context.Actor).RunAsync(context, cancellationToken);
            if (!opened.Done) return VerbOutcome.Refused<CaseRow>(opened.Refusal!.Value, opened.Detail!);
            into = opened.Value!.Case;
        }
        else
        {
            foreach (SeenHit hit in hits.OrderBy(x => x.Id))
            {
                VerbOutcome<CaseRow> added = await new AddHitToCase(CaseId!.Value, hit.Id).RunAsync(context, cancellationToken);
                if (!added.Done) return added;
                into = added.Value;
            }
        }
        if (!string.IsNullOrWhiteSpace(Note))
        {
            // What was said of the hits is why they are in the case: its history tells it.
            VerbOutcome<CaseRow> noted = await new AddNote(into!.Id, Note).RunAsync(context, cancellationToken);
            if (!noted.Done) return noted;
        }
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(into!);
    }

    /// <summary>The hits of fields that were written as they were seen.</summary>
    public static HashSet<long> IdsOf(IEnumerable<string> fields) => [.. fields.Select(SeenOf).OfType<SeenHit>().Select(x => x.Id)];

    /// <summary>A hit as it was seen, as a field carries it.</summary>
    public static string Written(SeenHit hit) => string.Create(CultureInfo.InvariantCulture, $"{hit.Id}:{hit.Seen}:{hit.SeenMatchId}");

    private static SeenHit? SeenOf(string? text) =>
        text?.Split(':') is [var id, var state, var match] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long hit) && long.TryParse(match, NumberStyles.None, CultureInfo.InvariantCulture, out long seen)
            ? new SeenHit(hit, StateOf(state), seen)
            : null;

    private static HitState? StateOf(string? text) => Enum.TryParse(text, out HitState state) && Enum.IsDefined(state) ? state : null;
}
