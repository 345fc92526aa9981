using System.Collections.Concurrent;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Discovery;

/// <summary>Why a URL is not worth its request any more.</summary>
/// <param name="Reason"><c>repeats</c>: pages of its kind showed what others show; <c>empty-list</c>: the shop says that there is nothing, and was right before; <c>trap:queries</c>: so did pages whose parameters name them, and of those it is not sure.</param>
/// <param name="Instead">The URL without the parameters that were found to change nothing; null where there is none.</param>
internal sealed record Exhausted(string Reason, WebUrl? Instead);

/// <summary>
/// Learns in the course of a run which kinds of URLs still lead to something new: those with a parameter of the same name, the later pages of one list, the
/// lists by tags, those that are said to hold nothing, the pages of information. A kind that brought nothing new a few times more than its gains allow is left. Safe for concurrent use.
/// </summary>
/// <param name="most">Pages without gain that a path is allowed whose parameters name the page; no kind is allowed more.</param>
internal sealed class LinkYield(int most)
{
    private const int InVainOther = 3, InVainMark = 3, InVainEmpty = 3, InVainTurn = 10, InVainInformation = 3, PerGain = 2;

    private readonly ConcurrentDictionary<string, Counts> _kinds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _saidEmpty = new(StringComparer.Ordinal);

    /// <summary>A link says that there is nothing.</summary>
    public void SaidEmpty(string url) => _saidEmpty.TryAdd(url, true);

    /// <summary>Null while the URL may bring something new.</summary>
    public Exhausted? Of(WebUrl url)
    {
        if (_saidEmpty.ContainsKey(url.ToString()) && IsSpent(EmptyKind(url), InVainEmpty)) return new Exhausted("empty-list", null);
        QueryShape shape = QueryShape.Of(url);
        HashSet<string> spent = [.. shape.Others.Where(name => IsSpent(OtherKind(url, name), InVainOther))];
        if (spent.Count > 0) return new Exhausted("repeats", QueryShape.Without(url, spent));
        foreach ((string kind, int allowed) in Kinds(url, shape))
            if (IsSpent(kind, allowed)) return new Exhausted(allowed == most ? "trap:queries" : "repeats", null);
        return null;
    }

    /// <summary>Whether what the URL leads to is judged by its kind, so that a page full of such links is no gain.</summary>
    public static bool IsVariation(WebUrl url)
    {
        QueryShape shape = QueryShape.Of(url);
        return shape.Others.Count > 0 || shape.TurnsPage || LinkRules.IsByMark(url);
    }

    /// <summary>A page was read.</summary>
    /// <param name="gained">Whether it offered, or led to, something that the run did not know.</param>
    public void Read(WebUrl url, bool gained)
    {
        QueryShape shape = QueryShape.Of(url);
        IEnumerable<string> kinds = shape.Others.Select(name => OtherKind(url, name)).Concat(Kinds(url, shape).Select(k => k.Kind));
        foreach (string kind in _saidEmpty.ContainsKey(url.ToString()) ? kinds.Append(EmptyKind(url)) : kinds)
        {
            Counts counts = _kinds.GetOrAdd(kind, _ => new Counts());
            if (gained) Interlocked.Increment(ref counts.Gains);
            else Interlocked.Increment(ref counts.InVain);
        }
    }

    private IEnumerable<(string Kind, int Allowed)> Kinds(WebUrl url, QueryShape shape)
    {
        if (LinkRules.IsByMark(url)) yield return ($"mark {url.Host}", InVainMark);
        if (LinkRules.IsInformation(url)) yield return ($"information {url.Host}", InVainInformation);
        if (shape.TurnsPage && shape.Others.Count == 0) yield return ($"turn {url.Host}{(shape.Names || url.Query is null ? "" : url.Path)}", InVainTurn);
        else if (shape.Names && shape.Others.Count == 0) yield return ($"names {url.Host}{url.Path}", most);
    }

    private bool IsSpent(string kind, int allowed) =>
        _kinds.TryGetValue(kind, out Counts? counts) && Volatile.Read(ref counts.InVain) >= Math.Min(allowed, most) + (PerGain * Volatile.Read(ref counts.Gains));

    private static string EmptyKind(WebUrl url) => $"empty {url.Host}";

    private static string OtherKind(WebUrl url, string name) => $"other {url.Host} {name}";

    private sealed class Counts
    {
        public int Gains;
        public int InVain;
    }
}
