using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Samples;

/// <summary>Notes that a sample was ordered for a case. A case that waited for nothing else is then at <see cref="CaseState.SampleOrdered"/>, and a clock runs for the sample's arrival.</summary>
/// <param name="Supplier">The shop or seller.</param>
/// <param name="Link">Where it is offered, http or https; null: not said.</param>
/// <param name="Quantity">1..<see cref="MostPieces"/> pieces.</param>
/// <param name="Price">Of all pieces, at least 0; null: not said.</param>
/// <param name="Currency">ISO 4217, three capital letters; with a price.</param>
/// <param name="ExpectedOn">Today or later; null: the clock runs as many working days as the rules say.</param>
public sealed record OrderSample(long CaseId, string Supplier, string? Link = null, int Quantity = 1, decimal? Price = null, string? Currency = null, DateOnly? ExpectedOn = null, string? Note = null)
{
    /// <summary>The most pieces of one order.</summary>
    public const int MostPieces = 10_000;

    private const decimal HighestPrice = 10_000_000m;

    private const int LongestLink = 2_000;

    public async Task<VerbOutcome<SampleRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (Problem(DateOnly.FromDateTime(context.Clock.GetUtcNow().UtcDateTime)) is { } problem) return VerbOutcome.Refused<SampleRow>(Refusal.Invalid, problem);
        VerbOutcome<CaseRow> outcome = await CaseHistory.FindAsync(context, CaseId, null, cancellationToken);
        if (!outcome.Done) return VerbOutcome.Refused<SampleRow>(outcome.Refusal!.Value, outcome.Detail!);
        CaseRow found = outcome.Value!;
        if (found.State.IsEnded()) return VerbOutcome.Refused<SampleRow>(Refusal.Conflict, $"Case {CaseId} is closed; reopen it first.");
        var row = new SampleRow
        {
            CaseId = CaseId, Case = found, Supplier = Supplier.Trim(), Link = SampleMoves.Kept(Link), Quantity = Quantity, Price = Price, Currency = Price is null ? null : Currency, OrderedBy = context.Actor,
            OrderedAt = context.Clock.GetUtcNow(), ExpectedOn = ExpectedOn, Note = SampleMoves.Kept(Note), Version = 1,
        };
        row.Clock = await CaseClocks.StartAsync(context, found, ClockKind.SampleResult, $"sample from {row.Supplier}: arrival", null, null, ExpectedOn, cancellationToken);
        context.Db.Samples.Add(row);
        CaseHistory.Add(context, found, CaseEventKind.SampleOrdered, $"{Quantity} from {row.Supplier}");
        if (CaseTransitions.Find(found.State, CaseState.SampleOrdered) is { } way) CaseMoves.Go(context, found, way, null, context.Clock.GetUtcNow());
        return await SampleMoves.SaveAsync(context, found, row, $"ordered {Quantity} from {row.Supplier}", cancellationToken);
    }

    private string? Problem(DateOnly today)
    {
        if (CaseText.Problem("The supplier", Supplier, CaseText.LongestTitle, required: true) is { } supplier) return supplier;
        if (Quantity is < 1 or > MostPieces) return $"1 to {MostPieces} pieces are ordered, not {Quantity}.";
        if (Price is < 0 or > HighestPrice) return $"The price is at least 0 and at most {HighestPrice}.";
        if (Price is not null && !(Currency is { Length: 3 } code && code.All(char.IsAsciiLetterUpper))) return "A price needs its currency, as three capital letters such as EUR.";
        if (ExpectedOn < today) return "The sample is expected today or later.";
        if (!string.IsNullOrWhiteSpace(Link) && (Link.Length > LongestLink || !Uri.TryCreate(Link.Trim(), UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))) return "The link is no http or https address.";
        return CaseText.Problem("The note", Note, CaseText.LongestNote, required: false);
    }
}
