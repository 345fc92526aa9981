using System.Globalization;
using Touchstone.Screening;
using Touchstone.Screening.References;
using Touchstone.Server.Api;

namespace Touchstone.Server.Gate;

/// <summary>What a screening means for a listing that is not yet visible, on a day and in the markets where it is to be sold. Pure.</summary>
internal static class GateRules
{
    /// <param name="markets">Codes that <see cref="Markets"/> knows; none: nothing is said of where the listing is sold, so that every right counts.</param>
    /// <param name="today">In UTC.</param>
    public static GateRuling Decide(ScreeningAnswer screening, IReadOnlyList<string> markets, DateOnly today)
    {
        // To show a genuine product, or to be one, is no reason against a listing.
        Weighed[] telling = [.. screening.Matches.Where(x => x.Kind != ReferenceKind.GenuineProduct).Select(x => new Weighed(x, Rights.Expiry(x.Kind, x.ExpiresOn, today), markets))];
        // A detail names what did not run: a picture that could not be read, beside a genuine product that was found.
        bool open = screening.Verdict == Verdict.Undetermined || screening.Detail is not null;
        GateDecision least = open ? GateDecision.Review : GateDecision.Allow;
        MarketDecision[] inMarkets = [.. markets.Select(market => new MarketDecision(market, Strictest(telling.Select(x => x.In(market)), least)))];
        GateDecision decision = inMarkets.Length > 0 ? inMarkets.Max(x => x.Decision) : Strictest(telling.Select(x => x.Anywhere), least);
        List<string> reasons = [.. telling.Select(x => x.Say())];
        if (open && !telling.Any(x => x.Counts)) reasons.Add($"Undetermined: {screening.Detail ?? screening.Reason?.ToString()}");
        return new GateRuling(decision, inMarkets, reasons);
    }

    private static GateDecision Strictest(IEnumerable<GateDecision> decisions, GateDecision least) => decisions.Append(least).Max();

    /// <summary>A match with what it means in the markets.</summary>
    private sealed record Weighed(MatchItem Match, string? Expiry, IReadOnlyList<string> Where)
    {
        /// <summary>A mark alone does not tell whether the seller may use it, so it never blocks.</summary>
        public GateDecision Anywhere => Expiry is not null ? GateDecision.Allow
            : Match.Verdict == Verdict.Match && Match.Kind is ReferenceKind.Alert or ReferenceKind.Design or ReferenceKind.KnownFake ? GateDecision.Block
            : GateDecision.Review;

        public bool Counts => Where.Count == 0 ? Expiry is null : Where.Any(market => In(market) != GateDecision.Allow);

        /// <summary>A right ends at the border. A danger that was named for another country does not: a person looks.</summary>
        public GateDecision In(string market) => Markets.IsWithin(Match.Territory, market) || Expiry is not null ? Anywhere
            : Rights.IsRight(Match.Kind) ? GateDecision.Allow
            : GateDecision.Review;

        public string Say()
        {
            string match = string.Create(CultureInfo.InvariantCulture, $"{Match.Relation} with the {Match.Kind.ToString().ToLowerInvariant()} {Match.ExternalId} ({Match.Title}), probability {Match.Probability:0.00}{(Match.Verdict == Verdict.Match ? "" : ", below the operating point")}");
            if (Expiry is not null) return $"{match}; it does not count: {Expiry}.";
            string[] outside = [.. Where.Where(market => !Markets.IsWithin(Match.Territory, market))];
            if (outside.Length == 0) return $"{match}.";
            string where = $"it is registered for {string.Join(", ", Match.Territory)}, not for {string.Join(", ", outside)}";
            return Rights.IsRight(Match.Kind) ? $"{match}; {where}, and counts only there." : $"{match}; {where}, where it is to be reviewed.";
        }
    }
}

/// <summary>What to do, where, and why.</summary>
internal sealed record GateRuling(GateDecision Decision, IReadOnlyList<MarketDecision> Markets, IReadOnlyList<string> Reasons);
