using NetVips;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

/// <summary>How libvips is set up for the process: what it must not load, keep or print, and how its failures arrive.</summary>
public sealed class LibvipsLibraryTests
{
    public LibvipsLibraryTests() => LibvipsLibrary.EnsureStarted();

    [Fact]
    public void Loaders_that_libvips_calls_untrusted_are_blocked()
    {
        byte[] header = [0x08, 0xF2, 0xA6, 0xB6, .. new byte[80]];
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, header);
            Assert.Contains("blocked", Assert.Throws<VipsException>(() => Image.Vipsload(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_pipeline_has_one_thread_and_nothing_is_cached()
    {
        Assert.Equal(1, NetVips.NetVips.Concurrency);
        Assert.Equal(0, Cache.Max);
        using Image image = VipsPixels.Import(TestPictures.Quadrants(31, 17).Pixels, 31, 17, 3);
        using Image once = image.Invert();
        using Image again = image.Invert();
        Assert.Equal(0, Cache.Size);
    }

    [Fact]
    public void Bytes_that_cannot_be_read_arrive_as_one_typed_exception() =>
        Assert.Contains("jpegload", Assert.Throws<VipsException>(() => Image.JpegloadBuffer([0xFF, 0xD8, 0xFF, 0xE0, 0, 0])).Message, StringComparison.Ordinal);

    [Fact]
    public void Pixels_survive_the_way_in_and_out()
    {
        RgbImage picture = TestPictures.Quadrants(31, 17);
        using Image image = VipsPixels.Import(picture.Pixels, 31, 17, 3);
        Assert.Equal(picture.Pixels, VipsPixels.Export(image));
    }
}
