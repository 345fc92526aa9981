using Touchstone.Vision.Alignment;

namespace Touchstone.Vision.Ocr;

/// <summary>From a map of text probabilities to rectangles around the patches of text. Pure.</summary>
internal static class TextRegions
{
    private const float PixelThreshold = 0.3f;
    private const float PatchThreshold = 0.6f;
    private const float LeastSide = 3;

    // The network draws lines shrunk by this much of area over perimeter, so that neighbours stay apart.
    private const float Growth = 1.6f;

    /// <param name="map">Probabilities 0..1, row by row.</param>
    internal static List<TurnedRectangle> Of(float[] map, int width, int height)
    {
        var seen = new bool[width * height];
        var regions = new List<TurnedRectangle>();
        var patch = new List<int>();
        for (int start = 0; start < map.Length; start++)
        {
            if (seen[start] || map[start] < PixelThreshold) continue;
            Flood(map, width, height, start, seen, patch);
            if (patch.Average(i => map[i]) < PatchThreshold) continue;
            TurnedRectangle tight = TurnedRectangle.Around(Edge(patch, width));
            if (tight.ShorterSide >= LeastSide) regions.Add(tight.Grown(Growth * tight.Area / tight.Perimeter));
        }
        return regions;
    }

    /// <summary>Fills <paramref name="patch"/> with the pixels that hang together with the start, corners included.</summary>
    private static void Flood(float[] map, int width, int height, int start, bool[] seen, List<int> patch)
    {
        patch.Clear();
        patch.Add(start);
        seen[start] = true;
        for (int next = 0; next < patch.Count; next++)
        {
            int x = patch[next] % width, y = patch[next] / width;
            for (int ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
            {
                for (int nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
                {
                    int at = (ny * width) + nx;
                    if (seen[at] || map[at] < PixelThreshold) continue;
                    seen[at] = true;
                    patch.Add(at);
                }
            }
        }
    }

    /// <summary>The outer corners of the first and last pixel of each row; no other point can be on the convex hull.</summary>
    private static IEnumerable<ImagePoint> Edge(List<int> patch, int width)
    {
        foreach (IGrouping<int, int> row in patch.GroupBy(i => i / width, i => i % width))
        {
            int first = row.Min(), last = row.Max() + 1;
            foreach (int y in new[] { row.Key, row.Key + 1 })
            {
                yield return new ImagePoint(first, y);
                yield return new ImagePoint(last, y);
            }
        }
    }
}
