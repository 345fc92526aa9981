using Touchstone.Crawling.Discovery;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Frontier;

namespace Touchstone.Crawling;

/// <summary>
/// The offers that a run has read, by the address that their pages give them (canonical), so that a shop that shows one product under several addresses is
/// read once. By what the addresses of one offer differ, those of others need not be asked for, too. Safe for concurrent use.
/// </summary>
internal sealed class ReadListings
{
    // More habits than a shop has; each is asked for each address.
    private const int MostHabits = 200;

    // Addresses of one offer with which a further one is compared.
    private const int MostAddresses = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Offer> _offers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AddressHabit> _habits = new(StringComparer.Ordinal);
    private readonly List<(WebUrl Page, string Offer)> _pages = [];
    private readonly Dictionary<string, string> _lists = new(StringComparer.Ordinal);

    /// <summary>Whether the page was read under another address, or would be by the shop's habit.</summary>
    public bool Covers(WebUrl url)
    {
        string? own = Identity(url.ToString());
        lock (_gate)
        {
            if (own is null) return false;
            if (_read.Contains(own) || _lists.ContainsKey(own)) return true;
            return _habits.Values.Any(h => h.Covers(url, _read));
        }
    }

    /// <summary>An offer was read.</summary>
    /// <param name="page">The address of its page.</param>
    /// <returns>The facts, under the page's own address where the canonical one is another offer's; null where the run knows the offer and all its pictures.</returns>
    public (ListingFacts Facts, bool Repeated) Take(string page, ListingFacts facts)
    {
        if (Identity(page) is not { } own || WebUrl.TryParse(own) is not { } address) return (facts, false);
        string named = Identity(facts.Url) ?? own;
        string[] pictures = [.. facts.Images.Select(ImageList.Key)];
        lock (_gate)
        {
            if (_offers.TryGetValue(named, out Offer? known) && !known.IsSame(facts))
            {
                // Pages that all give the same address are still pages of their own.
                (named, facts) = (own, facts with { Url = CanonicalUrl.TryCreate(page)!.Address });
                known = _offers.GetValueOrDefault(named);
            }
            bool repeated = known?.Pictures.IsSupersetOf(pictures) == true;
            if (known is null)
            {
                _read.Add(named);
                _offers[named] = known = new Offer(facts.Name, facts.Sku, []);
            }
            Learn(address, own, named, known, repeated);
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

    private void Learn(WebUrl page, string own, string named, Offer offer, bool repeated)
    {
        if (_read.Add(own) || own == named && offer.Pages.Count == 0) _pages.Add((page, named));
        if (own != named && WebUrl.TryParse(named) is { } canonical)
            foreach (AddressHabit habit in AddressHabit.OfCanonical(page, canonical)) Kept(habit)?.Saw(named, false);
        foreach (AddressHabit habit in offer.Pages.SelectMany(p => AddressHabit.OfPair(p, page))) Kept(habit)?.Saw(named, !repeated);
        if (offer.Pages.Count < MostAddresses) offer.Pages.Add(page);
        foreach (AddressHabit habit in _habits.Values) habit.Read(page, named);
    }

    /// <summary>The habit as the run knows it, with what was read before it was seen; null where there are too many.</summary>
    private AddressHabit? Kept(AddressHabit seen)
    {
        if (_habits.TryGetValue(seen.Key, out AddressHabit? kept) || _habits.Count == MostHabits) return kept;
        foreach ((WebUrl page, string offer) in _pages) seen.Read(page, offer);
        return _habits[seen.Key] = seen;
    }

    private static string? Identity(string url) => CanonicalUrl.TryCreate(url)?.Text;

    private sealed record Offer(string? Name, string? Sku, HashSet<string> Pictures)
    {
        public List<WebUrl> Pages { get; } = [];

        public bool IsSame(ListingFacts other) =>
            Name is null || other.Name is null || (Sku is not null && Sku == other.Sku) || TitleWords.Likeness(Name, other.Name) > 0.8;
    }
}
