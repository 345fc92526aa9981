using System.Runtime.InteropServices;
using Touchstone.Index.Rows;
using Touchstone.Index.Segments;

namespace Touchstone.Index.Graph;

/// <summary>
/// Takes vectors in memory, as 8 bits a value and, where wanted, 4 more for ranking, and writes them with a graph for each view to a file that
/// <see cref="GraphIndex.Open"/> searches. Vectors whose 8 bits are equal become one row, with the scale and the further 4 bits of the first,
/// which are theirs within a step of the 8: rows apart, as fine differences would make them, would fill a walk with one picture. While building,
/// memory holds what the file will and some 50 bytes a vector: about 580 for one of 256 values with one view. Not safe for concurrent use.
/// </summary>
public sealed class GraphBuilder
{
    private readonly VectorLayout _layout;
    private readonly GraphOptions _options;
    private readonly Random _random;
    private readonly float[][] _factors;
    private readonly Dictionary<ulong, int> _rowOf = []; // by the hash of its bytes
    private readonly List<(long Id, int Next)> _ids;     // of each row a chain, which ends with −1
    private readonly sbyte[] _added;
    private readonly sbyte[] _addedResidual;
    private readonly byte[] _addedPacked;
    private int[] _firstId;
    private sbyte[] _bytes;
    private byte[] _residuals;
    private int _rows;

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
        _ids = new List<(long, int)>(capacity);
        _added = new sbyte[layout.Whole.Dimension];
        _addedResidual = new sbyte[layout.Whole.Dimension];
        _addedPacked = new byte[_options.KeepsResiduals ? Residual.PackedLength(layout.Whole.Dimension) : 0];
        _firstId = new int[capacity];
        _bytes = new sbyte[Bytes(capacity)];
        _residuals = new byte[capacity * _addedPacked.Length];
        _factors = [.. layout.Views.Select(_ => new float[capacity])];
    }

    /// <summary>Vectors taken.</summary>
    public int Count => _ids.Count;

    /// <param name="id">Any id; adding a further vector under the same id keeps both.</param>
    /// <param name="space">The space of the vector, the layout's whole.</param>
    /// <param name="vector">Exactly <see cref="VectorSpace.Dimension"/> values, length 1. Copied.</param>
    /// <exception cref="ArgumentException">Another space, another length, or a value that is not finite; or the vectors are more than one file holds (2 GB of values).</exception>
    public void Add(long id, VectorSpace space, ReadOnlySpan<float> vector)
    {
        _layout.Check(space, vector);
        Span<float> factors = stackalloc float[_layout.Views.Count];
        ByteRow.Write(_layout, vector, _added, _addedResidual, factors);
        Residual.Pack(_addedResidual, _addedPacked);
        AddId(RowOf(_added, _addedPacked, factors), id);
    }

    /// <summary>Adds the vectors of an index, as exact as they are there, whose ids pass the filter.</summary>
    /// <exception cref="ArgumentException">The index has another layout, or not the further bits that are kept here; or the vectors are more than one file holds.</exception>
    /// <exception cref="SegmentFileException">The index's file is damaged.</exception>
    public void AddFrom(GraphIndex index, Func<long, bool>? filter = null)
    {
        ArgumentNullException.ThrowIfNull(index);
        if (!index.Layout.Views.SequenceEqual(_layout.Views)) throw new ArgumentException($"The index holds vectors of {index.Layout.Whole} with other views than {_layout.Whole} here.", nameof(index));
        if (_options.KeepsResiduals && !index.KeepsResiduals) throw new ArgumentException("The index holds 8 bits a value, and 12 are kept here.", nameof(index));
        index.Read((ids, bytes, residual, factors) =>
        {
            int row = GraphShape.None;
            foreach (long id in ids)
            {
                if (filter is not null && !filter(id)) continue;
                if (row == GraphShape.None) row = RowOf(bytes, residual[.._addedPacked.Length], factors);
                AddId(row, id);
            }
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
        var shape = new GraphShape(_rows, _options.Links);
        using var writer = new SegmentWriter(path, GraphIndex.Kind, GraphIndex.SpaceOf(_layout));
        writer.Write<int>("shape", [_rows, _options.Links, Count]);
        WriteIds(writer);
        writer.Write<sbyte>("rows", _bytes.AsSpan(0, Bytes(_rows)));
        writer.Write<byte>("residuals", _residuals.AsSpan(0, _rows * _addedPacked.Length));
        long linked = 0, toLink = (long)_rows * _layout.Views.Count;
        for (int view = 0; view < _layout.Views.Count; view++)
        {
            writer.Write<float>($"factors {view}", _factors[view].AsSpan(0, _rows));
            var construction = new GraphConstruction(_bytes, _factors[view], _layout.Whole.Dimension, _layout.Views[view], shape, _options);
            int[] links = construction.Run(rows => progress?.Report((double)Interlocked.Add(ref linked, rows) / toLink), cancellationToken);
            writer.Write<int>($"links {view}", links);
        }
        writer.Commit();
    }

    private void WriteIds(SegmentWriter writer)
    {
        long[] ids = new long[Count];
        int[] ends = new int[_rows];
        int end = 0;
        for (int row = 0; row < _rows; row++)
        {
            for (int at = _firstId[row]; at >= 0; at = _ids[at].Next) ids[end++] = _ids[at].Id;
            ends[row] = end;
        }
        writer.Write<long>("ids", ids);
        writer.Write<int>("ends", ends);
    }

    private void AddId(int row, long id)
    {
        _ids.Add((id, _firstId[row]));
        _firstId[row] = _ids.Count - 1;
    }

    /// <summary>The row with these bytes, a new one if there is none.</summary>
    private int RowOf(ReadOnlySpan<sbyte> bytes, ReadOnlySpan<byte> residual, ReadOnlySpan<float> factors)
    {
        ulong hash = Hash(bytes);
        // Should two different rows ever have one hash, the later one is not found again and its equals are rows of their own.
        if (_rowOf.TryGetValue(hash, out int known) && Row(known).SequenceEqual(bytes)) return known;
        int row = NewRow();
        _rowOf.TryAdd(hash, row);
        bytes.CopyTo(Row(row));
        residual.CopyTo(PackedResidual(row));
        _firstId[row] = -1;
        for (int view = 0; view < factors.Length; view++) _factors[view][row] = factors[view];
        return row;
    }

    /// <summary>
    /// Room for a further row at a random place; the row that was there moves to the end. So the rows lie in random order, as
    /// <see cref="GraphShape"/> needs them.
    /// </summary>
    private int NewRow()
    {
        if (_rows == _firstId.Length)
        {
            int capacity = (int)Math.Min(_rows * 2L, Array.MaxLength / _layout.Whole.Dimension);
            Array.Resize(ref _bytes, Bytes(Math.Max(capacity, _rows + 1)));
            Array.Resize(ref _residuals, capacity * _addedPacked.Length);
            Array.Resize(ref _firstId, capacity);
            for (int view = 0; view < _factors.Length; view++) Array.Resize(ref _factors[view], capacity);
        }
        int last = _rows++, row = _random.Next(_rows);
        if (row == last) return row;
        ref int known = ref CollectionsMarshal.GetValueRefOrNullRef(_rowOf, Hash(Row(row)));
        if (known == row) known = last;
        Row(row).CopyTo(Row(last));
        PackedResidual(row).CopyTo(PackedResidual(last));
        _firstId[last] = _firstId[row];
        foreach (float[] factors in _factors) factors[last] = factors[row];
        return row;
    }

    private Span<sbyte> Row(int row) => _bytes.AsSpan(row * _layout.Whole.Dimension, _layout.Whole.Dimension);

    private Span<byte> PackedResidual(int row) => _residuals.AsSpan(row * _addedPacked.Length, _addedPacked.Length);

    private int Bytes(int rows) => (long)rows * _layout.Whole.Dimension <= Array.MaxLength
        ? rows * _layout.Whole.Dimension
        : throw new ArgumentException($"{rows} vectors of {_layout.Whole} are more than the {Array.MaxLength} bytes that one file holds; make several.", nameof(rows));

    private static ulong Hash(ReadOnlySpan<sbyte> bytes)
    {
        ulong hash = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<sbyte, ulong>(bytes);
        foreach (ulong word in words) hash = unchecked(ulong.RotateLeft(hash ^ word, 29) * 0x9E3779B97F4A7C15);
        foreach (sbyte rest in bytes[(words.Length * sizeof(ulong))..]) hash = unchecked(ulong.RotateLeft(hash ^ (byte)rest, 29) * 0x9E3779B97F4A7C15);
        return hash;
    }
}
