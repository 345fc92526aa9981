using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Recognition.Gallery;
using Touchstone.Recognition.Scoring;
using Touchstone.Recognition.Text;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Tests.Vision.Ocr;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Screenings;

public sealed class TextStageTests
{
    /// <summary>The query shows another package that looks like none of the gallery's; only the print is the reference's.</summary>
    [Fact]
    public async Task A_product_recognised_only_by_its_printed_name_is_found()
    {
        await using TestCore core = await CoreAsync();
        long id = await core.AddReferenceAsync("Zentralix Pastelina", ImageEncoder.Png(Drawn.Package(99)));
        await LoadAsync(core);
        byte[] photo = ImageEncoder.Jpeg(Photo("ZENTRALIX", "Pastelina"));

        ScreeningOutcome blind = await ScreenAsync(core, photo, TextReading.Never), read = await ScreenAsync(core, photo, TextReading.WhenNeeded);

        Assert.DoesNotContain(blind.Matches, m => m.ReferenceId == id);
        Assert.Null(blind.Images[0].Text);
        FoundMatch match = Assert.Single(read.Matches, m => m.ReferenceId == id);
        Assert.Equal(Verdict.Review, match.Verdict);
        Assert.Contains(match.Signals.For, s => s.Contains("ZENTRALIX", StringComparison.Ordinal));
        AgreedWord word = match.Signals.Text!.Words.First(w => w.Text == "ZENTRALIX");
        Assert.Equal(TextSource.Title, word.Source);
        Assert.All(word.ImageCorners, c => Assert.True(c.X is >= 0 and <= 1 && c.Y is > 0.1f and < 0.4f, $"{c} is not where the word is printed"));
        Assert.True(read.Images[0].Text!.ReadNow);
    }

    [Fact]
    public async Task The_text_of_the_references_own_picture_is_evidence_with_places_in_both()
    {
        await using TestCore core = await CoreAsync();
        long id = await core.AddReferenceAsync("alert 77", ImageEncoder.Png(Photo("MERIDIANO", "TURBOFAN")), ReferenceKind.Mark);
        await LoadAsync(core);
        byte[] photo = ImageEncoder.Jpeg(ImageOperations.Rotate(Printed.Label(500, 200, ("Meridiano Turbofan", 40, 110, 40)), 8, RgbColour.Black));
        ScreeningOutcome outcome = await ScreenAsync(core, photo, TextReading.Always);
        TextAgreement? text = outcome.Matches.SingleOrDefault(m => m.ReferenceId == id)?.Signals.Text;
        // Whether it is a match is the profile's to say; that the texts agree is measured here through the stage itself.
        string sha256 = outcome.Images[0].Sha256!;
        OcrStore store = core.Get<OcrStore>();
        OcrText read = (await store.ReadAsync(sha256, default)).Text!;
        ReferenceGallery gallery = core.Get<ReferenceGallery>();
        Candidate candidate = Assert.Single(gallery.FindByText(read, 10), c => c.Image.ReferenceId == id);
        text ??= TextComparison.Compare(read, await store.FindAsync(candidate.Image.Sha256, default), gallery.Texts.FactsOf(id), gallery.Texts.Rarity);
        Assert.True(text.Agreement > 0.7);
        Assert.Contains(text.Words, w => w.Source == TextSource.Picture && w.ReferenceCorners.Count == 4 && w.ImageCorners.Count == 4);
    }

    /// <summary>One package in two flavours: whatever the probability, a person is told in which words they differ, and where, and decides.</summary>
    [Fact]
    public async Task Another_word_at_the_place_of_one_speaks_against_a_sibling()
    {
        await using TestCore core = await CoreAsync();
        long id = await core.AddReferenceAsync("mustard", ImageEncoder.Png(Flavour("SAREPSKA")));
        await LoadAsync(core);

        ScreeningOutcome sibling = await ScreenAsync(core, ImageEncoder.Jpeg(Flavour("DELIKATESOWA")), TextReading.Always), same = await ScreenAsync(core, ImageEncoder.Jpeg(Flavour("SAREPSKA")), TextReading.Always);

        FoundMatch match = Assert.Single(sibling.Matches, m => m.ReferenceId == id && m.Relation != Relation.SameIdentifier);
        Assert.Contains("Where the reference reads “SAREPSKA”, the picture reads “DELIKATESOWA”.", match.Signals.Against);
        DifferingLine line = Assert.Single(match.Signals.Text!.AtPlace.Differing);
        Assert.All(line.ImageCorners, c => Assert.True(c.Y > 0.6f, $"{c} is not where the word is printed"));
        Assert.True(match.Signals.Features!["placedText"] < 0);
        Assert.Equal(Verdict.Review, match.Verdict);
        Assert.True(Assert.Single(same.Matches, m => m.ReferenceId == id && m.Relation != Relation.SameIdentifier).Signals.Features!["placedText"] == 0);
    }

