using Touchstone.Vision.Imaging;
using Touchstone.Vision.Imaging.Libvips;

namespace Touchstone.Tests.Vision.Imaging;

/// <summary>The border to libvips: names that it does not know and bytes that it cannot read arrive as one typed exception.</summary>
public sealed class VipsOperationTests
{
    [Fact]
    public void An_unknown_operation_is_refused() => Assert.Throws<VipsException>(() => new VipsOperation("levitate"));

    [Fact]
    public void An_unknown_argument_is_refused()
    {
        using VipsOperation operation = new("invert");
        Assert.Throws<VipsException>(() => operation.Set("nonsense", 1));
    }

    [Fact]
    public void An_unknown_member_of_an_enumeration_is_refused()
    {
        using VipsOperation operation = new("colourspace");
        Assert.Throws<VipsException>(() => operation.Set("space", "octarine"));
    }

    [Fact]
    public void A_missing_argument_is_named_by_the_operation()
    {
        using VipsOperation operation = new("invert");
        Assert.Equal("invert", Assert.Throws<VipsException>(() => operation.Image()).Operation);
    }

    [Fact]
    public void Loaders_that_libvips_calls_untrusted_are_blocked()
    {
        byte[] header = [0x08, 0xF2, 0xA6, 0xB6, .. new byte[80]];
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, header);
            using VipsOperation operation = new VipsOperation("vipsload").Set("filename", path);
            Assert.Contains("blocked", Assert.Throws<VipsException>(() => operation.Image()).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Pixels_survive_the_way_in_and_out()
    {
        RgbImage picture = TestPictures.Quadrants(31, 17);
        using VipsImageHandle image = VipsPixels.Import(picture.Pixels, 31, 17, 3);
        Assert.Equal(picture.Pixels, VipsPixels.Export(image));
    }
}
