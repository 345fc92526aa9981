using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling;

/// <summary>
/// The offers that a run has read, by the address that their pages give them (canonical), so that a shop that shows one product under several addresses is
/// read once. What the shop's own canonical addresses leave out, other addresses of the same form need not be asked for, too. Safe for concurrent use.
/// </summary>
internal sealed class ReadListings
{
    // Seen so often without an exception, a form is taken for a rule.
    private const int LeastAgreements = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Offer> _offers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Habit> _habits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _lists = new(StringComparer.Ordinal);

    /// <summary>Whether the page was read under another address, or would be by the shop's habit.</summary>
    public bool Covers(WebUrl url)
    {
        string? own = Identity(url.ToString());
        lock (_gate)
        {
            if (own is null) return false;
            if (_read.Contains(own) || _lists.ContainsKey(own)) return true;
            return _habits.Values.Any(h => h is { Agreed: >= LeastAgreements, Broken: false } && h.Reduce(url) is { } reduced && Identity(reduced.ToString()) is { } known && _read.Contains(known));
        }
    }

    /// <summary>An offer was read.</summary>
    /// <param name="page">The address of its page.</param>
    /// <returns>The facts, under the page's own address where the canonical one is another offer's; null where the run knows the offer and all its pictures.</returns>
    public (ListingFacts Facts, bool Repeated) Take(string page, ListingFacts facts)
    {
        if (Identity(page) is not { } own) return (facts, false);
        string named = Identity(facts.Url) ?? own;
        string[] pictures = [.. facts.Images.Select(ImageList.Key)];
        lock (_gate)
        {
            Learn(page, own, named);
            if (_offers.TryGetValue(named, out Offer? known) && !known.IsSame(facts))
            {
                // Pages that all give the same address are still pages of their own.
                (named, facts) = (own, facts with { Url = CanonicalUrl.TryCreate(page)!.Address });
                known = _offers.GetValueOrDefault(named);
            }
            _read.Add(own);
            if (known is null)
            {
                _read.Add(named);
                _offers[named] = new Offer(facts.Name, facts.Sku, [.. pictures]);
                return (facts, false);
            }
            bool repeated = known.Pictures.IsSupersetOf(pictures);
            known.Pictures.UnionWith(pictures);
            return (facts, repeated);
        }
    }

    /// <summary>A list was read that names another address as its own. Returns whether that address is to be asked for.</summary>
    public bool TakeList(string page, string canonical)
    {
        if (Identity(page) is not { } own || WebUrl.TryParse(page) is not { } url || WebUrl.TryParse(canonical) is not { } other) return true;
        // What is narrowed, or a later page, is not the list itself; and many themes name the front page on every page.
        if (LinkYield.IsVariation(url) || other is { Path: "/", Query: null }) return true;
        lock (_gate)
        {
            if (_lists.TryAdd(canonical, own) || _lists[canonical] == own) return false;
            _lists.Remove(canonical);
            return true;
        }
    }

    private void Learn(string page, string own, string named)
    {
        if (WebUrl.TryParse(page) is not { } from || WebUrl.TryParse(named) is not { } to) return;
        foreach (Habit habit in _habits.Values)
            if (habit.Reduce(from) is { } reduced && Identity(reduced.ToString()) != named) habit.Broken = true;
        if (own == named || Habit.Of(from, to) is not { } seen) return;
        if (!_habits.TryGetValue(seen.Key, out Habit? kept)) _habits[seen.Key] = kept = seen;
        kept.Agreed++;
    }

    private static string? Identity(string url) => CanonicalUrl.TryCreate(url)?.Text;

    private sealed record Offer(string? Name, string? Sku, HashSet<string> Pictures)
    {
        public bool IsSame(ListingFacts other) =>
            Name is null || other.Name is null || (Sku is not null && Sku == other.Sku) || TitleWords.Likeness(Name, other.Name) > 0.8;
    }

    /// <summary>How a shop's canonical addresses differ from those of its links: without some parameters, or with another folder before the last segment.</summary>
    private sealed class Habit(string key, string host, string? path, IReadOnlySet<string> dropped, string? folder)
    {
        public string Key => key;

        public int Agreed { get; set; }

        public bool Broken { get; set; }

        public static Habit? Of(WebUrl from, WebUrl to)
        {
            if (from.Host != to.Host) return null;
            if (from.Path == to.Path && from.Query is { } asked)
            {
                HashSet<string> kept = [.. QueryShape.Parameters(to.Query ?? "").Select(p => p.Name)];
                SortedSet<string> dropped = new(QueryShape.Parameters(asked).Select(p => p.Name).Where(n => !kept.Contains(n)), StringComparer.Ordinal);
                return dropped.Count == 0 || Identity(QueryShape.Without(from, dropped).ToString()) != Identity(to.ToString()) ? null : new Habit($"{from.Host}{from.Path}?{string.Join('&', dropped)}", from.Host, from.Path, dropped, null);
            }
            (string folder, string last) = Split(to.Path);
            return from.Query == to.Query && from.Path != to.Path && Split(from.Path).Last == last && last.Length > 0 ? new Habit($"{from.Host}{folder}*", from.Host, null, new HashSet<string>(), folder) : null;
        }

        public WebUrl? Reduce(WebUrl url)
        {
            if (url.Host != host) return null;
            if (path is not null)
            {
                if (url.Path != path || url.Query is not { } query) return null;
                HashSet<string> names = [.. QueryShape.Parameters(query).Select(p => p.Name)];
                return dropped.IsSubsetOf(names) ? QueryShape.Without(url, dropped) : null;
            }
            (string own, string last) = Split(url.Path);
            return own == folder || last.Length == 0 || url.Query is not null ? null : url with { Path = folder + last };
        }

        private static (string Folder, string Last) Split(string path)
        {
            int cut = path.TrimEnd('/').LastIndexOf('/');
            return cut < 0 ? (path, "") : (path[..(cut + 1)], path[(cut + 1)..]);
        }
    }
}
