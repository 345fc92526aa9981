using Touchstone.Index.Rows;

namespace Touchstone.Index.Graph;

/// <summary>The rows of one view and their links, wherever they are kept; others may add links meanwhile.</summary>
internal readonly ref struct GraphView(RowView rows, GraphShape shape, ReadOnlySpan<int> links)
{
    public readonly RowView Rows = rows;
    private readonly ReadOnlySpan<int> _links = links;

    public GraphShape Shape { get; } = shape;

    /// <summary>The places for links of a row; the used ones come first.</summary>
    public ReadOnlySpan<int> Links(int level, int row) => _links.Slice(Shape.Start(level, row), Shape.Places(level));

    /// <exception cref="DamagedGraphException">There is no such row.</exception>
    public void Check(int row)
    {
        if ((uint)row >= (uint)Rows.Count) throw new DamagedGraphException($"a link leads to row {row} of {Rows.Count}");
    }
}
