namespace Touchstone.Vision.Alignment;

/// <summary>The connected parts of a grid's marked cells, neighbours being above, below and beside. Pure.</summary>
internal static class ConnectedParts
{
    /// <returns>The cells of each part; each marked cell is in one.</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Of(bool[] marked, int columns, int rows)
    {
        var left = (bool[])marked.Clone();
        var parts = new List<IReadOnlyList<int>>();
        for (int start = 0; start < left.Length; start++)
        {
            if (!left[start]) continue;
            left[start] = false;
            List<int> part = [start];
            for (int i = 0; i < part.Count; i++)
            {
                int x = part[i] % columns, y = part[i] / columns;
                if (x > 0) Reach(part[i] - 1);
                if (x < columns - 1) Reach(part[i] + 1);
                if (y > 0) Reach(part[i] - columns);
                if (y < rows - 1) Reach(part[i] + columns);
            }
            parts.Add(part);

            void Reach(int cell)
            {
                if (!left[cell]) return;
                left[cell] = false;
                part.Add(cell);
            }
        }
        return parts;
    }
}
