namespace Touchstone.Vision.LocalFeatures;

/// <summary>
/// Chooses the blobs worth describing: the strongest, but from no tile of an 8×8 grid more than three times its even share while others
/// have any left, so that one busy corner does not take all.
/// </summary>
internal static class BlobSelection
{
    private const int Grid = 8;
    private const int ShareFactor = 3;

    public static List<Blob> Choose(List<Blob> blobs, int width, int height, int count)
    {
        blobs.Sort(Stronger);
        if (blobs.Count <= count) return blobs;
        int share = Math.Max(1, ShareFactor * count / (Grid * Grid));
        int[] taken = new int[Grid * Grid];
        List<Blob> chosen = new(count);
        List<Blob> spare = [];
        foreach (Blob blob in blobs)
        {
            int column = Math.Clamp((int)(blob.X * (1 << blob.Octave) * Grid / width), 0, Grid - 1);
            int row = Math.Clamp((int)(blob.Y * (1 << blob.Octave) * Grid / height), 0, Grid - 1);
            if (taken[(row * Grid) + column]++ < share) chosen.Add(blob);
            else spare.Add(blob);
            if (chosen.Count == count) return chosen;
        }
        chosen.AddRange(spare.Take(count - chosen.Count));
        return chosen;
    }

    /// <summary>Strongest first; place decides between equals, so that the order is the same each time.</summary>
    private static int Stronger(Blob left, Blob right)
    {
        int order = right.Response.CompareTo(left.Response);
        if (order == 0) order = left.Octave.CompareTo(right.Octave);
        if (order == 0) order = left.Y.CompareTo(right.Y);
        return order == 0 ? left.X.CompareTo(right.X) : order;
    }
}
