using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling.Discovery;

/// <summary>
/// Learns in the course of a run what the addresses of a shop's offers look like where their spelling alone does not tell it: which shapes of addresses led to offers. A shape is how many segments the path
/// has, what the last one is made of and which parameters there are; with the names of the other segments, and without where too few of those were read. Safe for concurrent use.
/// </summary>
internal sealed class OfferAddresses
{
    // So many pages of a shape are read before it is judged, and such a share of them has offers.
    private const int LeastPages = 3;
    private const double LeastShare = 0.75;

    // More shapes than a shop has.
    private const int MostShapes = 2_000;

    // A shop in which each address has a shape of its own is not tried for ever.
    private const int MostTried = 50;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Counts> _shapes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tried = new(StringComparer.Ordinal);

    /// <summary>A page was read. Returns whether addresses of its shape are now taken for those of offers and were not before.</summary>
    public bool Read(WebUrl url, bool offers)
    {
        lock (_gate)
        {
            bool before = AreOffers(url);
            foreach (string shape in Shapes(url))
            {
                if (!_shapes.TryGetValue(shape, out Counts? counts))
                {
                    if (_shapes.Count == MostShapes) continue;
                    _shapes[shape] = counts = new Counts();
                }
                counts.Pages++;
                if (offers) counts.Offers++;
            }
            return !before && AreOffers(url);
        }
    }

    /// <summary>Whether the address is one of the first of its shape, whatever its folders are called: it is read early, to learn what the others are.</summary>
    public bool IsTrial(WebUrl url)
    {
        string shape = Shapes(url).Last();
        lock (_gate)
        {
            int tried = _tried.GetValueOrDefault(shape);
            if (tried == LeastPages || (tried == 0 && _tried.Count == MostTried)) return false;
            _tried[shape] = tried + 1;
            return true;
        }
    }

    /// <summary>Whether most pages of the address's shape had offers.</summary>
    public bool Has(WebUrl url)
    {
        lock (_gate) return AreOffers(url);
    }

    private bool AreOffers(WebUrl url)
    {
        foreach (string shape in Shapes(url))
            if (_shapes.TryGetValue(shape, out Counts? counts) && counts.Pages >= LeastPages) return counts.Offers >= LeastShare * counts.Pages;
        return false;
    }

    /// <summary>The narrower first.</summary>
    private static IEnumerable<string> Shapes(WebUrl url)
    {
        string[] segments = url.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string last = segments.Length == 0 ? "" : Made(segments[^1]);
        string asked = string.Join('&', QueryShape.Parameters(url.Query ?? "").Select(p => p.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        string end = url.Path.EndsWith('/') ? "/" : "";
        if (segments.Length > 1) yield return $"{url.Host}/{string.Join('/', segments[..^1])}/{last}{end}?{asked}";
        yield return $"{url.Host}/{segments.Length}/{last}{end}?{asked}";
    }

    /// <summary>What a segment is made of: one word, two, or more; a number in front or at its end; its ending.</summary>
    private static string Made(string segment)
    {
        int dot = segment.LastIndexOf('.');
        string name = dot > 0 ? segment[..dot] : segment, ending = dot > 0 ? segment[dot..] : "";
        int words = Math.Min(3, name.Split('-', '_').Length);
        return $"{words}{(char.IsAsciiDigit(name[0]) ? "9" : "")}w{(char.IsAsciiDigit(name[^1]) ? "9" : "")}{ending}";
    }

    private sealed class Counts
    {
        public int Pages;
        public int Offers;
    }
}
