using Touchstone.Server.Api;
using Touchstone.Server.Gate;

namespace Touchstone.Tests.Server;

/// <summary>What matches mean for a listing, by kind, expiry and territory.</summary>
public sealed class GateRulesTests
{
    private static readonly DateOnly Today = new(2026, 3, 2);

    [Theory]
    [InlineData(ReferenceKind.Alert, Verdict.Match, GateDecision.Block)]
    [InlineData(ReferenceKind.Design, Verdict.Match, GateDecision.Block)]
    [InlineData(ReferenceKind.KnownFake, Verdict.Match, GateDecision.Block)]
    [InlineData(ReferenceKind.Mark, Verdict.Match, GateDecision.Review)]
    [InlineData(ReferenceKind.Design, Verdict.Review, GateDecision.Review)]
    [InlineData(ReferenceKind.GenuineProduct, Verdict.Match, GateDecision.Allow)]
    public void The_kind_and_the_verdict_decide(ReferenceKind kind, Verdict verdict, GateDecision expected) =>
        Assert.Equal(expected, GateRules.Decide(Answer(Match(kind, verdict)), [], Today).Decision);

    [Theory, InlineData(ReferenceKind.Design), InlineData(ReferenceKind.Mark)]
    public void A_right_that_expired_neither_blocks_nor_is_reviewed_and_the_answer_says_so(ReferenceKind kind)
    {
        GateRuling ruling = GateRules.Decide(Answer(Match(kind, expiresOn: Today.AddDays(-1))), [], Today);
        Assert.Equal(GateDecision.Allow, ruling.Decision);
        Assert.Contains("does not count: the right expired on 2026-03-01", Assert.Single(ruling.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void An_alert_counts_whatever_date_stands_with_it_and_where_no_territory_is_stated()
    {
        Assert.Equal(GateDecision.Block, GateRules.Decide(Answer(Match(ReferenceKind.Alert, expiresOn: Today.AddDays(-1))), [], Today).Decision);
        Assert.Equal(GateDecision.Block, GateRules.Decide(Answer(Match(ReferenceKind.Alert)), ["DE", "US"], Today).Decision);
    }

    [Fact]
    public void A_design_counts_only_in_the_markets_it_is_registered_for()
    {
        GateRuling ruling = GateRules.Decide(Answer(Match(ReferenceKind.Design, territory: "EU")), ["DE", "US"], Today);
        Assert.Equal(GateDecision.Block, ruling.Decision);
        Assert.Equal([new MarketDecision("DE", GateDecision.Block), new MarketDecision("US", GateDecision.Allow)], ruling.Markets);
        Assert.Contains("registered for EU, not for US", Assert.Single(ruling.Reasons), StringComparison.Ordinal);
        Assert.Equal(GateDecision.Allow, GateRules.Decide(Answer(Match(ReferenceKind.Design, territory: "EU")), ["US"], Today).Decision);
        Assert.Equal(GateDecision.Block, GateRules.Decide(Answer(Match(ReferenceKind.Design, territory: "EU")), [], Today).Decision);
    }

    [Fact]
    public void An_alert_of_another_country_is_reviewed() =>
        Assert.Equal(GateDecision.Review, GateRules.Decide(Answer(Match(ReferenceKind.Alert, territory: "US")), ["DE"], Today).Decision);

    [Fact]
    public void What_does_not_count_hides_nothing_else()
    {
        MatchItem expired = Match(ReferenceKind.Design, expiresOn: Today.AddDays(-1));
        Assert.Equal(GateDecision.Block, GateRules.Decide(Answer(expired, Match(ReferenceKind.Alert)), [], Today).Decision);
        GateRuling unread = GateRules.Decide(Answer(expired) with { Detail = "1 of 2 pictures could not be read." }, ["DE"], Today);
        Assert.Equal(GateDecision.Review, unread.Decision);
        Assert.Contains("Undetermined: 1 of 2", unread.Reasons[^1], StringComparison.Ordinal);
    }

    private static ScreeningAnswer Answer(params MatchItem[] matches) => new(matches.Min(x => x.Verdict), null, null, matches, [], "model", "profile", 1);

    private static MatchItem Match(ReferenceKind kind, Verdict verdict = Verdict.Match, string? territory = null, DateOnly? expiresOn = null) => new(
        1, "Lamp", kind, "register", "D-1", Relation.SameDesign, 0.97, verdict, "Owner", true, territory is null ? [] : territory.Split(' '), expiresOn, null, null, null, null, null, [], [], null, [], [], false);
}
