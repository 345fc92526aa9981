using Touchstone.Index.Rows;

namespace Touchstone.Index.Graph;

/// <summary>
/// Builds the graph of one view. Rows are linked one after the other, by several threads at once: links are read without a lock, since each
/// place always holds a row or none, and changed under a lock for the row. With one thread the result is determined by the rows and
/// the options.
/// </summary>
internal sealed class GraphConstruction
{
    /// <summary>Rows that one thread links before others join, so that these find a graph to walk through.</summary>
    private const int FirstRows = 1_000;

    private const int RowsAReport = 1_024;

    private readonly sbyte[] _bytes;
    private readonly float[] _factors;
    private readonly int _stride;
    private readonly VectorView _view;
    private readonly GraphOptions _options;
    private readonly GraphShape _shape;
    private readonly int[] _links;
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 1_024).Select(_ => new Lock())];
    private int _next = 1;

    public GraphConstruction(sbyte[] bytes, float[] factors, int stride, VectorView view, GraphShape shape, GraphOptions options)
    {
        (_bytes, _factors, _stride, _view, _shape, _options) = (bytes, factors, stride, view, shape, options);
        _links = GC.AllocateUninitializedArray<int>(shape.Length);
        _links.AsSpan().Fill(GraphShape.None);
    }

    /// <summary>Links all rows.</summary>
    /// <param name="done">Told how many rows were linked further, by any thread.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public int[] Run(Action<int> done, CancellationToken cancellationToken)
    {
        if (_shape.Count == 0) return _links;
        done(1); // row 0, which the others link to
        Link(Math.Min(FirstRows, _shape.Count), done, cancellationToken);
        if (_options.Threads == 1) Link(_shape.Count, done, cancellationToken);
        else Parallel.For(0, _options.Threads, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellationToken }, _ => Link(_shape.Count, done, cancellationToken));
        new Reachability(Graph(), _links, NewWalk()).Ensure();
        return _links;
    }

    private GraphView Graph() => new(new RowView(_bytes, _factors.AsSpan(0, _shape.Count), _stride, _view), _shape, _links);

    private GraphWalk NewWalk() => new(_view.Space.Dimension, _shape.Places(0));

    private void Link(int end, Action<int> done, CancellationToken cancellationToken)
    {
        var worker = new Worker(NewWalk(), new NeighbourChoice(_shape.Places(0)), _view.Space.Dimension, [.. Enumerable.Range(0, _shape.TopLevel + 1).Select(_ => new int[_shape.Links])]);
        int linked = 0;
        while (true)
        {
            int row = Interlocked.Increment(ref _next) - 1;
            if (row >= end)
            {
                Interlocked.Decrement(ref _next);
                break;
            }
            cancellationToken.ThrowIfCancellationRequested();
            LinkRow(row, worker);
            if (++linked % RowsAReport == 0) done(RowsAReport);
        }
        done(linked % RowsAReport);
    }

    /// <summary>
    /// The row's own links are written in all its levels before the first row links back to it, so that whoever finds it can walk on.
    /// </summary>
    private void LinkRow(int row, Worker worker)
    {
        GraphView graph = Graph();
        FineQuery query = graph.Rows.Query(row, worker.Walk.QueryRoom);
        int top = _shape.LevelOf(row);
        int entry = top < _shape.TopLevel ? worker.Walk.Descend(graph, query, top + 1) : 0;
        for (int level = top; level >= 0; level--)
        {
            worker.Walk.Search(graph, query, level, entry, _options.BuildWidth);
            entry = worker.Walk.Found[0].Row;
            worker.Choice.Clear();
            foreach (PoolEntry found in worker.Walk.Found) worker.Choice.Offer(found.Row, found.Score);
            Span<int> places = Places(level, row);
            ReadOnlySpan<int> chosen = worker.Choice.Choose(graph.Rows, _shape.Links);
            chosen.CopyTo(places);
            worker.Linked[level].AsSpan().Fill(GraphShape.None);
            chosen.CopyTo(worker.Linked[level]);
        }
        for (int level = 0; level <= top; level++)
        {
            foreach (int other in worker.Linked[level])
            {
                if (other == GraphShape.None) break;
                LinkBack(graph, level, other, row, worker);
            }
        }
    }

    private void LinkBack(GraphView graph, int level, int row, int added, Worker worker)
    {
        lock (_locks[row % _locks.Length])
        {
            Span<int> places = Places(level, row);
            int free = places.IndexOf(GraphShape.None);
            if (free >= 0)
            {
                places[free] = added;
                return;
            }
            FineQuery query = graph.Rows.Query(row, worker.Room);
            worker.Choice.Clear();
            foreach (int other in places) worker.Choice.Offer(other, graph.Rows.Score(query, other));
            worker.Choice.Offer(added, graph.Rows.Score(query, added));
            ReadOnlySpan<int> chosen = worker.Choice.Choose(graph.Rows, places.Length);
            chosen.CopyTo(places);
            places[chosen.Length..].Fill(GraphShape.None);
        }
    }

    private Span<int> Places(int level, int row) => _links.AsSpan(_shape.Start(level, row), _shape.Places(level));

    /// <summary>What one thread needs. Linked: the links chosen for a row in each level.</summary>
    private sealed record Worker(GraphWalk Walk, NeighbourChoice Choice, int Dimension, int[][] Linked)
    {
        public short[] Room { get; } = new short[Dimension];
    }
}
