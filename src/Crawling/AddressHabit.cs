using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling;

/// <summary>
/// In what two addresses of one offer differ: in parameters, on one path or on any, in all parameters but those that name the offer, or in the folder before the last segment. What the run has read is kept
/// as it is without the difference, so that a further address of it is known. Not safe for concurrent use.
/// </summary>
/// <param name="key">Tells habits apart.</param>
/// <param name="path">Null: on any path.</param>
/// <param name="dropped">The names of the parameters that make no difference.</param>
/// <param name="folder">In which all are found; null where parameters make the difference.</param>
/// <param name="kept">The names of the parameters that alone make a difference, and that an address must have; null where it is said which make none.</param>
internal sealed class AddressHabit(string key, string host, string? path, IReadOnlySet<string> dropped, string? folder, IReadOnlySet<string>? kept = null)
{
    // Seen with so many offers without an exception, a habit is taken for a rule.
    private const int LeastOffers = 2;

    private readonly HashSet<string> _agreeing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private bool _broken;

    public string Key => key;

    /// <summary>How a canonical address differs from one by which its page was read.</summary>
    public static IEnumerable<AddressHabit> OfCanonical(WebUrl page, WebUrl canonical)
    {
        if (page.Host != canonical.Host) yield break;
        if (page.Path == canonical.Path)
        {
            SortedSet<string> kept = new(Names(canonical), StringComparer.Ordinal);
            SortedSet<string> left = new(Names(page).Where(n => !kept.Contains(n)), StringComparer.Ordinal);
            if (left.Count > 0 && Identity(QueryShape.Without(page, left)) == Identity(canonical))
            {
                foreach (AddressHabit habit in WithoutParameters(page, left)) yield return habit;
                if (kept.Count > 0) yield return new AddressHabit($"{page.Host}{page.Path}!{string.Join('&', kept)}", page.Host, page.Path, new HashSet<string>(), null, kept);
            }
        }
        else if (Split(canonical.Path) is var (folder, last) && last.Length > 0 && page.Query == canonical.Query && Split(page.Path).Last == last)
        {
            yield return new AddressHabit($"{page.Host}{folder}*", page.Host, null, new HashSet<string>(), folder);
        }
    }

    /// <summary>How two addresses differ under which one offer was read.</summary>
    public static IEnumerable<AddressHabit> OfPair(WebUrl one, WebUrl other)
    {
        if (one.Host != other.Host || one.Path != other.Path) return [];
        ILookup<string, string> first = Values(one), second = Values(other);
        SortedSet<string> differing = new(first.Select(g => g.Key).Union(second.Select(g => g.Key)).Where(n => !first[n].Order(StringComparer.Ordinal).SequenceEqual(second[n].Order(StringComparer.Ordinal), StringComparer.Ordinal)), StringComparer.Ordinal);
        return differing.Count == 0 ? [] : WithoutParameters(one, differing);
    }

    /// <summary>A page offers what was known from another address that differs so. One that shows more breaks the habit.</summary>
    public void Saw(string offer, bool more)
    {
        _broken |= more;
        _agreeing.Add(offer);
    }

    /// <summary>An offer was read.</summary>
    /// <param name="offer">By which it is told from others: its canonical address.</param>
    public void Read(WebUrl page, string offer)
    {
        // What the shop's own address keeps makes a difference.
        if (WebUrl.TryParse(offer) is { } canonical && Reduced(canonical) is { } plain && plain != offer) _broken = true;
        if (Reduced(page) is { } known && !_known.TryAdd(known, offer) && _known[known] != offer) _broken = true;
    }

    /// <summary>Whether the address leads to what was read, as far as the habit goes.</summary>
    /// <param name="read">The identities of what was read.</param>
    public bool Covers(WebUrl url, IReadOnlySet<string> read) =>
        !_broken && _agreeing.Count >= LeastOffers && Reduced(url) is { } known && (_known.ContainsKey(known) || read.Contains(known));

    public static string? Identity(WebUrl url) => CanonicalUrl.TryCreate(url.ToString())?.Text;

    private static IEnumerable<AddressHabit> WithoutParameters(WebUrl page, SortedSet<string> names)
    {
        string list = string.Join('&', names);
        // Where parameters name the page, another path may need those that this one does not.
        if (QueryShape.Without(page, names).Query is not null) yield return new AddressHabit($"{page.Host}{page.Path}?{list}", page.Host, page.Path, names, null);
        yield return new AddressHabit($"{page.Host}?{list}", page.Host, null, names, null);
    }

    private string? Reduced(WebUrl url)
    {
        if (url.Host != host) return null;
        if (kept is not null)
        {
            HashSet<string> names = [.. Names(url)];
            return url.Path == path && kept.All(names.Contains) ? Identity(QueryShape.Without(url, names.Except(kept, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal))) : null;
        }
        if (folder is null) return path is null || url.Path == path ? Identity(QueryShape.Without(url, dropped)) : null;
        (string own, string last) = Split(url.Path);
        return own == folder || last.Length == 0 || url.Query is not null ? null : Identity(url with { Path = folder + last });
    }

    private static ILookup<string, string> Values(WebUrl url) => QueryShape.Parameters(url.Query ?? "").ToLookup(p => p.Name, p => p.Value, StringComparer.Ordinal);

    private static IEnumerable<string> Names(WebUrl url) => QueryShape.Parameters(url.Query ?? "").Select(p => p.Name);

    private static (string Folder, string Last) Split(string path)
    {
        int cut = path.TrimEnd('/').LastIndexOf('/');
        return cut < 0 ? (path, "") : (path[..(cut + 1)], path[(cut + 1)..]);
    }
}
