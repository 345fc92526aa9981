using System.Runtime.InteropServices;

namespace Touchstone.Index.Graph;

/// <summary>
/// Links rows with equal bytes to a ring in the lowest level. The choice of neighbours, which looks for other directions, leaves
/// out all but one of equal rows; by the ring a walk that finds one finds all. Deterministic.
/// </summary>
internal readonly ref struct EqualRows(GraphView graph, Span<int> links)
{
    private readonly GraphView _graph = graph;
    private readonly Span<int> _links = links;

    public void LinkRings()
    {
        Dictionary<ulong, (int First, int Last)> rings = [];
        for (int row = 0; row < _graph.Shape.Count; row++)
        {
            ref (int First, int Last) ring = ref CollectionsMarshal.GetValueRefOrAddDefault(rings, Hash(_graph.Rows.Bytes(row)), out bool exists);
            if (!exists) ring = (row, row);
            else if (_graph.Rows.Bytes(ring.Last).SequenceEqual(_graph.Rows.Bytes(row)))
            {
                Link(ring.Last, row);
                ring.Last = row;
            }
        }
        foreach ((int first, int last) in rings.Values)
        {
            if (first != last) Link(last, first);
        }
    }

    /// <summary>Puts the link first, so that the place that <see cref="Reachability"/> may take, the last one, is another's.</summary>
    private void Link(int from, int to)
    {
        Span<int> places = _links.Slice(_graph.Shape.Start(0, from), _graph.Shape.Places(0));
        int at = places.IndexOf(to);
        if (at < 0) at = places.IndexOf(GraphShape.None);
        places[at < 0 ? ^1 : at] = places[0];
        places[0] = to;
    }

    private static ulong Hash(ReadOnlySpan<sbyte> bytes)
    {
        ulong hash = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<sbyte, ulong>(bytes);
        foreach (ulong word in words) hash = unchecked(ulong.RotateLeft(hash ^ word, 29) * 0x9E3779B97F4A7C15);
        foreach (sbyte rest in bytes[(words.Length * sizeof(ulong))..]) hash = unchecked(ulong.RotateLeft(hash ^ (byte)rest, 29) * 0x9E3779B97F4A7C15);
        return hash;
    }
}
