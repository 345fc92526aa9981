using System.Collections.Concurrent;
using System.Globalization;
using Touchstone.Index.Rows;
using Touchstone.Index.Segments;

namespace Touchstone.Index.Graph;

/// <summary>
/// Approximate search in a file that <see cref="GraphBuilder"/> wrote: vectors of 8 bits a value and, for each view, a graph that a search
/// walks through. What it finds best is compared once more with 4 further bits a value, which lie apart and are read for nothing else; scores and
/// order are those of these 12 bits (within 0.001 for unit vectors). The file is mapped into memory; opening reads next to nothing, and pages
/// are read when they are first looked at. A file without those bits (<see cref="GraphOptions.KeepsResiduals"/>) has scores within 0.01. Vectors of equal 8 bits are one row with several ids, and share the first's 4 (scores within 0.01).
/// Where the filter lets so few ids pass, or the index is so small, that a walk would see an eighth of all rows, each is compared instead: then
/// nothing is missed. Safe for concurrent searches; each holds some 30 KB while it runs. Deterministic for a file and a width.
/// </summary>
public sealed class GraphIndex : IVectorIndex, IDisposable
{
    /// <summary>Found 98 % of the ten nearest of 50,000 made vectors; see docs/performance.md.</summary>
    public const int DefaultWidth = 96;

    internal static readonly SegmentKind Kind = new("vector graph", 3);

    // So many of the best by 8 bits are compared in 12: four times those wanted, which rounding does not push further back.
    private const int RankedAWanted = 4;
    private const int LeastRanked = 32;

    private readonly SegmentFile _file;
    private readonly GraphShape _shape;
    private readonly SegmentSection<long> _ids;
    private readonly SegmentSection<int> _ends;
    private readonly SegmentSection<sbyte> _rows;
    private readonly SegmentSection<byte> _residuals;
    private readonly SegmentSection<float>[] _factors;
    private readonly SegmentSection<int>[] _links;
    private readonly ConcurrentBag<GraphWalk> _walks = [];
    private readonly int _width;

    private GraphIndex(SegmentFile file, VectorLayout layout, int width)
    {
        (_file, Layout, _width) = (file, layout, width);
        using SegmentLease lease = file.Lease();
        ReadOnlySpan<int> shape = lease.Read(file.Section<int>("shape", 3));
        _ids = file.Section<long>("ids", shape[2]);
        _ends = file.Section<int>("ends", shape[0]);
        if (shape[1] is < GraphOptions.LeastLinks or > GraphOptions.MostLinks) throw Damaged($"a graph with {shape[1]} links a row is not possible");
        _shape = new GraphShape(shape[0], shape[1]);
        _rows = file.Section<sbyte>("rows", _shape.Count * layout.Whole.Dimension);
        _residuals = file.Section<byte>("residuals");
        if (_residuals.Length > 0) _residuals = file.Section<byte>("residuals", _shape.Count * Residual.PackedLength(layout.Whole.Dimension));
        _factors = [.. layout.Views.Select((_, view) => file.Section<float>($"factors {view}", _shape.Count))];
        _links = [.. layout.Views.Select((_, view) => file.Section<int>($"links {view}", _shape.Length))];
    }

    public VectorLayout Layout { get; }

    public int Count => _ids.Length;

    /// <summary>Whether values have 12 bits; else they have 8.</summary>
    internal bool KeepsResiduals => _residuals.Length > 0 || _shape.Count == 0;

    /// <summary>Bytes of the file, all of which is in memory once all has been looked at.</summary>
    public long Length => _file.Length;

