using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Finding;

/// <summary>Has shops looked for on the web. A worker asks the services; what they name is proposed, and a person takes it into a search or rejects it.</summary>
/// <param name="ReferenceId">Whose shops are looked for; null: by the words alone.</param>
/// <param name="Markets">ISO 3166-1 alpha-2 codes, 1 to <see cref="MostMarkets"/>.</param>
/// <param name="Terms">The words, one question each, with a language in front where they have one (<c>da: ansigtsmaske</c>); empty: made from the reference.</param>
/// <param name="MostShops">1 to 500.</param>
public sealed record FindShops(long? ReferenceId, IReadOnlyList<string> Markets, IReadOnlyList<string> Terms, int MostShops = FindShops.UsualShops)
{
    public const int MostMarkets = 35, UsualShops = 50, MostShopsEver = 500;

    public async Task<VerbOutcome<FindingRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if ((MarketsProblem(Markets) ?? (await OwnHosts.ReadAsync(context.Db, cancellationToken)).Problem([], looksForShops: true)) is { } problem) return Invalid(problem);
        if (MostShops is < 1 or > MostShopsEver) return Invalid($"At most {MostShops} shops is not within 1 and {MostShopsEver}.");
        SearchTerm[] terms = [.. Terms.Select(SearchTerm.Read).OfType<SearchTerm>().Distinct()];
        if (ReferenceId is { } id)
        {
            if (await context.Db.References.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.RetiredAt == null && r.Kind != ReferenceKind.SearchedPicture, cancellationToken) is not { } reference)
                return VerbOutcome.Refused<FindingRow>(Refusal.NotFound, $"There is no reference {id} in the registers, or it is retired.");
            if (terms.Length == 0) terms = [.. TermMaker.Of(reference, Markets, await TermTable.ReadAsync(context.Db, cancellationToken))];
        }
        if (terms.Length == 0) return Invalid("Say what is looked for: a reference, or words.");
        if (terms.Length > TermMaker.MostTerms) return Invalid($"{terms.Length} questions are more than {TermMaker.MostTerms}.");
        FindingRow row = RowOf(ReferenceId, null, terms, Markets, MostShops, context.Actor, context.Clock.GetUtcNow());
        context.Db.Findings.Add(row);
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        await context.Db.SaveChangesAsync(cancellationToken);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.FindingQueued, AuditSubject.Finding(row.Id), $"{string.Join(' ', Markets)}: {string.Join("; ", terms.Select(t => t.ToString()))}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return VerbOutcome.Done(row);

        static VerbOutcome<FindingRow> Invalid(string detail) => VerbOutcome.Refused<FindingRow>(Refusal.Invalid, detail);
    }

    /// <summary>What is wrong with markets, for people; null: nothing.</summary>
    public static string? MarketsProblem(IReadOnlyList<string> markets)
    {
        ArgumentNullException.ThrowIfNull(markets);
        if (markets.Count is 0 or > MostMarkets) return $"Name 1 to {MostMarkets} markets.";
        return markets.FirstOrDefault(m => MarketCountry.Find(m) is null || !Screening.Markets.IsKnown(m)) is { } unknown ? $"“{unknown}” is no market that shops are looked for in; write a country's code, such as DK." : null;
    }

    internal static FindingRow RowOf(long? referenceId, long? searchId, IEnumerable<SearchTerm> terms, IReadOnlyList<string> markets, int most, string by, DateTimeOffset at) => new()
    {
        ReferenceId = referenceId,
        SearchId = searchId,
        Terms = string.Join('\n', terms.Select(t => t.ToString())),
        Markets = string.Join('\n', markets),
        MostShops = most,
        CreatedBy = by,
        CreatedAt = at,
    };
}
