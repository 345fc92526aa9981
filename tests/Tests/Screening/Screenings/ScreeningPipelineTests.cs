using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Features;
using Touchstone.Screening;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Screenings;

public sealed class ScreeningPipelineTests
{
    [Fact]
    public async Task An_edited_copy_matches_its_reference_and_says_why()
    {
        await using TestCore core = await CoreWithPackagesAsync();
        ScreeningOutcome outcome = await ScreenAsync(core, Drawn.EditedCopy(Drawn.Package(3)));
        Assert.Equal(Verdict.Match, outcome.Verdict);
        FoundMatch match = outcome.Matches[0];
        Assert.Equal("package 3", await TitleAsync(core, match.ReferenceId));
        Assert.NotEmpty(match.Signals.For);
        Assert.True(match.Signals.Inliers > 8);
        Assert.All(match.Signals.ImageRegion, p => Assert.InRange(p.X, 0f, 1f));
    }

    [Fact]
    public async Task Another_thing_matches_nothing()
    {
        await using TestCore core = await CoreWithPackagesAsync();
        ScreeningOutcome outcome = await ScreenAsync(core, ImageEncoder.Jpeg(Drawn.Bottle()));
        Assert.Equal(Verdict.NoMatch, outcome.Verdict);
        Assert.Null(outcome.Reason);
    }

    [Fact]
    public async Task A_package_that_only_looks_alike_is_never_more_than_to_be_reviewed()
    {
        await using TestCore core = await CoreWithPackagesAsync();
        for (int seed = 70; seed < 80; seed++)
            Assert.DoesNotContain((await ScreenAsync(core, ImageEncoder.Jpeg(Drawn.Package(seed)))).Matches, m => m.Verdict == Verdict.Match);
    }

