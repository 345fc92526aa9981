using Touchstone.Tests.Fixtures;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Tests.Vision.PerceptualHash;

/// <summary>
/// Checks against hashes that the publishers print for their own pictures. The pictures here are theirs shrunk to 320 px, so most agree
/// within a few bits; those that were small enough to be left alone agree bit by bit.
/// </summary>
public sealed class PdqPublishedTests
{
    private const string Folder = "images/copydetect_pdq";
    private const string Bridge = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";

    /// <summary>The publishers' match threshold in bits.</summary>
    private const int MatchDistance = 31;

    /// <summary>The most that the shrinking to 320 px moves a hash of these pictures.</summary>
    private const int ShrinkDistance = 16;

    [Theory]
    [InlineData("aaa-orig")]
    [InlineData("blur-a-little")]
    [InlineData("blur-a-lot")]
    [InlineData("high-contrast")]
    [InlineData("high-saturation")]
    [InlineData("sharpen-a-little")]
    [InlineData("sharpen-a-lot")]
    [InlineData("shrink-a-little")]
    [InlineData("shrink-a-lot")]
    [InlineData("square-128x128")]
    [InlineData("square-256x256")]
    [InlineData("square-512x512")]
    public void Edits_of_the_bridge_match_its_published_hash(string edit)
    {
        PdqResult result = PdqHasher.Compute(Picture($"bridge-mods__{edit}.jpg"));
        Assert.Equal(100, result.Quality);
        Assert.InRange(result.Hash.DistanceTo(PdqHash.Parse(Bridge)), 0, ShrinkDistance);
    }

    [Theory]
    [InlineData("shrink-a-lot", "d0f8f1ccc0f4a84d0a370a3a228f67f0b36e2ed5b6623e1d33e6339c4e9c9b22")]
    [InlineData("square-256x256", "d8f8f0cec4f4a84f0637022a078f67f0b36e2ee5b6621e1d33e6239c4e9c9b22")]
    public void Pictures_of_the_original_size_have_the_published_hash(string edit, string published) =>
        Assert.InRange(PdqHasher.Compute(Picture($"bridge-mods__{edit}.jpg")).Hash.DistanceTo(PdqHash.Parse(published)), 0, 2);

    [Theory]
    [InlineData("1-original", Bridge)]
    [InlineData("2-rotate-90", "30a10efd71cc3d429013d48d0ffffc52e34e0e17ada952a9d29685211ea9e5af")]
    [InlineData("3-rotate-180", "adad5a64b5a142e75b62a09857da895ae63b847fc23794b766b319361bc93188")]
    [InlineData("4-rotate-270", "a5f0a457a48995e8c9065c275aaa5498b61ba4bdf8fcf80387c32f8b1bfc4f05")]
    [InlineData("5-flipx", "f8f80f31e0f417b20e37f5cd028f980fb36ed02a9662c1e233e64c634e9c64dd")]
    [InlineData("6-flipy", "0dad2599b1a1bd1a5362576742da32a5e63b7380c2374b4866b366c91bc9ce77")]
    [InlineData("7-flip-plus-1", "f0a5e102f1ccc0bd945308720fff038de34ef1e8ada9a956d2967ade5ea91a50")]
    [InlineData("8-flip-minus-1", "a5f05aa8a4896a17c906a2d85aaaab07b61b5b42f8fc07fc87c3d0741bfcb0fa")]
    public void Turned_bridges_match_their_published_hash_and_a_turn_of_the_original(string turn, string published)
    {
        PdqHash hash = PdqHasher.Compute(Picture($"reg-test-input__dih__bridge-{turn}.jpg")).Hash;
        Assert.InRange(hash.DistanceTo(PdqHash.Parse(published)), 0, MatchDistance);
        PdqHash original = PdqHasher.Compute(Picture("bridge-mods__aaa-orig.jpg")).Hash;
        Assert.InRange(original.NearestTurn(hash).Distance, 0, MatchDistance);
    }

    [Fact]
    public void Another_published_picture_agrees() =>
        Assert.InRange(PdqHasher.Compute(Picture("misc-images__c.jpg")).Hash.DistanceTo(PdqHash.Parse("e64cc9d91c623882f8d1f1d9a398e78c9f199b3bd83924f2b7e11e0bf861b064")), 0, MatchDistance);

    [Fact]
    public void Colour_modes_agree_and_different_pictures_are_far()
    {
        string folder = SharedData.Require(Folder);
        (string Name, PdqResult Result)[] all = [.. Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), PdqHasher.Compute(Read(file))))];
        PdqHash bridge = PdqHash.Parse(Bridge);
        (string Name, PdqResult Result)[] modes = [.. all.Where(entry => entry.Name.Contains("modes__", StringComparison.Ordinal))];
        Assert.NotEmpty(modes);
        Assert.All(modes, entry => Assert.InRange(entry.Result.Hash.DistanceTo(bridge), 0, MatchDistance));
        (string Name, PdqResult Result)[] others = [.. all.Where(entry => !entry.Name.Contains("bridge", StringComparison.Ordinal) && !entry.Name.Contains("modes__", StringComparison.Ordinal) && entry.Result.Quality >= 50)];
        Assert.True(others.Length >= 8);
        Assert.All(others, entry => Assert.True(entry.Result.Hash.DistanceTo(bridge) > 80, entry.Name));
        for (int i = 0; i < others.Length; i++)
            for (int j = i + 1; j < others.Length; j++)
                Assert.True(others[i].Result.Hash.DistanceTo(others[j].Result.Hash) > 60 || SamePicture(others[i].Name, others[j].Name), $"{others[i].Name}, {others[j].Name}");
    }

    private static bool SamePicture(string left, string right) => left.Contains("exif-rotn", StringComparison.Ordinal) && right.Contains("exif-rotn", StringComparison.Ordinal);

    private static RgbImage Picture(string name) => Read(Path.Combine(SharedData.Require(Folder), name));

    private static RgbImage Read(string file) => new ImageDecoder().Decode(File.ReadAllBytes(file)).Image ?? throw new InvalidDataException($"{file} was not decoded.");
}
