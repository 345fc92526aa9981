using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Features;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Hits;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Tests.Screening.Screenings;

/// <summary>Why a screening is undetermined, why a match is a match, and what competed with it.</summary>
public sealed class ScreeningReasonsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blank_picture_is_undetermined_and_one_beside_a_real_picture_is_not()
    {
        await using TestCore core = await CoreAsync();
        ScreeningOutcome blank = await ScreenAsync(core, Blank(200));
        Assert.Equal((Verdict.Undetermined, UndeterminedReason.ImageFeatureless), (blank.Verdict, blank.Reason));
        Assert.Contains("1 of 1 pictures show too little", blank.Detail, StringComparison.Ordinal);

        ScreeningOutcome beside = await ScreenAsync(core, Blank(255), ImageEncoder.Jpeg(Drawn.Bottle()));
        Assert.Equal((Verdict.NoMatch, (UndeterminedReason?)null, (string?)null), (beside.Verdict, beside.Reason, beside.Detail));
        Assert.Equal([UndeterminedReason.ImageFeatureless, null], beside.Images.Select(i => i.Reason));
    }

    [Fact]
    public async Task An_animation_is_what_it_shows_and_not_its_first_frame()
    {
        await using TestCore core = await CoreAsync();
        ScreeningOutcome shown = await ScreenAsync(core, Drawn.Animation(Drawn.Bottle(), Drawn.Package(3)));
        Assert.Equal(Verdict.Match, shown.Verdict);
        Assert.NotEqual(shown.Images[0].Sha256, shown.Matches[0].ImageSha256);
        Assert.Equal(shown.Images[1].Sha256, shown.Matches[0].ImageSha256);

        ScreeningOutcome unread = await ScreenAsync(core, [0, 0, 0, 28, .. "ftypavis"u8, 0, 0, 0, 0, .. "avifmif1"u8], ImageEncoder.Jpeg(Drawn.Bottle()));
        Assert.Equal((Verdict.Undetermined, UndeterminedReason.ImageNotDecoded), (unread.Verdict, unread.Reason));
    }

    [Theory]
    [InlineData(PictureTurn.MirroredSideways)]
    [InlineData(PictureTurn.MirroredUpsideDown)]
    public async Task A_mirrored_copy_is_the_same_image(PictureTurn turn)
    {
        await using TestCore core = await CoreAsync();
        ScreeningOutcome outcome = await ScreenAsync(core, ImageEncoder.Jpeg(DrawnPicture.Turned(Drawn.Package(3), turn)));
        Assert.Equal((Verdict.Match, Relation.SameImage), (outcome.Verdict, outcome.Matches[0].Relation));
    }

    [Fact]
    public async Task Real_pictures_show_enough()
    {
        await using TestCore core = await TestCore.StartAsync();
        FeatureExtractor reader = core.Get<FeatureExtractor>();
        foreach (string folder in new[] { "catalogue_products", "clothing_photos" })
        {
            string root = Path.Combine(SharedData.Require("images"), folder);
            string[] files = [.. Directory.EnumerateFiles(root, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
            for (int i = 0; i < files.Length; i += files.Length / 60)
                Assert.False(reader.Describe("x", reader.Decode(await File.ReadAllBytesAsync(files[i], Stop)).Image!).ShowsTooLittle, files[i]);
        }
    }

    [Fact]
    public async Task A_stage_that_throws_is_a_reason_with_a_count_and_the_other_pictures_are_screened()
    {
        await using TestCore core = await CoreAsync();
        byte[] damaged = ImageEncoder.Png(Drawn.Package(60));
        await using (TouchstoneDb db = await core.OpenAsync())
        {
            db.ImageFeatures.Add(new ImageFeaturesRow { ImageSha256 = BlobName.Of(damaged), ModelId = core.Get<ModelEntry>().Id, Format = FeatureFormat.Version, Content = [.. "TSF\u0001"u8, .. new byte[60]] });
            await db.SaveChangesAsync(Stop);
        }
        ScreeningOutcome outcome = await ScreenAsync(core, damaged, ImageEncoder.Jpeg(Drawn.Bottle()));
        Assert.Equal((Verdict.Undetermined, UndeterminedReason.StageFailed), (outcome.Verdict, outcome.Reason));
        Assert.Contains("1 of 2 pictures", outcome.Detail, StringComparison.Ordinal);
        Assert.Contains("0 vectors", outcome.Detail, StringComparison.Ordinal);
        Assert.Equal(Verdict.Match, (await ScreenAsync(core, damaged, Drawn.EditedCopy(Drawn.Package(3)))).Verdict);
    }

    [Fact]
    public async Task A_copy_agrees_all_over_and_a_sibling_in_part_and_both_say_so()
    {
        await using TestCore core = await TestCore.StartAsync();
        (FeatureExtractor reader, PairScorer judge) = (core.Get<FeatureExtractor>(), core.Get<PairScorer>());
        ImageFeatures reference = reader.Describe("reference", Drawn.Package(3));
        // The same package with another print on most of it.
        RgbImage sibling = ImageOperations.CompositeOver(Drawn.Package(3), RgbaImage.From(ImageOperations.Crop(Drawn.Package(9), 90, 130, 220, 220)), 90, 130);
        Measurement ofCopy = judge.Measure(reader.Describe("copy", reader.Decode(Drawn.EditedCopy(Drawn.Package(3))).Image!), reference, ReferenceKind.Alert);
        Measurement ofSibling = judge.Measure(reader.Describe("sibling", sibling), reference, ReferenceKind.Alert);
        Assert.Contains(ofCopy.Signals.For, s => s.StartsWith("Laid over each other", StringComparison.Ordinal));
        Assert.Contains(ofSibling.Signals.Against, s => s.StartsWith("Laid over each other", StringComparison.Ordinal));
        Assert.True(ofCopy.Features.LogAgreement > ofSibling.Features.LogAgreement + 0.5, $"{ofCopy.Features.LogAgreement} and {ofSibling.Features.LogAgreement}");
    }

    [Fact]
    public async Task A_picture_of_which_a_part_shows_another_thing_is_no_match_without_a_person()
    {
        await using TestCore core = await CoreAsync();
        RgbImage sibling = ImageOperations.CompositeOver(Drawn.Package(3), RgbaImage.From(ImageOperations.Crop(Drawn.Package(9), 130, 170, 140, 130)), 130, 170);
        ScreeningOutcome outcome = await ScreenAsync(core, ImageEncoder.Jpeg(sibling));
        Assert.Equal(Verdict.Review, outcome.Verdict);
        FoundMatch match = outcome.Matches[0];
        Assert.Contains(match.Signals.Against, s => s.Contains("shows another thing", StringComparison.Ordinal));
        Assert.Contains(match.Signals.Notes, s => s.Contains("only for review", StringComparison.Ordinal));
        Assert.True(match.Signals.ChangedRegion.Count > 2 && match.Signals.ChangedRegion.All(p => p.X is > 0.2f and < 0.8f), string.Join(' ', match.Signals.ChangedRegion));
        // The same without the other part is a match.
        Assert.Equal(Verdict.Match, (await ScreenAsync(core, Drawn.EditedCopy(Drawn.Package(3)))).Verdict);
    }

    [Fact]
    public async Task An_index_of_another_model_is_not_asked()
    {
        await using TestCore core = await TestCore.StartAsync(s => s.AddSingleton(p => new ReferenceGallery(p.GetRequiredService<ModelEntry>() with { Id = "another" })));
        await core.AddReferenceAsync("package 1", ImageEncoder.Png(Drawn.Package(1)));
        await core.Follower.RefreshAsync(null, Stop);
        Assert.Equal(("another", 1), (core.Follower.Status.ModelId, core.Follower.Status.Failed));
        ScreeningOutcome outcome = await ScreenAsync(core, ImageEncoder.Jpeg(Drawn.Package(1)));
        Assert.Equal((Verdict.Undetermined, UndeterminedReason.ModelMismatch), (outcome.Verdict, outcome.Reason));
        Assert.Contains("another", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rivals_and_measurements_are_kept_with_the_match()
    {
        await using TestCore core = await CoreAsync();
        long twin = await core.AddReferenceAsync("package 3 again", ImageEncoder.Png(ImageOperations.Crop(Drawn.Package(3), 20, 10, 370, 380)));
        await core.Follower.RefreshAsync(null, Stop);
        ScreeningOutcome outcome = await ScreenAsync(core, Drawn.EditedCopy(Drawn.Package(3)));
        FoundMatch match = outcome.Matches.First(m => m.ReferenceId != twin);
        Rival rival = match.Signals.Rivals[0];
        Assert.Equal((twin, "package 3 again"), (rival.ReferenceId, rival.Title));
        Assert.InRange(match.Signals.Rivals.Count, 1, Rival.Most);
        Assert.DoesNotContain(match.Signals.Rivals, r => r.ReferenceId == match.ReferenceId);
        Assert.False(match.Signals.NotExplained);

        await using TouchstoneDb db = await core.OpenAsync();
        ObservationRow observation = (await SampleHits.AddAsync(db)).Match!.Screening!.Observation!;
        ScreeningRow saved = await core.Get<HitStore>().SaveAsync(new ScreeningSubject(observation.Id, null, null, "1"), outcome, Stop);
        MatchSignals kept = JsonSerializer.Deserialize<MatchSignals>(saved.Matches.First(m => m.ReferenceId == match.ReferenceId).Signals, JsonSerializerOptions.Web)!;
        Assert.Equal(match.Signals.Rivals, kept.Rivals);
        CalibrationProfile profile = (await core.Get<CalibrationProfiles>().ActiveAsync(core.Get<ModelEntry>().Id, Stop))!;
        Assert.Equal(match.Probability.Value, profile.Relations[match.Relation].ProbabilityOf(kept.Features)!.Value.Value, 0.0001);
    }

    [Fact]
    public async Task Rivals_are_named_also_where_one_reference_is_wanted()
    {
        await using TestCore core = await CoreAsync();
        long twin = await core.AddReferenceAsync("package 3 again", ImageEncoder.Png(ImageOperations.Crop(Drawn.Package(3), 20, 10, 370, 380)));
        await core.Follower.RefreshAsync(null, Stop);
        ScreeningOutcome outcome = await core.Pipeline.ScreenAsync(new ScreeningInput { Images = [new ScreeningImage(null, Drawn.EditedCopy(Drawn.Package(3)))], ReferenceId = twin }, Stop);
        FoundMatch match = Assert.Single(outcome.Matches);
        Assert.Equal(twin, match.ReferenceId);
        Assert.Contains(match.Signals.Rivals, r => r.Title == "package 3");
    }

    [Fact]
    public async Task A_relation_that_abstains_gives_reviews_that_say_so()
    {
        await using TestCore core = await CoreAsync();
        CalibrationProfile shipped = ShippedProfiles.Find(core.Get<ModelEntry>().Id)!;
        await core.Get<CalibrationProfiles>().ActivateAsync(shipped with { Id = "abstains", Relations = shipped.Relations.ToDictionary(r => r.Key, r => r.Value with { Match = null }) }, Stop);
        ScreeningOutcome outcome = await ScreenAsync(core, Drawn.EditedCopy(Drawn.Package(3)));
        Assert.Equal(Verdict.Review, outcome.Verdict);
        Assert.Contains("guarantees no precision", Assert.Single(outcome.Matches[0].Signals.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_probable_what_only_looks_alike_is_for_review_and_says_so()
    {
        await using TestCore core = await CoreAsync();
        CalibrationProfile shipped = ShippedProfiles.Find(core.Get<ModelEntry>().Id)!;
        await core.Get<CalibrationProfiles>().ActivateAsync(shipped with { Id = "credulous", Relations = shipped.Relations.ToDictionary(r => r.Key, r => r.Value with { Intercept = 30, Unplaced = null, Match = shipped.Relations[Relation.SameImage].Match }) }, Stop);
        ScreeningOutcome outcome = await ScreenAsync(core, ImageEncoder.Jpeg(Drawn.Bottle()));
        FoundMatch match = outcome.Matches.First(m => m.Signals.NotExplained);
        Assert.True(match.Probability.Value > 0.99, $"{match.Probability}");
        Assert.Equal(Verdict.Review, match.Verdict);
        Assert.Contains("too little else speaks for this match", Assert.Single(match.Signals.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_resembles_nothing_at_a_first_look_is_passed_and_not_kept()
    {
        await using TestCore core = await CoreAsync();
        await GlanceBelowAsync(core, 0.9999);
        ScreeningOutcome outcome = await GlanceAsync(core, ImageEncoder.Jpeg(Drawn.Bottle()));
        Assert.Equal(Verdict.NoMatch, outcome.Verdict);
        ScreenedImage image = Assert.Single(outcome.Images);
        Assert.True(image.ExitedEarly);
        Assert.False(image.DescribedNow);
        await using TouchstoneDb db = await core.OpenAsync();
        Assert.False(await db.Images.AnyAsync(i => i.Sha256 == image.Sha256, Stop));
        Assert.Null(await core.Get<IBlobStore>().GetAsync(image.Sha256!, Stop));
    }

    [Fact]
    public async Task What_shows_too_little_is_not_passed_at_a_first_look()
    {
        await using TestCore core = await CoreAsync();
        await GlanceBelowAsync(core, 0.9999);
        ScreeningOutcome outcome = await GlanceAsync(core, Blank(200));
        Assert.Equal((Verdict.Undetermined, UndeterminedReason.ImageFeatureless), (outcome.Verdict, outcome.Reason));
        Assert.False(outcome.Images[0].ExitedEarly);
    }

    [Fact]
    public async Task What_may_be_a_reference_is_looked_at_closer()
    {
        await using TestCore core = await CoreAsync();
        await GlanceBelowAsync(core, 0.3);
        ScreeningOutcome outcome = await GlanceAsync(core, Drawn.EditedCopy(Drawn.Package(3)));
        Assert.Equal(Verdict.Match, outcome.Verdict);
        Assert.False(outcome.Images[0].ExitedEarly);
        ScreeningOutcome whole = await ScreenAsync(core, Drawn.EditedCopy(Drawn.Package(3)));
        Assert.Equal(whole.Matches[0].Probability.Value, outcome.Matches[0].Probability.Value, 0.0001);
    }

    [Fact]
    public async Task A_description_of_an_earlier_version_is_made_anew_and_left_to_that_version()
    {
        await using TestCore core = await CoreAsync();
        string sha256 = BlobName.Of(ImageEncoder.Png(Drawn.Package(2)));
        await using TouchstoneDb db = await core.OpenAsync();
        ImageFeaturesRow row = await db.ImageFeatures.SingleAsync(d => d.ImageSha256 == sha256, Stop);
        byte[] features = row.Content;
        (row.Format, row.Content) = (FeatureFormat.Version - 1, [.. "TSF\u0000"u8, .. features.Skip(4)]);
        await db.SaveChangesAsync(Stop);
        var library = new FeatureStore(core.Get<IDbContextFactory<TouchstoneDb>>(), core.Get<IBlobStore>(), core.Get<FeatureExtractor>(), core.Get<OcrStore>(), TimeProvider.System);
        ReadOutcome read = await library.ReadStoredAsync(sha256, Stop);
        Assert.True(read.DescribedNow);
        await using TouchstoneDb again = await core.OpenAsync();
        Assert.Equal(features, (await again.ImageFeatures.SingleAsync(d => d.ImageSha256 == sha256 && d.Format == FeatureFormat.Version, Stop)).Content);
        Assert.Equal(2, await again.ImageFeatures.CountAsync(d => d.ImageSha256 == sha256, Stop));
    }

    private static async Task GlanceBelowAsync(TestCore core, double similarity)
    {
        CalibrationProfile shipped = ShippedProfiles.Find(core.Get<ModelEntry>().Id)!;
        await core.Get<CalibrationProfiles>().ActivateAsync(shipped with { Id = "hasty", EarlyExit = new EarlyExit(similarity, similarity, 1, 1, 0.95, 1, 1, 1, 1) }, Stop);
    }

    private static Task<ScreeningOutcome> GlanceAsync(TestCore core, byte[] picture) =>
        core.Pipeline.ScreenAsync(new ScreeningInput { Images = [new ScreeningImage(null, picture)], AllowsEarlyExit = true }, Stop);

    private static async Task<TestCore> CoreAsync()
    {
        TestCore core = await TestCore.StartAsync();
        for (int i = 1; i <= 4; i++) await core.AddReferenceAsync($"package {i}", ImageEncoder.Png(Drawn.Package(i)));
        await core.Follower.RefreshAsync(null, Stop);
        return core;
    }

    private static Task<ScreeningOutcome> ScreenAsync(TestCore core, params byte[][] pictures) =>
        core.Pipeline.ScreenAsync(new ScreeningInput { Images = [.. pictures.Select(p => new ScreeningImage(null, p))] }, Stop);

    private static byte[] Blank(byte value)
    {
        var pixels = new byte[300 * 200 * 3];
        Array.Fill(pixels, value);
        return ImageEncoder.Jpeg(new RgbImage(300, 200, pixels));
    }
}
