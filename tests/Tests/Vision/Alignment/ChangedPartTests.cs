using Touchstone.Evaluation.Robustness;
using Touchstone.Evaluation.Siblings;
using Touchstone.Recognition.Calibration;
using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Alignment;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Tests.Vision.Alignment;

/// <summary>Where two pictures that lie flat on each other show different things.</summary>
public sealed class ChangedPartTests
{
    private static readonly RgbImage Picture = DrawnPicture.Scene(11);
    private static readonly LocalFeatureSet Reference = LocalFeatureExtractor.Extract(Picture);

    public static TheoryData<string, Func<RgbImage, RgbImage>> Copies { get; } = new()
    {
        { "lighter and of other colours", picture => DrawnPicture.Recoloured(picture, 0.8, 10) },
        { "grey", picture => ImageOperations.AdjustColour(picture, new ColourAdjustment { Saturation = 0 }) },
        { "smaller", picture => ImageOperations.Resize(picture, 160, 120) },
        { "blurred", picture => ImageOperations.GaussianBlur(picture, 1.5) },
        { "noisy", picture => ImageOperations.AddNoise(picture, 12, 1) },
        { "a part", picture => ImageOperations.Crop(picture, 80, 60, 160, 120) },
        { "mirrored", picture => DrawnPicture.Turned(picture, PictureTurn.MirroredSideways) },
        { "turned", picture => ImageOperations.Rotate(picture, 12, RgbColour.White) },
        { "compressed", picture => new ImageDecoder().Decode(ImageEncoder.Jpeg(picture, 25)).Image! },
    };

    [Theory, MemberData(nameof(Copies))]
    public void Too_little_changes_in_a_copy_to_tell(string how, Func<RgbImage, RgbImage> edited)
    {
        ChangedPart changed = ChangedIn(edited(Picture));
        Assert.True(changed.Share < ChangeCalibration.Standard.Area, $"{how}: {changed.Share}");
    }

    [Fact]
    public void Another_thing_in_a_part_is_found_where_it_is()
    {
        RgbImage other = ImageOperations.CompositeOver(Picture, RgbaImage.From(DrawnPicture.Scene(77, 100, 90)), 120, 70);
        ChangedPart changed = ChangedIn(other);
        Assert.True(changed.Share > 0.035f, $"{changed.Share}");
        (float x, float y) = (changed.QueryRegion.Average(p => p.X), changed.QueryRegion.Average(p => p.Y));
        Assert.True(x is > 130 and < 210 && y is > 80 and < 150, $"({x}, {y})");
    }

    [Theory, InlineData(2, true), InlineData(4, false)]
    public void Of_a_thing_on_a_quarter_of_the_side_nothing_is_said(int times, bool told)
    {
        RgbImage other = ImageOperations.CompositeOver(Picture, RgbaImage.From(DrawnPicture.Scene(77, 100, 90)), 120, 70);
        RgbImage scene = ImageOperations.CompositeOver(DrawnPicture.Plain(times * Picture.Width, times * Picture.Height), RgbaImage.From(other), Picture.Width / 2, Picture.Height / 2);
        LocalFeatureSet shown = LocalFeatureExtractor.Extract(scene);
        Assert.True(GeometricVerifier.Verify(shown, Reference).Inliers >= 8, "it is placed");
        Assert.Equal(told, ChangedIn(shown, Reference).Share >= ChangeCalibration.Standard.Area);
    }

    [Fact]
    public void Other_colours_in_a_part_are_found_and_those_of_the_whole_are_not()
    {
        byte[] part = [.. Picture.Pixels];
        for (int y = 60; y < 180; y++)
            for (int at = ((y * Picture.Width) + 90) * 3; at < ((y * Picture.Width) + 230) * 3; at += 3) (part[at], part[at + 1], part[at + 2]) = (part[at + 1], part[at + 2], part[at]);
        ChangedPart changed = ChangedIn(new RgbImage(Picture.Width, Picture.Height, part));
        Assert.True(changed.Share > 0.02f, $"{changed.Share}");

        byte[] whole = [.. Picture.Pixels];
        for (int at = 0; at < whole.Length; at += 3) (whole[at], whole[at + 1], whole[at + 2]) = (whole[at + 1], whole[at + 2], whole[at]);
        Assert.True(ChangedIn(new RgbImage(Picture.Width, Picture.Height, whole)).Share < changed.Share);
    }

    [Fact]
    public void A_body_that_the_other_lacks_is_found_where_both_stand_on_plain_ground()
    {
        RgbImage wide = OnWhite(picture => Filled(picture, 30, 90, 420, 300, new RgbColour(215, 48, 58))), narrow = OnWhite(picture => Filled(picture, 135, 95, 210, 250, new RgbColour(20, 20, 24)));
        ChangedPart lacks = ChangedIn(narrow, wide);
        Assert.True(lacks.Share >= ChangeCalibration.Standard.Area, $"{lacks.Share}");
        Assert.True(ChangedIn(OnWhite(picture => Filled(picture, 30, 90, 420, 300, new RgbColour(190, 60, 70))), wide).Share < ChangeCalibration.Standard.Area, "another light is no other body");
        // What a banner adds beside the thing is not a part that it lacks.
        Assert.True(ChangedIn(Filled(narrow, 20, 10, 440, 60, new RgbColour(250, 210, 40)), narrow).Share < ChangeCalibration.Standard.Area, "a banner is no other body");
    }