    /// <summary>Opens a file and checks its header and the sizes of its parts; <see cref="Verify"/> checks the contents.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">The layout of its vectors.</param>
    /// <param name="width">Vectors kept in view while walking, at least 1; a search for more keeps as many as it wants. Time grows with it, and what is missed shrinks.</param>
    /// <exception cref="SegmentFileException">It cannot be read, or is not such a file of this layout.</exception>
    public static GraphIndex Open(string path, VectorLayout layout, int width = DefaultWidth)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        SegmentFile file = SegmentFile.Open(path, Kind, SpaceOf(layout));
        try
        {
            return new GraphIndex(file, layout, width);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public Neighbour[][] Search(VectorSpace space, ReadOnlySpan<float> queries, int k, Func<long, bool>? filter = null)
    {
        int view = Layout.ViewOf(space, queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var answers = new Neighbour[queries.Length / space.Dimension][];
        if (Count == 0)
        {
            answers.AsSpan().Fill([]);
            return answers;
        }
        (int wanted, int ranked) = (Math.Min(k, Count), (int)Math.Min(Math.Max(LeastRanked, (long)RankedAWanted * k), Count));
        using SegmentLease lease = _file.Lease();
        var ids = new RowIds(lease.Read(_ends), lease.Read(_ids));
        var rows = new RowView(lease.Read(_rows), lease.Read(_factors[view]), Layout.Whole.Dimension, Layout.Views[view]);
        var residuals = new ResidualView(lease.Read(_residuals), Layout.Whole.Dimension, Layout.Views[view]);
        var graph = new GraphView(rows, _shape, lease.Read(_links[view]));
        if (!_walks.TryTake(out GraphWalk? walk)) walk = new GraphWalk(Layout.Whole.Dimension, _shape.Places(0));
        try
        {
            for (int q = 0; q < answers.Length; q++)
            {
                FineQuery query = FineQuery.Of(queries.Slice(q * space.Dimension, space.Dimension), walk.QueryRoom);
                var passing = new RowFilter(ids, filter);
                if (!Walk(graph, walk, query, wanted, passing)) walk.Scan(rows, query, ranked, passing);
                var best = new BestNeighbours(wanted, filter);
                foreach ((int row, float score) in KeepsResiduals ? walk.Rescored(rows, residuals, query, ranked) : walk.Ranked(ranked))
                {
                    foreach (long id in ids.Of(row)) best.Offer(id, score);
                }
                answers[q] = best.Sorted();
            }
        }
        catch (DamagedGraphException e)
        {
            throw Damaged(e.Message, e);
        }
        _walks.Add(walk);
        return answers;
    }

    /// <summary>Compares every part with its checksum: reads the whole file, about a second for 2 GB.</summary>
    /// <exception cref="SegmentFileException">A part is damaged.</exception>
    public void Verify(CancellationToken cancellationToken = default) => _file.Verify(cancellationToken);

    /// <summary>Closes the file once the last search has ended.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>How the header of a file names the layout.</summary>
    internal static string SpaceOf(VectorLayout layout) =>
        string.Join(", ", layout.Views.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Space.ModelId} {v.Offset}+{v.Space.Dimension}")));

    /// <summary>Gives each row: its ids, its bytes, its packed residual and its factor in each view.</summary>
    /// <exception cref="SegmentFileException">A part is damaged.</exception>
    internal void Read(RowReader read)
    {
        using SegmentLease lease = _file.Lease();
        var ids = new RowIds(lease.Read(_ends), lease.Read(_ids));
        ReadOnlySpan<sbyte> rows = lease.Read(_rows);
        ReadOnlySpan<byte> residuals = lease.Read(_residuals);
        int packed = _residuals.Length == 0 ? 0 : Residual.PackedLength(Layout.Whole.Dimension);
        Span<float> factors = stackalloc float[_factors.Length];
        try
        {
            for (int row = 0; row < _shape.Count; row++)
            {
                for (int view = 0; view < factors.Length; view++) factors[view] = lease.Read(_factors[view])[row];
                read(ids.Of(row), rows.Slice(row * Layout.Whole.Dimension, Layout.Whole.Dimension), residuals.Slice(row * packed, packed), factors);
            }
        }
        catch (DamagedGraphException e)
        {
            throw Damaged(e.Message, e);
        }
    }

    /// <summary>False if a walk would see too many of the rows.</summary>
    private bool Walk(GraphView graph, GraphWalk walk, FineQuery query, int k, RowFilter filter)
    {
        int width = Math.Max(_width, k), mostVisited = _shape.Count / 8;
        if (width > mostVisited) return false;
        int entry = _shape.TopLevel > 0 ? walk.Descend(graph, query, 1) : 0;
        return walk.Search(graph, query, 0, entry, width, filter, mostVisited);
    }

    private SegmentFileException Damaged(string what, Exception? inner = null) => new(_file.Path, SegmentFault.Corrupt, what, inner);

    internal delegate void RowReader(ReadOnlySpan<long> ids, ReadOnlySpan<sbyte> bytes, ReadOnlySpan<byte> residual, ReadOnlySpan<float> factors);
}
