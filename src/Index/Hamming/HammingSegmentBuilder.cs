using System.Runtime.InteropServices;
using Touchstone.Index.Segments;

namespace Touchstone.Index.Hamming;

/// <summary>Makes a <see cref="HammingSegment"/>. Memory: 40 bytes a key. Nothing is at the path before <see cref="Commit"/>. Not safe for concurrent use.</summary>
public sealed class HammingSegmentBuilder : IDisposable
{
    private readonly SegmentWriter _writer;
    private readonly List<long> _ids = [];
    private readonly List<ulong>[] _columns = [[], [], [], []];

    /// <param name="path">The file to make or replace.</param>
    /// <param name="space">Names the hash that the keys are, such as <c>pdq</c>; 1 to 256 bytes of UTF-8.</param>
    /// <exception cref="IOException">The file cannot be made, or another builder is at it.</exception>
    public HammingSegmentBuilder(string path, string space) => _writer = new SegmentWriter(path, HammingSegment.Kind, space);

    /// <summary>Adds a key; an id may have several.</summary>
    /// <param name="key">Exactly <see cref="HammingKeys.KeyWords"/> words.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public void Add(long id, ReadOnlySpan<ulong> key)
    {
        HammingKeys.Check(key);
        _ids.Add(id);
        for (int word = 0; word < key.Length; word++) _columns[word].Add(key[word]);
    }

    /// <summary>Adds the keys of another segment or an index.</summary>
    /// <param name="keep">Whether to take the keys of an id.</param>
    public void AddAll(HammingKeys keys, Func<long, bool> keep)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(keep);
        using HammingReader reader = keys.Read();
        ReadOnlySpan<long> ids = reader.Ids;
        for (int row = 0; row < ids.Length; row++)
            if (keep(ids[row])) Add(ids[row], [reader.Column(0)[row], reader.Column(1)[row], reader.Column(2)[row], reader.Column(3)[row]]);
    }

    /// <summary>Writes all and puts the file in its place.</summary>
    /// <exception cref="IOException">The disk is full, or the name cannot be taken; an old file is still there.</exception>
    public void Commit()
    {
        _writer.Write<long>("ids", CollectionsMarshal.AsSpan(_ids));
        for (int word = 0; word < _columns.Length; word++) _writer.Write<ulong>(HammingSegment.ColumnName(word), CollectionsMarshal.AsSpan(_columns[word]));
        _writer.Commit();
    }

    public void Dispose() => _writer.Dispose();
}
