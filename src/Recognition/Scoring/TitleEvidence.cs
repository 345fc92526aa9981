using Touchstone.Recognition.Text;

namespace Touchstone.Recognition.Scoring;

/// <summary>What an offer's title says for and against a match that its pictures make, in sentences. Pure.</summary>
internal static class TitleEvidence
{
    // Of labelled pairs of titles, most of the same product share so much of the poorer one.
    private const double MuchShared = 0.5;

    internal static FoundMatch With(FoundMatch match, string? title, ReferenceFacts? facts, IdfWeights rarity)
    {
        if (facts is null || string.IsNullOrWhiteSpace(title)) return match;
        TitleAgreement agreement = TitleComparison.Compare([.. TextWord.Of(title)], [.. facts.Words], rarity);
        MatchSignals signals = match.Signals;
        if (agreement.NumbersConflict > 0) return match with { Signals = signals with { Against = [.. signals.Against, "The offer's title states another model number than the reference."] } };
        if (agreement.Contained >= MuchShared) return match with { Signals = signals with { For = [.. signals.For, $"The offer's title shares {agreement.Contained * 100:0} % of its telling words with the reference."] } };
        return match;
    }
}
