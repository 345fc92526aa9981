using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Calibration;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Calibration;

public sealed class VerdictLearningTests
{
    private const string Model = "model";
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Few_verdicts_change_nothing()
    {
        ProfilePreview preview = Preview(Fitted(), Hits(9, 0.8, confirmed: false));
        Assert.False(preview.Changes);
        Assert.Contains("at least 10", Product(preview).Kept, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejections_lower_the_probability_and_confirmations_raise_it()
    {
        foreach (bool confirmed in new[] { true, false })
        {
            ProfilePreview preview = Preview(Fitted(), Hits(40, 0.8, confirmed));
            double after = ProbabilityAfter(preview, 0.8);
            Assert.True(preview.Changes);
            Assert.True(confirmed ? after > 0.85 : after < 0.5, $"{confirmed}: {after}");
        }
    }

    [Fact]
    public void Many_verdicts_outweigh_the_profile()
    {
        ProfilePreview preview = Preview(Fitted(), [.. Hits(600, 0.8, confirmed: true), .. Hits(1400, 0.8, confirmed: false)]);
        Assert.Equal(0.3, ProbabilityAfter(preview, 0.8), 0.02);
    }

    [Fact]
    public void Rejections_at_the_match_point_withdraw_it_and_the_past_hits_that_change_are_named()
    {
        ProfilePreview preview = Preview(Fitted(), [.. Hits(20, 0.95, confirmed: false), .. Hits(20, 0.95, confirmed: true), .. Hits(3, 0.97, null)]);
        RelationChange product = Product(preview);
        Assert.Null(product.MatchAfter);
        Assert.StartsWith("withdrawn", product.MatchReason, StringComparison.Ordinal);
        Assert.Equal((0, 43), (product.ToMatch, product.ToReview + product.ToNoMatch));
        Assert.Equal(VerdictLearning.MostExamples, product.Examples.Count);
        Assert.All(product.Examples, e => Assert.Equal(Verdict.Match, e.Before));
        Assert.True(preview.Proposed.Relations[Relation.SameProduct].Abstains);
    }

    [Fact]
    public void Verdicts_that_prove_a_precision_give_a_match_point_to_a_relation_that_abstained()
    {
        CalibrationProfile fitted = Fitted();
        fitted = fitted with { Relations = fitted.Relations.ToDictionary(r => r.Key, r => r.Value with { Match = null }) };
        RelationChange product = Product(Preview(fitted, [.. Hits(100, 0.92, confirmed: true), .. Hits(10, 0.6, confirmed: false)]));
        Assert.Equal((0.96, 100), (product.MatchAfter!.Guarantee!.Precision, product.MatchAfter.Guarantee.Samples));
        Assert.Equal((100, 0), (product.ToMatch, product.ToNoMatch));
    }

    [Fact]
    public void The_same_verdicts_count_once()
    {
        CalibrationProfile fitted = Fitted();
        VerdictSample[] hits = Hits(40, 0.8, confirmed: false);
        CalibrationProfile applied = Preview(fitted, hits).Proposed;
        ProfilePreview again = VerdictLearning.Preview(fitted, applied, new VerdictSamples(hits, 0));
        Assert.Equal(applied.Id, again.Proposed.Id);
        Assert.False(again.Changes);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_preview_is_applied_audited_and_taken_back(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        CalibrationProfile fitted = Fitted();
        await new CalibrationProfiles(database, clock).ActivateAsync(fitted, Stop);
        for (int i = 0; i < 30; i++) await AddHitAsync(db, confirmed: false);
        await AddHitAsync(db, confirmed: null, signals: "{}");

        ProfilePreview preview = (await VerdictLearning.PreviewAsync(db, Model, Stop))!;
        Assert.Equal((30, 1), (Product(preview).Rejected, preview.NotMeasured));
        Assert.Equal(fitted.Id, (await CalibrationProfiles.ActiveAsync(db, Model, Stop))!.Id);

        Assert.Equal(Refusal.Conflict, (await new ApplyProfile(Model, "other").RunAsync(By(db), Stop)).Refusal);
        VerbOutcome<CalibrationProfile> applied = await new ApplyProfile(Model, preview.Proposed.Id).RunAsync(By(db), Stop);
        Assert.True(applied.Done, applied.Detail);
        Assert.Equal(preview.Proposed.ToJson(), (await CalibrationProfiles.ActiveAsync(db, Model, Stop))!.ToJson());
        Assert.Equal(Refusal.Conflict, (await new ApplyProfile(Model, preview.Proposed.Id).RunAsync(By(db), Stop)).Refusal);

        Assert.Equal(Refusal.Conflict, (await new UndoProfile(Model, fitted.Id).RunAsync(By(db), Stop)).Refusal);
        Assert.Equal(fitted.Id, (await new UndoProfile(Model, preview.Proposed.Id).RunAsync(By(db), Stop)).Value?.Id);
        Assert.Equal(fitted.ToJson(), (await CalibrationProfiles.ActiveAsync(db, Model, Stop))!.ToJson());
        Assert.Equal(Refusal.Conflict, (await new UndoProfile(Model, fitted.Id).RunAsync(By(db), Stop)).Refusal);
        Assert.Equal(2, await db.CalibrationProfiles.CountAsync(Stop));
        Assert.Equal([AuditAction.ProfileUndone, AuditAction.ProfileApplied], (await AuditLog.ListAsync(db, new(), null, 9, Stop)).Items.Select(x => x.Action));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_decision_is_learnt_from_the_match_on_which_it_was_made(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        CalibrationProfile fitted = Fitted();
        HitRow hit = await AddHitAsync(db, confirmed: false);
        double rejected = Assert.Single((await VerdictSamples.ReadAsync(db, fitted, fitted, Stop)).Samples).Fitted;
        // Found again with another picture it opens again; what was rejected stays a rejection of what was seen then.
        var later = new MatchRow { ScreeningId = hit.Match!.ScreeningId, ReferenceId = hit.ReferenceId, Relation = hit.Relation, Probability = 0.99, Verdict = Verdict.Match, Signals = """{"features":{"similarity":0.99,"regionSimilarity":0.99,"logInliers":5}}""" };
        (hit.Match, hit.State) = (later, HitState.New);
        await db.SaveChangesAsync(Stop);
        VerdictSamples samples = await VerdictSamples.ReadAsync(db, fitted, fitted, Stop);
        Assert.Equal([false, null], samples.Samples.Select(s => s.Confirmed).OrderByDescending(c => c.HasValue));
        Assert.Equal(rejected, samples.Samples.Single(s => s.Confirmed == false).Fitted);
        Assert.True(samples.Samples.Single(s => s.Confirmed is null).Fitted > rejected);
        // A rejection that was taken back is none.
        db.HitDecisions.Add(new() { HitId = hit.Id, MatchId = await db.HitDecisions.Select(d => d.MatchId).SingleAsync(Stop), State = HitState.New, DecidedBy = "anna" });
        await db.SaveChangesAsync(Stop);
        Assert.Null(Assert.Single((await VerdictSamples.ReadAsync(db, fitted, fitted, Stop)).Samples).Confirmed);
    }

    private static async Task<HitRow> AddHitAsync(TouchstoneDb db, bool? confirmed, string? signals = null)
    {
        HitRow hit = await SampleHits.AddAsync(db, probability: 0.8);
        hit.State = confirmed switch { true => HitState.Confirmed, false => HitState.Rejected, _ => HitState.New };
        if (confirmed is not null) db.HitDecisions.Add(new() { HitId = hit.Id, MatchId = hit.MatchId, State = hit.State, DecidedBy = "anna" });
        hit.Match!.Signals = signals ?? """{"features":{"similarity":0.8,"regionSimilarity":0.8,"logInliers":2.2}}""";
        await db.SaveChangesAsync(Stop);
        return hit;
    }

    private static ProfilePreview Preview(CalibrationProfile fitted, VerdictSample[] hits) => VerdictLearning.Preview(fitted, fitted, new VerdictSamples(hits, 0));

    private static RelationChange Product(ProfilePreview preview) => preview.Relations.Single(r => r.Relation == Relation.SameProduct);

    private static double ProbabilityAfter(ProfilePreview preview, double fitted)
    {
        RelationChange change = Product(preview);
        return LogOdds.ToProbability((change.Factor * LogOdds.Of(fitted)) + change.Offset);
    }

    private static VerdictSample[] Hits(int count, double probability, bool? confirmed) =>
        [.. Enumerable.Range(1, count).Select(i => new VerdictSample(i, $"offer {i}", Relation.SameProduct, probability, probability, confirmed))];

    private VerbContext By(TouchstoneDb db) => new(db, "anna", clock);

    private static CalibrationProfile Fitted()
    {
        var calibration = new RelationCalibration
        {
            Intercept = -8,
            Weights = MatchFeatures.Names.ToDictionary(n => n, n => n is "similarity" or "regionSimilarity" or "logInliers" ? 2.5 : 0),
            Prior = 0.4,
            Match = new OperatingPoint(0.9, 0.99, 0.8, 500, new Guarantee(0.96, null, 0.95, 400, 500)),
            Review = new OperatingPoint(0.3, 0.9, 0.9, 500),
        };
        Relation[] relations = [Relation.SameImage, Relation.SameProduct, Relation.SameDesign, Relation.MarkPresent];
        return new CalibrationProfile
        {
            Id = "sample-1",
            ModelId = Model,
            DataSetId = "data",
            Relations = relations.ToDictionary(r => r, _ => calibration),
            Identifiers = new IdentifierCalibration(0.97, 0.9, 0.85, "none"),
        };
    }
}
