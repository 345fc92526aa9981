using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Vision.Imaging;

/// <summary>Pictures that the tests draw themselves.</summary>
internal static class TestPictures
{
    /// <summary>Red top left, green top right, blue bottom left, white bottom right, so that every turn and mirroring shows.</summary>
    internal static RgbImage Quadrants(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (byte R, byte G, byte B) colour = (x < width / 2, y < height / 2) switch
                {
                    (true, true) => (220, 20, 20),
                    (false, true) => (20, 200, 20),
                    (true, false) => (20, 20, 220),
                    _ => (250, 250, 250),
                };
                (pixels[((y * width) + x) * 3], pixels[(((y * width) + x) * 3) + 1], pixels[(((y * width) + x) * 3) + 2]) = colour;
            }
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>A product-like drawing: a bottle with a label on a tinted ground, different for each number.</summary>
    internal static RgbImage Product(int number, int width = 400, int height = 320)
    {
        int hue = number * 47 % 360;
        string svg = $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 320">
              <rect width="400" height="320" fill="hsl({(hue + 180) % 360},30%,85%)"/>
              <rect x="{120 + (number * 7 % 40)}" y="60" width="140" height="220" rx="{10 + (number * 11 % 60)}" fill="hsl({hue},70%,45%)"/>
              <rect x="165" y="20" width="50" height="50" fill="hsl({hue},60%,25%)"/>
              <circle cx="190" cy="{150 + (number * 13 % 50)}" r="{25 + (number * 5 % 25)}" fill="hsl({(hue + 90) % 360},80%,60%)"/>
              <path d="M150 {230 + (number % 20)} l40 -30 l40 30 l-40 20 z" fill="white"/>
            </svg>
            """;
        return ImageOperations.RasteriseSvg(svg, width, height).Flatten(RgbColour.White);
    }

    internal static (int R, int G, int B) At(RgbImage image, int x, int y)
    {
        int at = ((y * image.Width) + x) * 3;
        return (image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
    }
}
