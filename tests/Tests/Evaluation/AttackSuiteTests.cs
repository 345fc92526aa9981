using Touchstone.Evaluation.Drawing;
using Touchstone.Evaluation.Robustness;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Tests.Vision.LocalFeatures;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Evaluation;

public sealed class AttackSuiteTests
{
    private static readonly RgbImage Package = ImageOperations.Resize(Drawn.Package(3), 192, 192);
    private static readonly RgbImage[] Others = [DrawnPicture.Scene(11, 200, 150), DrawnPicture.Scene(12, 120, 200)];

    public static TheoryData<string> PictureAttacks => [.. AttackSuite.OnPictures.Select(attack => attack.Name)];

    public static TheoryData<string> MarkAttacks => [.. AttackSuite.OnMarks.Select(attack => attack.Name)];

    [Theory]
    [MemberData(nameof(PictureAttacks))]
    public void An_attack_changes_the_picture_by_its_strength_and_repeats_with_its_seed(string name)
    {
        PictureAttack attack = AttackSuite.OnPictures.Single(other => other.Name == name);
        List<RgbImage> seen = [Package];
        foreach (AttackStrength strength in Enum.GetValues<AttackStrength>())
        {
            RgbImage picture = Made(strength, 7);
            Assert.Equal(picture.Pixels, Made(strength, 7).Pixels);
            Assert.DoesNotContain(seen, other => AreEqual(other, picture));
            seen.Add(picture);
        }

        RgbImage Made(AttackStrength strength, int seed) => attack.Apply(Package, strength, new AttackMeans(new Random(seed), Others))!;
    }

    [Theory]
    [MemberData(nameof(MarkAttacks))]
    public void A_forged_mark_differs_from_the_mark_and_repeats_with_its_seed(string name)
    {
        MarkAttack attack = AttackSuite.OnMarks.Single(other => other.Name == name);
        foreach (AttackStrength strength in Enum.GetValues<AttackStrength>())
        {
            RgbaImage forged = attack.Apply(Mark, strength, new Random(5))!;
            Assert.Equal(forged.Pixels, attack.Apply(Mark, strength, new Random(5))!.Pixels);
            Assert.NotEqual(Mark.Draw(MarkDrawing.Registered).Pixels, forged.Pixels);
            (double from, double to) = attack.Size(strength);
            Assert.InRange(from, 0.1, to);
            Assert.InRange(to, from, 0.9);
        }
    }

    [Fact]
    public void Attacks_are_named_apart_and_say_what_each_strength_does()
    {
        Attack[] all = [.. AttackSuite.OnPictures, .. AttackSuite.OnMarks];
        Assert.Equal(all.Length, all.Select(attack => attack.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(all, attack => Assert.Equal(3, Enum.GetValues<AttackStrength>().Select(attack.WordsOf).Where(words => words.Length > 3).Distinct(StringComparer.Ordinal).Count()));
    }

    [Theory]
    [InlineData(AttackStrength.Mild, 0.60)]
    [InlineData(AttackStrength.Moderate, 0.30)]
    [InlineData(AttackStrength.Hard, 0.15)]
    public void A_crop_keeps_the_share_of_the_area_that_it_says(AttackStrength strength, double share)
    {
        RgbImage cropped = AttackSuite.OnPictures.Single(attack => attack.Name == "crop").Apply(Package, strength, new AttackMeans(new Random(1), Others))!;
        Assert.Equal(share, (double)cropped.Width * cropped.Height / (Package.Width * Package.Height), 0.01);
    }

    [Fact]
    public void A_photo_has_no_background_to_replace_and_a_mark_without_word_no_letter_to_change()
    {
        PictureAttack background = AttackSuite.OnPictures.Single(attack => attack.Name == "background");
        Assert.Null(background.Apply(DrawnPicture.Scene(4, 200, 200), AttackStrength.Mild, new AttackMeans(new Random(1), Others)));
        Assert.Null(AttackSuite.OnMarks.Single(attack => attack.Name == "one letter changed").Apply(Mark with { Word = null }, AttackStrength.Mild, new Random(1)));
    }

    [Fact]
    public void A_mark_is_read_from_its_file_with_its_name_as_word()
    {
        string svg = File.ReadAllText(Path.Combine(RobustnessFolder.Marks, "nike.svg"));
        Assert.Equal("NIKE", MarkDrawing.Read("nike", svg, withWord: true, new Random(1))!.Word);
        Assert.Null(MarkDrawing.Read("nike", svg, withWord: false, new Random(1))!.Word);
        Assert.Null(MarkDrawing.Read("other", "<svg viewBox=\"0 0 24 24\"><rect/></svg>", withWord: true, new Random(1)));
    }

    private static MarkDrawing Mark => MarkDrawing.Read("nike", File.ReadAllText(Path.Combine(RobustnessFolder.Marks, "nike.svg")), withWord: true, new Random(1))!;

    private static bool AreEqual(RgbImage left, RgbImage right) => left.Width == right.Width && left.Height == right.Height && left.Pixels.AsSpan().SequenceEqual(right.Pixels);
}
