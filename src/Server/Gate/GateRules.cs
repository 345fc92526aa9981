using System.Globalization;
using Touchstone.Server.Api;

namespace Touchstone.Server.Gate;

/// <summary>What a screening means for a listing that is not yet visible.</summary>
internal static class GateRules
{
    public static (GateDecision Decision, IReadOnlyList<string> Reasons) Decide(ScreeningAnswer screening)
    {
        // To show a genuine product, or to be one, is no reason against a listing.
        MatchItem[] telling = [.. screening.Matches.Where(x => x.Kind != ReferenceKind.GenuineProduct)];
        List<string> reasons = [.. telling.Select(Say)];
        if (telling.Any(Blocks)) return (GateDecision.Block, reasons);
        if (telling.Length > 0) return (GateDecision.Review, reasons);
        // A detail names what did not run: a picture that could not be read, beside a genuine product that was found.
        if (screening.Verdict == Verdict.Undetermined || screening.Detail is not null) return (GateDecision.Review, [$"Undetermined: {screening.Detail ?? screening.Reason?.ToString()}"]);
        return (GateDecision.Allow, []);
    }

    /// <summary>A mark alone does not tell whether the seller may use it, so it never blocks.</summary>
    private static bool Blocks(MatchItem match) => match.Verdict == Verdict.Match && match.Kind is (ReferenceKind.Alert or ReferenceKind.Design or ReferenceKind.KnownFake);

    private static string Say(MatchItem match) => string.Create(CultureInfo.InvariantCulture,
        $"{match.Relation} with the {match.Kind.ToString().ToLowerInvariant()} {match.ExternalId} ({match.Title}), probability {match.Probability:0.00}{(match.Verdict == Verdict.Match ? "" : ", below the operating point")}.");
}