    [Fact]
    public async Task A_printed_trade_number_is_an_identifier()
    {
        await using TestCore core = await CoreAsync();
        long id = await core.AddReferenceAsync("charger", ImageEncoder.Png(Drawn.Package(98)), gtin: "4006381333931");
        await LoadAsync(core);
        ScreeningOutcome outcome = await ScreenAsync(core, ImageEncoder.Jpeg(Photo("4006381333931")), TextReading.WhenNeeded);
        FoundMatch match = Assert.Single(outcome.Matches, m => m.ReferenceId == id);
        Assert.Equal((Relation.SameIdentifier, Verdict.Match), (match.Relation, match.Verdict));
    }

    [Fact]
    public async Task Texts_are_read_once_and_found_again_after_a_restart()
    {
        await using TestCore core = await CoreAsync();
        await core.Follower.RefreshAsync(null, default);
        Assert.Equal(new ReferenceTextStatus(0, 4, 0), core.Follower.Status.Texts);
        await core.Follower.ReadTextsAsync(null, default);
        Assert.Equal(new ReferenceTextStatus(4, 0, 0), core.Follower.Status.Texts);

        using GalleryFollower restarted = core.FollowerOf(core.Get<ReferenceGallery>());
        await using (TouchstoneDb db = await core.OpenAsync())
        {
            Assert.Equal((4, 0), (await db.ImageTexts.CountAsync(), await db.ImageJobs.CountAsync()));
            foreach (string? sha256 in await db.ImageTexts.Select(t => t.ImageSha256).ToListAsync()) Assert.False((await core.Get<OcrStore>().ReadAsync(sha256, default)).ReadNow);
        }
        await restarted.FollowAsync(null, default);
        Assert.Equal((new ReferenceTextStatus(4, 0, 0), core.Follower.Status.Sequence), (restarted.Status.Texts, restarted.Status.Sequence));
    }

    [Fact]
    public async Task An_offers_title_speaks_for_or_against_what_its_picture_shows()
    {
        await using TestCore core = await CoreAsync();
        await core.AddReferenceAsync("Zentralix charger KX-2400", ImageEncoder.Png(Drawn.Package(9)));
        await LoadAsync(core);
        ScreeningImage picture = new(null, ImageEncoder.Png(Drawn.Package(9)));
        MatchSignals Signals(ScreeningOutcome outcome) => outcome.Matches[0].Signals;
        MatchSignals same = Signals(await core.Pipeline.ScreenAsync(new ScreeningInput { Images = [picture], Title = "ZENTRALIX KX2400 fast charger" }, default));
        MatchSignals other = Signals(await core.Pipeline.ScreenAsync(new ScreeningInput { Images = [picture], Title = "Zentralix charger KX-9900" }, default));
        Assert.Contains(same.For, s => s.StartsWith("The offer's title shares", StringComparison.Ordinal));
        Assert.Contains(other.Against, s => s.Contains("another model number", StringComparison.Ordinal));
    }

    [Fact]
    public void The_rule_reads_all_but_the_references_very_picture()
    {
        var rule = new TextRule();
        Assert.False(rule.Needs(TextReading.Never, 0.5, false, ["Cosmetics"]));
        Assert.True(rule.Needs(TextReading.Always, 1, true, []));
        Assert.True(rule.Needs(TextReading.WhenNeeded, 1, true, [null, "Cosmetics"]));
        Assert.False(rule.Needs(TextReading.WhenNeeded, 1, true, ["Toys"]));
        Assert.True(rule.Needs(TextReading.WhenNeeded, 0.999, false, ["Toys"]));
        Assert.False((rule with { ClearBelow = 0.1 }).Needs(TextReading.WhenNeeded, 0.05, false, ["Toys"]));
    }

    /// <summary>A package with a word of its own on its lower part.</summary>
    private static RgbImage Flavour(string word)
    {
        RgbImage package = ImageOperations.Resize(Drawn.Package(77), 640, 640);
        return ImageOperations.CompositeOver(package, RgbaImage.From(Printed.Label(560, 100, (word, 20, 70, 56))), 40, 500);
    }

    private static RgbImage Photo(params string[] lines) =>
        Printed.Label(640, 360, [.. lines.Select((text, i) => (text, 40, 90 + (90 * i), 52))]);

    /// <summary>Four packages, and so short a list of candidates by looks that the text has to find the rest.</summary>
    private static async Task<TestCore> CoreAsync()
    {
        TestCore core = await TestCore.StartAsync(services => services.AddSingleton(new RecogniserOptions { Candidates = 2 }));
        for (int i = 1; i <= 4; i++) await core.AddReferenceAsync($"package {i}", ImageEncoder.Png(Drawn.Package(i)));
        return core;
    }

    private static async Task LoadAsync(TestCore core)
    {
        await core.Follower.RefreshAsync(null, default);
        await core.Follower.ReadTextsAsync(null, default);
    }

    private static Task<ScreeningOutcome> ScreenAsync(TestCore core, byte[] picture, TextReading text) =>
        core.Pipeline.ScreenAsync(new ScreeningInput { Images = [new ScreeningImage(null, picture)], Text = text }, default);
}