    [Fact]
    public async Task Nothing_is_ruled_out_before_the_gallery_is_loaded()
    {
        await using TestCore core = await TestCore.StartAsync();
        await core.AddReferenceAsync("package 1", ImageEncoder.Png(Drawn.Package(1)));
        ScreeningOutcome outcome = await ScreenAsync(core, ImageEncoder.Jpeg(Drawn.Package(77)));
        Assert.Equal(Verdict.Undetermined, outcome.Verdict);
        Assert.Equal(UndeterminedReason.IndexNotReady, outcome.Reason);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_read_leaves_the_verdict_open_with_its_reason()
    {
        await using TestCore core = await CoreWithPackagesAsync();
        ScreeningOutcome outcome = await ScreenAsync(core, [1, 2, 3, 4]);
        Assert.Equal(Verdict.Undetermined, outcome.Verdict);
        Assert.Equal(UndeterminedReason.ImageNotDecoded, outcome.Reason);
        Assert.Contains("UnsupportedFormat", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_reference_is_searchable_after_the_next_refresh_and_a_retired_one_is_not()
    {
        await using TestCore core = await CoreWithPackagesAsync();
        byte[] picture = ImageEncoder.Jpeg(Drawn.Bottle());
        Assert.Equal(Verdict.NoMatch, (await ScreenAsync(core, picture)).Verdict);
        long id = await core.AddReferenceAsync("bottle", ImageEncoder.Png(Drawn.Bottle()));
        await core.Follower.RefreshAsync(null, default);
        Assert.Equal(id, (await ScreenAsync(core, picture)).Matches[0].ReferenceId);

        await using (TouchstoneDb db = await core.OpenAsync())
        {
            ReferenceRow row = await db.References.SingleAsync(r => r.Id == id);
            row.RetiredAt = row.UpdatedAt = core.Get<TimeProvider>().GetUtcNow();
            await db.SaveChangesAsync();
        }
        await core.Follower.RefreshAsync(null, default);
        Assert.Equal(Verdict.NoMatch, (await ScreenAsync(core, picture)).Verdict);
    }

    [Fact]
    public async Task A_rejected_picture_does_not_match_that_reference_again()
    {
        await using TestCore core = await CoreWithPackagesAsync();
        byte[] picture = Drawn.EditedCopy(Drawn.Package(3));
        FoundMatch match = (await ScreenAsync(core, picture)).Matches[0];
        await using (TouchstoneDb db = await core.OpenAsync())
        {
            db.ReferenceNegatives.Add(new ReferenceNegativeRow { ReferenceId = match.ReferenceId, ImageSha256 = match.ImageSha256!, DecidedBy = "anna" });
            await db.SaveChangesAsync();
        }
        Assert.DoesNotContain((await ScreenAsync(core, picture)).Matches, m => m.ReferenceId == match.ReferenceId);
    }

    [Fact]
    public async Task Equal_identifiers_match_without_a_picture()
    {
        await using TestCore core = await TestCore.StartAsync();
        long id = await core.AddReferenceAsync("package 1", ImageEncoder.Png(Drawn.Package(1)), gtin: "4006381333931");
        await core.Follower.RefreshAsync(null, default);
        ScreeningOutcome outcome = await core.Pipeline.ScreenAsync(new ScreeningInput { Images = [], Gtin = "4006381333931" }, default);
        FoundMatch match = Assert.Single(outcome.Matches);
        Assert.Equal((id, Relation.SameIdentifier), (match.ReferenceId, match.Relation));
        Assert.Contains("no picture", outcome.Detail, StringComparison.Ordinal);
    }

    /// <summary>Shops copy wrong trade numbers: another brand than the reference's leaves it to a person.</summary>
    [Fact]
    public async Task An_equal_trade_number_with_another_brand_is_for_review()
    {
        await using TestCore core = await TestCore.StartAsync();
        await core.AddReferenceAsync("package 1", ImageEncoder.Png(Drawn.Package(1)), gtin: "4006381333931", brand: "Zentralix");
        await core.Follower.RefreshAsync(null, default);
        ScreeningOutcome same = await core.Pipeline.ScreenAsync(new ScreeningInput { Images = [], Gtin = "4006381333931", Brand = "Zentralix" }, default);
        ScreeningOutcome other = await core.Pipeline.ScreenAsync(new ScreeningInput { Images = [], Gtin = "4006381333931", Brand = "Powermax" }, default);
        Assert.Equal(Verdict.Match, Assert.Single(same.Matches).Verdict);
        FoundMatch match = Assert.Single(other.Matches);
        Assert.Equal(Verdict.Review, match.Verdict);
        Assert.Contains(match.Signals.Against, sentence => sentence.Contains("Powermax", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_picture_is_looked_at_closely_once_where_a_candidate_may_match_and_else_never()
    {
        await using TestCore core = await CoreWithPackagesAsync();
        CalibrationProfile profile = (await core.Get<CalibrationProfiles>().ActiveAsync(core.Get<FeatureStore>().ModelId, default))!;
        Assert.Equal(1, await LooksAsync(ImageEncoder.Png(Drawn.Package(2)), profile));
        // What no probability reaches the review point of cannot become a match by looking longer.
        Assert.Equal(0, await LooksAsync(ImageEncoder.Png(Drawn.Package(2)), profile with { Relations = profile.Relations.ToDictionary(r => r.Key, r => r.Value with { Intercept = -1_000, Unplaced = null }) }));

        async Task<int> LooksAsync(byte[] picture, CalibrationProfile by)
        {
            ImageFeatures read = (await core.Get<FeatureStore>().ReadAsync(picture, default)).Image!;
            int looks = 0;
            var image = new QueryImage(read, async token => Counted(await core.Get<FeatureStore>().LookCloselyAsync(read, token)), _ => throw new InvalidOperationException("Text is not wanted."));
            RecognitionOutcome outcome = await core.Get<Recogniser>().RecogniseAsync(new RecognitionQuery { Images = [image], Text = TextReading.Never }, core.Get<ReferenceGallery>(), by, default);
            Assert.Null(outcome.Images[0].Failure);
            return looks;

            ImageFeatures Counted(ImageFeatures close)
            {
                looks++;
                Assert.NotNull(close.DenseFeatures);
                return close;
            }
        }
    }

    [Fact]
    public async Task A_closer_look_shows_no_fewer_agreeing_points()
    {
        await using TestCore core = await CoreWithPackagesAsync();
        FeatureStore store = core.Get<FeatureStore>();
        for (int seed = 0; seed < 6; seed++)
        {
            ImageFeatures reference = (await store.ReadAsync(ImageEncoder.Png(Drawn.Package(seed)), default)).Image!, query = (await store.ReadAsync(Drawn.EditedCopy(Drawn.Package(seed)), default)).Image!;
            ImageFeatures close = await store.LookCloselyAsync(query, default);
            double stored = core.Get<PairScorer>().Measure(query, reference, ReferenceKind.Alert).Features.LogInliers;
            Assert.InRange(core.Get<PairScorer>().Measure(close, reference, ReferenceKind.Alert).Features.LogInliers, stored, double.MaxValue);
        }
    }

    [Fact]
    public async Task A_picture_is_described_once()
    {
        await using TestCore core = await CoreWithPackagesAsync();
        byte[] picture = Drawn.EditedCopy(Drawn.Package(2));
        Assert.True((await ScreenAsync(core, picture)).Images[0].DescribedNow);
        Assert.False((await ScreenAsync(core, picture)).Images[0].DescribedNow);
    }

    [Fact]
    public async Task The_fingerprint_of_a_gallery_depends_on_what_it_holds_and_not_on_the_order()
    {
        await using TestCore one = await TestCore.StartAsync();
        await one.AddReferenceAsync("package 1", ImageEncoder.Png(Drawn.Package(1)));
        await one.Follower.RefreshAsync(null, default);
        string before = one.Follower.Status.Fingerprint;
        await one.AddReferenceAsync("package 2", ImageEncoder.Png(Drawn.Package(2)));
        await one.Follower.RefreshAsync(null, default);
        Assert.NotEqual(before, one.Follower.Status.Fingerprint);
        Assert.Equal(2, one.Follower.Status.Images);
    }

    private static async Task<TestCore> CoreWithPackagesAsync()
    {
        TestCore core = await TestCore.StartAsync();
        for (int i = 1; i <= 5; i++) await core.AddReferenceAsync($"package {i}", ImageEncoder.Png(Drawn.Package(i)));
        await core.Follower.RefreshAsync(null, default);
        return core;
    }

    private static Task<ScreeningOutcome> ScreenAsync(TestCore core, byte[] picture) =>
        core.Pipeline.ScreenAsync(new ScreeningInput { Images = [new ScreeningImage(null, picture)] }, default);

    private static async Task<string> TitleAsync(TestCore core, long referenceId)
    {
        await using TouchstoneDb db = await core.OpenAsync();
        return (await db.References.SingleAsync(r => r.Id == referenceId)).Title;
    }
}
