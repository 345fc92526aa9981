using Touchstone.Cli.Demo;
using Touchstone.Cli.Demo.Photography;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Cli;

public sealed class StudioTests
{
    [Fact]
    public void Sheet()
    {
        var kinds = Enum.GetValues<ProductKind>();
        int n = kinds.Length;
        byte[] px = new byte[7 * 180 * n * 180 * 3];
        var sheet = new RgbImage(7 * 180, n * 180, px);
        var sw = System.Diagnostics.Stopwatch.StartNew();
        for (int k = 0; k < n; k++)
        {
            var d = new ProductDesign(kinds[k], 1000 + k * 7, "ZOLVARO", "HAPPY " + kinds[k].ToString().ToUpperInvariant(), "ZX-" + (k * 37), "");
            var e = d with { Seed = 5000 + k * 3, Brand = "MIKKO", Name = "SUPER FUN" };
            string? path = kinds[k] is ProductKind.Shirt or ProductKind.Mug ? "M12 2 22 22 2 22Z" : null;
            PictureRecipe[] rs = [new(d, PictureStyle.Register, 1), new(d, PictureStyle.Packshot, 2 + k), new(d, PictureStyle.Snapshot, 3 + k), new(d, PictureStyle.Cropped, 4), new(d, PictureStyle.Overlaid, 5), new(e, PictureStyle.Register, 6), new(e, PictureStyle.Snapshot, 7)];
            for (int i = 0; i < rs.Length; i++)
            {
                byte[] b = Studio.Take(rs[i], i < 5 ? path : null);
                var o = new ImageDecoder().Decode(b);
                sheet = ImageOperations.CompositeOver(sheet, RgbaImage.From(ImageOperations.Resize(o.Image!, 178, 178)), i * 180, k * 180);
            }
        }
        File.WriteAllBytes("/tmp/s1.png", ImageEncoder.Png(ImageOperations.Crop(sheet, 0, 0, 1260, 1440))); File.WriteAllBytes("/tmp/s2.png", ImageEncoder.Png(ImageOperations.Crop(sheet, 0, 1440, 1260, 1440)));
        TestContext.Current.TestOutputHelper!.WriteLine(sw.Elapsed.ToString());
    }
}
