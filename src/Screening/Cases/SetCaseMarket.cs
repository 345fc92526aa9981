using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>Says which market a case is about: by it, it stands in a queue, and its deadlines count the working days of that country.</summary>
/// <param name="Market">ISO 3166 code of two capital letters; null: none is named.</param>
/// <param name="Version">The version that was seen; null: any.</param>
public sealed record SetCaseMarket(long CaseId, string? Market, long? Version = null)
{
    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (CountryCode.Problem(Market) is { } problem) return CaseHistory.Invalid(problem);
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, CaseId, Version, cancellationToken);
        if (!outcome.Done) return outcome;
        CaseRow found = outcome.Value!;
        if (found.State.IsEnded()) return VerbOutcome.Refused<CaseRow>(Refusal.Conflict, $"Case {CaseId} is closed; reopen it first.");
        string? market = string.IsNullOrWhiteSpace(Market) ? null : Market.Trim();
        if (found.Market == market) return outcome;
        string text = $"{found.Market ?? "–"} → {market ?? "–"}";
        found.Market = market;
        CaseHistory.Add(context, found, CaseEventKind.MarketSet, text);
        return await CaseHistory.SaveAsync(context, found, AuditAction.CaseMarketSet, text, cancellationToken);
    }
}