    public static TheoryData<string, RgbColour> Paints { get; } = new()
    {
        { "another hue", new RgbColour(240, 150, 30) },
        { "no colour", new RgbColour(20, 20, 24) },
        { "lighter", new RgbColour(250, 190, 195) },
    };

    [Theory, MemberData(nameof(Paints))]
    public void A_body_in_another_paint_is_found_however_well_one_map_of_colours_would_explain_it(string how, RgbColour paint)
    {
        // What is in the middle and the ground stay as they are: so does the label of a drink of another flavour.
        RgbImage one = OnWhite(picture => Filled(picture, 60, 60, 360, 360, new RgbColour(215, 48, 58))), other = OnWhite(picture => Filled(picture, 60, 60, 360, 360, paint));
        ChangedPart changed = ChangedIn(other, one), back = ChangedIn(one, other);
        Assert.True(changed.Share >= ChangeCalibration.Standard.Area, $"{how}: {changed.Share}");
        Assert.True(back.Share >= ChangeCalibration.Standard.Area, $"{how}, the other way round: {back.Share}");
    }

    [Theory, InlineData(0.8f, 1.1f, 1.2f, 1f), InlineData(1.2f, 1f, 0.8f, 0.5f), InlineData(0.7f, 0.9f, 1f, 1.5f), InlineData(1f, 1f, 1f, 0f)]
    public void What_light_or_an_edit_of_the_whole_does_to_a_thing_on_plain_ground_is_no_change(float red, float green, float blue, float saturation)
    {
        RgbImage one = OnWhite(picture => Filled(picture, 60, 60, 360, 360, new RgbColour(215, 48, 58)));
        byte[] pixels = [.. one.Pixels];
        for (int at = 0; at < pixels.Length; at += 3) (pixels[at], pixels[at + 1], pixels[at + 2]) = ((byte)Math.Min(255, pixels[at] * red), (byte)Math.Min(255, pixels[at + 1] * green), (byte)Math.Min(255, pixels[at + 2] * blue));
        RgbImage edited = ImageOperations.AdjustColour(new RgbImage(one.Width, one.Height, pixels), new ColourAdjustment { Saturation = saturation });
        ChangedPart changed = ChangedIn(edited, one);
        Assert.True(changed.Share < ChangeCalibration.Standard.Area, $"{changed.Share}");
    }

