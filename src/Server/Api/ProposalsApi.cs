using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Bulk;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;

namespace Touchstone.Server.Api;

/// <summary>A decision on many hits that waits for a second person, or was decided. <c>Key</c>: a reference's id, a seller or a host.</summary>
public sealed record ProposalItem(
    long Id, ProposalState State, GroupKind By, string Key, string Name, HitState To, RejectReason? Reason, string? Note, int Hits, string ProposedBy, DateTimeOffset ProposedAt, string? DecidedBy, DateTimeOffset? DecidedAt, string? Outcome)
{
    public static ProposalItem Of(ProposalRow x) => new(x.Id, x.State, x.By, x.Key, x.Name, x.To, x.Reason, x.Note, x.Hits, x.ProposedBy, x.ProposedAt, x.DecidedBy, x.DecidedAt, x.Outcome);
}

/// <summary>One decision on every undecided hit of a reference (<c>Key</c>: its id), a seller or a shop (its host).</summary>
public sealed record DecideGroupRequest(GroupKind By, string Key, HitDecision Decision, string? Note = null, RejectReason? Reason = null);

/// <summary>What became of the hits. <c>Proposal</c>: they are more than one person decides alone, so nothing is decided yet, and <c>Refused</c> are those that are not in it; null otherwise.</summary>
public sealed record ManyHitsChanged(IReadOnlyList<long> Changed, IReadOnlyList<RefusedHitItem> Refused, ProposalItem? Proposal)
{
    public static ManyHitsChanged Of(ManyDecided x) =>
        new([.. (x.Outcome?.Changed ?? []).Select(h => h.Id)], [.. (x.Outcome?.Refused ?? x.Dropped).Select(h => new RefusedHitItem(h.Id, h.Detail))], x.Proposal is null ? null : ProposalItem.Of(x.Proposal));
}

public sealed record RefuseProposalRequest(string Why);

/// <summary>Decisions on many hits at once, and the second person that many need.</summary>
internal static class ProposalsApi
{
    public static void MapProposals(this RouteGroupBuilder hits)
    {
        hits.MapGet("/proposals", ListAsync).WithName("ListProposals").WithSummary("Decisions on many hits that were proposed to a second person, the newest first.");
        RouteGroupBuilder changes = hits.MapGroup("").RequireAuthorization(Policies.Act).ProducesProblem(404).ProducesProblem(409);
        changes.MapPost("/group-decisions", GroupAsync).WithName("DecideGroup").WithSummary("Decides every undecided hit of a reference, seller or shop; more than one person decides alone wait for a second one, and are proposed by a person who is signed in, no key.");
        changes.MapPost("/proposals/{proposalId:long}/approve", (long proposalId, HttpContext http, Acting acting) => DecideAsync(new DecideProposal(proposalId, true), http, acting))
            .WithName("ApproveProposal").WithSummary("Approves what somebody else proposed, as a person who is signed in, no key: each hit that is as it was is decided, the others are left and named.");
        changes.MapPost("/proposals/{proposalId:long}/refuse", (long proposalId, RefuseProposalRequest x, HttpContext http, Acting acting) => DecideAsync(new DecideProposal(proposalId, false, x.Why), http, acting))
            .WithName("RefuseProposal").WithSummary("Refuses a proposal, or takes an own one back; nothing is decided.");
    }

    private static async Task<Ok<ApiPage<ProposalItem>>> ListAsync(HttpContext http, IDbContextFactory<TouchstoneDb> databases, string? after, int? limit, string? state, CancellationToken cancellationToken)
    {
        int take = Cursor.Limit(limit);
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        Page<ProposalRow> page = await Proposals.ListAsync(db, Query.Enum<ProposalState>("state", state), Cursor.Id(after), take, cancellationToken);
        return Cursor.Answer(http, new ApiPage<ProposalItem>([.. page.Items.Select(ProposalItem.Of)], page.Next is { } next ? Cursor.Of(next) : null));
    }

    private static async Task<Results<Ok<ManyHitsChanged>, ProblemHttpResult>> GroupAsync(DecideGroupRequest x, HttpContext http, Acting acting, CancellationToken cancellationToken)
    {
        VerbOutcome<ManyDecided> outcome = await acting.AsAsync(http.User, c => new DecideGroup(x.By, x.Key, x.Decision, x.Note, x.Reason).RunAsync(c, cancellationToken), cancellationToken);
        return outcome.Done ? TypedResults.Ok(ManyHitsChanged.Of(outcome.Value!)) : Problems.Of(outcome);
    }

    private static async Task<Results<Ok<ManyHitsChanged>, ProblemHttpResult>> DecideAsync(DecideProposal verb, HttpContext http, Acting acting)
    {
        VerbOutcome<DecidedProposal> outcome = await acting.AsAsync(http.User, x => verb.RunAsync(x, http.RequestAborted), http.RequestAborted);
        return outcome.Done ? TypedResults.Ok(ManyHitsChanged.Of(new ManyDecided(outcome.Value!.Outcome, outcome.Value.Proposal))) : Problems.Of(outcome);
    }
}
