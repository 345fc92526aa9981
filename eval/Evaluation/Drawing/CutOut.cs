using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Drawing;

/// <summary>Cuts a product out of its white background: everything near white that is reached from the border becomes clear. Pure.</summary>
public static class CutOut
{
    private const int Tolerance = 8;

    /// <summary>The product with its alpha, cropped to what is left; the whole picture where nearly nothing or everything is left.</summary>
    public static RgbaImage Of(RgbImage image)
    {
        int w = image.Width, h = image.Height;
        var clear = new bool[w * h];
        var queue = new Queue<int>();
        for (int x = 0; x < w; x++)
        {
            Reach(x, 0);
            Reach(x, h - 1);
        }
        for (int y = 0; y < h; y++)
        {
            Reach(0, y);
            Reach(w - 1, y);
        }
        while (queue.TryDequeue(out int at))
        {
            int x = at % w, y = at / w;
            if (x > 0) Reach(x - 1, y);
            if (x < w - 1) Reach(x + 1, y);
            if (y > 0) Reach(x, y - 1);
            if (y < h - 1) Reach(x, y + 1);
        }
        return Crop(image, clear);

        void Reach(int x, int y)
        {
            int at = (y * w) + x;
            ReadOnlySpan<byte> p = image.Pixels.AsSpan(at * 3, 3);
            if (clear[at] || p[0] < 255 - Tolerance || p[1] < 255 - Tolerance || p[2] < 255 - Tolerance) return;
            clear[at] = true;
            queue.Enqueue(at);
        }
    }

    private static RgbaImage Crop(RgbImage image, bool[] clear)
    {
        int w = image.Width, h = image.Height, x0 = w, y0 = h, x1 = -1, y1 = -1, kept = 0;
        for (int at = 0; at < clear.Length; at++)
        {
            if (clear[at]) continue;
            kept++;
            x0 = Math.Min(x0, at % w);
            x1 = Math.Max(x1, at % w);
            y0 = Math.Min(y0, at / w);
            y1 = Math.Max(y1, at / w);
        }
        if (kept < w * h / 50) return RgbaImage.From(image);
        int cw = x1 - x0 + 1, ch = y1 - y0 + 1;
        var pixels = new byte[cw * ch * 4];
        for (int y = 0; y < ch; y++)
        {
            for (int x = 0; x < cw; x++)
            {
                int from = ((y + y0) * w) + x + x0, to = ((y * cw) + x) * 4;
                image.Pixels.AsSpan(from * 3, 3).CopyTo(pixels.AsSpan(to));
                pixels[to + 3] = clear[from] ? (byte)0 : (byte)255;
            }
        }
        return new RgbaImage(cw, ch, pixels);
    }
}