    [Theory, InlineData(2.2f), InlineData(1 / 2.2f), InlineData(1.4f)]
    public void Another_gamma_is_no_change(float gamma)
    {
        RgbImage one = OnWhite(picture => Filled(picture, 60, 60, 360, 360, new RgbColour(120, 90, 70)));
        ChangedPart changed = ChangedIn(ImageOperations.AdjustColour(one, new ColourAdjustment { Gamma = gamma }), one);
        Assert.True(changed.Share < ChangeCalibration.Standard.Area, $"{changed.Share}");
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void A_grey_copy_of_a_coloured_thing_is_no_other_thing(int hue)
    {
        // So much colour is missing that another gamma would seem to explain a part of it.
        RgbColour body = hue switch { 0 => new(250, 214, 30), 1 => new(200, 30, 40), 2 => new(30, 90, 190), _ => new(240, 140, 20) };
        RgbImage one = OnWhite(picture => Filled(Filled(picture, 40, 40, 400, 400, body), 60, 350, 360, 60, new RgbColour(30, 120, 60)));
        ChangedPart changed = ChangedIn(ImageOperations.AdjustColour(one, new ColourAdjustment { Saturation = 0 }), one);
        Assert.True(changed.Share < 0.01f, $"{changed.Share}");
    }

    // What differs on the thing and runs into much that the place adds is taken for the place.
    [Theory, InlineData(5, false), InlineData(6, true), InlineData(7, true), InlineData(8, false)]
    public void What_a_thing_from_white_stands_before_is_no_change_and_what_it_shows_is(int place, bool told)
    {
        RgbImage onWhite = Bottle(DrawnPicture.Plain(480, 480), 31), there = Bottle(DrawnPicture.Scene(place, 480, 480), 31), sibling = Bottle(DrawnPicture.Scene(place, 480, 480), 32);
        ChangedPart same = ChangedIn(there, onWhite), back = ChangedIn(onWhite, there), other = ChangedIn(sibling, onWhite);
        Assert.True(same.Share < ChangeCalibration.Standard.Area, $"{same.Share}");
        Assert.True(back.Share < ChangeCalibration.Standard.Area, $"the other way round: {back.Share}");
        Assert.True(told == other.Share >= ChangeCalibration.Standard.Area, $"another label: {other.Share}");
    }

    [Theory, InlineData(96, 16, 288, 448), InlineData(60, 60, 360, 420), InlineData(90, 110, 300, 360), InlineData(0, 20, 480, 440)]
    public void Beside_the_edge_of_a_part_that_was_cut_out_nothing_differs(int left, int top, int width, int height)
    {
        RgbImage whole = Bottle(DrawnPicture.Plain(480, 480), 31);
        ChangedPart changed = ChangedIn(ImageOperations.Crop(whole, left, top, width, height), whole);
        Assert.True(changed.Share < 0.01f, $"{changed.Share}");
    }

    [Theory, InlineData("text", AttackStrength.Mild), InlineData("thin lines", AttackStrength.Moderate)]
    public void Words_and_lines_laid_over_a_copy_are_no_other_thing(string attack, AttackStrength strength)
    {
        float[] shares = [.. Packages().Select((package, seed) => ChangedIn(Overlaid(package.One, attack, strength, seed), package.One).Share)];
        Assert.True(shares.Count(share => share >= ChangeCalibration.Standard.Area) <= 1, string.Join(' ', shares));
    }

    [Fact]
    public void Another_flavour_under_words_is_another_thing()
    {
        float[] shares = [.. Packages().Select((package, seed) => ChangedIn(Overlaid(package.Other, "text", AttackStrength.Mild, seed), package.One).Share)];
        Assert.All(shares, share => Assert.True(share >= ChangeCalibration.Standard.Area, string.Join(' ', shares)));
    }

    [Fact]
    public void Colour_round_a_thing_seen_close_is_its_own()
    {
        // Both fill their pictures: what is one colour along the border is the package.
        RgbImage one = Bottle(Filled(DrawnPicture.Plain(480, 480), 0, 0, 480, 480, new RgbColour(200, 30, 40)), 31), other = Bottle(Filled(DrawnPicture.Plain(480, 480), 0, 0, 480, 480, new RgbColour(30, 140, 60)), 31);
        ChangedPart changed = ChangedIn(other, one);
        Assert.True(changed.Share >= ChangeCalibration.Standard.Area, $"{changed.Share}");
    }

    [Fact]
    public void Without_a_place_or_a_thumbnail_nothing_is_said()
    {
        Assert.Equal(ChangedPart.None, ChangedIn(DrawnPicture.Plain(320, 240)));
        LocalFeatureSet bare = Reference with { Thumbnail = null };
        Assert.Equal(ChangedPart.None, GeometricVerifier.ChangedIn(Reference, bare, GeometricVerifier.Verify(Reference, bare)));
    }

    /// <summary>Each drawn in two flavours.</summary>
    private static IEnumerable<(RgbImage One, RgbImage Other)> Packages() => Enumerable.Range(1, 12).Select(seed => new SiblingDrawing([], [], new Random(seed)).FlavourPair());

    private static RgbImage Overlaid(RgbImage picture, string attack, AttackStrength strength, int seed) =>
        OverlayAttacks.All.Single(overlay => overlay.Name == attack).Apply(picture, strength, new AttackMeans(new Random(seed), []))!;

    private static ChangedPart ChangedIn(RgbImage query) => ChangedIn(LocalFeatureExtractor.Extract(query), Reference);

    private static ChangedPart ChangedIn(RgbImage query, RgbImage reference) => ChangedIn(LocalFeatureExtractor.Extract(query), LocalFeatureExtractor.Extract(reference));

    private static ChangedPart ChangedIn(LocalFeatureSet shown, LocalFeatureSet reference) => GeometricVerifier.ChangedIn(shown, reference, GeometricVerifier.Verify(shown, reference));

    /// <summary>A body on white, with a picture on its screen.</summary>
    private static RgbImage OnWhite(Func<RgbImage, RgbImage> body) => ImageOperations.CompositeOver(body(DrawnPicture.Plain(480, 480)), RgbaImage.From(DrawnPicture.Scene(31, 180, 180)), 150, 150);

    /// <summary>A picture with a narrow neck and a wide body on it; of its two labels the lower one is drawn with a number of its own.</summary>
    private static RgbImage Bottle(RgbImage before, int label)
    {
        RgbImage body = Filled(Filled(before, 200, 30, 80, 120, new RgbColour(60, 90, 50)), 110, 130, 260, 320, new RgbColour(60, 90, 50));
        RgbImage upper = ImageOperations.CompositeOver(body, RgbaImage.From(DrawnPicture.Scene(21, 220, 120)), 130, 150);
        return ImageOperations.CompositeOver(upper, RgbaImage.From(DrawnPicture.Scene(label, 220, 140)), 130, 290);
    }

    private static RgbImage Filled(RgbImage picture, int left, int top, int width, int height, RgbColour colour)
    {
        byte[] pixels = [.. picture.Pixels];
        for (int y = top; y < top + height; y++)
            for (int at = ((y * picture.Width) + left) * 3; at < ((y * picture.Width) + left + width) * 3; at += 3) (pixels[at], pixels[at + 1], pixels[at + 2]) = (colour.Red, colour.Green, colour.Blue);
        return new RgbImage(picture.Width, picture.Height, pixels);
    }
}
