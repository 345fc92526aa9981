using Touchstone.Index.Rows;
using Touchstone.Index.Segments;

namespace Touchstone.Index.Graph;

/// <summary>
/// Takes vectors in memory, as 8 bits a value, and writes them with a graph for each view to a file that <see cref="GraphIndex.Open"/>
/// searches. While building, memory holds what the file will: about 400 bytes a vector of 256 values with one view.
/// Not safe for concurrent use.
/// </summary>
public sealed class GraphBuilder
{
    private readonly VectorLayout _layout;
    private readonly GraphOptions _options;
    private readonly Random _random;
    private readonly float[][] _factors;
    private long[] _ids;
    private sbyte[] _bytes;

    /// <param name="layout">What the vectors are.</param>
    /// <param name="options">How to build; null: the defaults.</param>
    /// <param name="capacity">Vectors to make room for, if known.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option out of its range.</exception>
    public GraphBuilder(VectorLayout layout, GraphOptions? options = null, int capacity = 1_024)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (_layout, _options) = (layout, options ?? new GraphOptions());
        _options.Check();
        _random = new Random(_options.Seed);
        _ids = new long[capacity];
        _bytes = new sbyte[Bytes(capacity)];
        _factors = [.. layout.Views.Select(_ => new float[capacity])];
    }

    /// <summary>Vectors taken.</summary>
    public int Count { get; private set; }

    /// <param name="id">Any id; adding a further vector under the same id keeps both.</param>
    /// <param name="space">The space of the vector, the layout's whole.</param>
    /// <param name="vector">Exactly <see cref="VectorSpace.Dimension"/> values, length 1. Copied.</param>
    /// <exception cref="ArgumentException">Another space, another length, or a value that is not finite; or the vectors are more than one file holds (2 GB of values).</exception>
    public void Add(long id, VectorSpace space, ReadOnlySpan<float> vector)
    {
        _layout.Check(space, vector);
        Span<float> factors = stackalloc float[_layout.Views.Count];
        int row = NewRow();
        ByteRow.Write(_layout, vector, Row(row), factors);
        _ids[row] = id;
        for (int view = 0; view < factors.Length; view++) _factors[view][row] = factors[view];
    }

    /// <summary>Adds the vectors of an index, as exact as they are there, whose ids pass the filter.</summary>
    /// <exception cref="ArgumentException">The index has another layout; or the vectors are more than one file holds.</exception>
    public void AddFrom(GraphIndex index, Func<long, bool>? filter = null)
    {
        ArgumentNullException.ThrowIfNull(index);
        if (!index.Layout.Views.SequenceEqual(_layout.Views)) throw new ArgumentException($"The index holds vectors of {index.Layout.Whole} with other views than {_layout.Whole} here.", nameof(index));
        index.Read((id, bytes, factors) =>
        {
            if (filter is not null && !filter(id)) return;
            int row = NewRow();
            bytes.CopyTo(Row(row));
            _ids[row] = id;
            for (int view = 0; view < factors.Length; view++) _factors[view][row] = factors[view];
        });
    }

    /// <summary>Builds the graphs and writes the file; whoever opens the path sees the whole old or the whole new file.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="progress">Told the share that is done, 0..1, from any thread.</param>
    /// <param name="cancellationToken">Ends the work and leaves no file.</param>
    /// <exception cref="ArgumentException">The vectors are more than one file holds.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Write(string path, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var shape = new GraphShape(Count, _options.Links);
        using var writer = new SegmentWriter(path, GraphIndex.Kind, GraphIndex.SpaceOf(_layout));
        writer.Write<int>("shape", [Count, _options.Links]);
        writer.Write<long>("ids", _ids.AsSpan(0, Count));
        writer.Write<sbyte>("rows", _bytes.AsSpan(0, Bytes(Count)));
        long linked = 0, toLink = (long)Count * _layout.Views.Count;
        for (int view = 0; view < _layout.Views.Count; view++)
        {
            writer.Write<float>($"factors {view}", _factors[view].AsSpan(0, Count));
            var construction = new GraphConstruction(_bytes, _factors[view], _layout.Whole.Dimension, _layout.Views[view], shape, _options);
            int[] links = construction.Run(rows => progress?.Report((double)Interlocked.Add(ref linked, rows) / toLink), cancellationToken);
            writer.Write<int>($"links {view}", links);
        }
        writer.Commit();
    }

    /// <summary>
    /// Room for a further row at a random place; the row that was there moves to the end. So the rows lie in random order, as
    /// <see cref="GraphShape"/> needs them.
    /// </summary>
    private int NewRow()
    {
        if (Count == _ids.Length)
        {
            int capacity = (int)Math.Min(Count * 2L, Array.MaxLength / _layout.Whole.Dimension);
            Array.Resize(ref _bytes, Bytes(Math.Max(capacity, Count + 1)));
            Array.Resize(ref _ids, capacity);
            for (int view = 0; view < _factors.Length; view++) Array.Resize(ref _factors[view], capacity);
        }
        int last = Count++, row = _random.Next(Count);
        if (row == last) return row;
        Row(row).CopyTo(Row(last));
        _ids[last] = _ids[row];
        foreach (float[] factors in _factors) factors[last] = factors[row];
        return row;
    }

    private Span<sbyte> Row(int row) => _bytes.AsSpan(row * _layout.Whole.Dimension, _layout.Whole.Dimension);

    private int Bytes(int rows) => (long)rows * _layout.Whole.Dimension <= Array.MaxLength
        ? rows * _layout.Whole.Dimension
        : throw new ArgumentException($"{rows} vectors of {_layout.Whole} are more than the {Array.MaxLength} bytes that one file holds; make several.", nameof(rows));
}
