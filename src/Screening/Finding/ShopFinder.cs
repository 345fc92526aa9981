using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Crawling.Text;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Finding;

/// <summary>
/// Asks the services the questions of a finding and gathers the sites that they name: each site once, by its best place, without hosts that are no shops and without what is no page. The marketplace that
/// the alert names comes first. Safe for concurrent use.
/// </summary>
public sealed class ShopFinder(IDbContextFactory<TouchstoneDb> databases, SearchProviders providers, TimeProvider clock)
{
    /// <summary>Pages of results that are read of a question.</summary>
    public const int PagesOfQuestion = 3;

    /// <summary>Questions of one finding, with those for further pages.</summary>
    public const int MostQuestions = 200;

    private const int LongestTitle = 300;

    /// <summary>How a shop is named that the alert names.</summary>
    public const string TheAlert = "the alert";

    private static readonly string[] NoPages = [".pdf", ".jpg", ".jpeg", ".png", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".zip", ".xml", ".csv"];

    /// <summary>Asks, and gives what was found; the finding's numbers and problems are set, nothing is saved.</summary>
    /// <param name="known">Sites that are not proposed again.</param>
    internal async Task<IReadOnlyList<FoundShopRow>> FindAsync(FindingRow finding, IReadOnlySet<string> known, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var gathered = new Gathered(await IgnoredHosts.ReadAsync(db, cancellationToken), known, finding, clock);
        string[] markets = finding.Markets.Split('\n');
        string? trader = finding.ReferenceId is { } id ? await db.References.Where(r => r.Id == id).Select(r => r.OnlineTrader).FirstOrDefaultAsync(cancellationToken) : null;
        foreach (string market in markets)
            foreach (string host in TraderHosts.Of(trader, market)) gathered.Add($"https://{host}/", trader, TheAlert, trader!, market, 1);
        using OpenedProviders opened = await providers.OpenAsync(cancellationToken);
        List<string> problems = [.. opened.Problems];
        if (opened.Providers.Count == 0 && problems.Count == 0) problems.Add("No service is set that searches the web.");
        foreach (ISearchProvider provider in opened.Providers)
            if (await AskAsync(provider, finding, QuestionsOf(finding, markets), gathered, cancellationToken) is { } problem) problems.Add(problem);
        (finding.LeftOut, finding.Problems) = (gathered.LeftOut, problems.Count == 0 ? null : string.Join('\n', problems));
        return gathered.Shops;
    }

    /// <summary>Each question for each market that it fits: words for those where their language is spoken, a name for all.</summary>
    internal static IReadOnlyList<(SearchTerm Term, string Market)> QuestionsOf(FindingRow finding, IReadOnlyList<string> markets) =>
    [
        .. from line in finding.Terms.Split('\n')
           let term = SearchTerm.Read(line)
           where term is not null
           from market in term.Language is null || !markets.Any(m => Speaks(m, term.Language)) ? markets : markets.Where(m => Speaks(m, term.Language))
           select (term, market),
    ];

    private static bool Speaks(string market, string language) => MarketCountry.Find(market)?.Languages.Contains(language) == true;

    /// <summary>Asks one service; null, or why it was asked no further.</summary>
    private static async Task<string?> AskAsync(ISearchProvider provider, FindingRow finding, IReadOnlyList<(SearchTerm Term, string Market)> questions, Gathered gathered, CancellationToken cancellationToken)
    {
        string? silent = null;
        int asked = 0;
        foreach ((SearchTerm term, string market) in questions)
        {
            int rank = 0;
            for (int page = 1; page <= PagesOfQuestion; page++)
            {
                if (gathered.IsFull) return silent;
                if (asked++ == MostQuestions) return $"{provider.Name}: asked {MostQuestions} questions; the rest was not asked.";
                ProviderAnswer answer = await provider.AskAsync(new ProviderQuery(term.Text, term.Language, market, page), cancellationToken);
                if (answer.Failure is { } failure) return $"{provider.Name}: {Explain(failure)} ({answer.Detail}).";
                finding.Asked++;
                finding.Results += answer.Results.Count;
                if (answer.Detail is { } missing) silent ??= $"{provider.Name}: {missing}.";
                int before = gathered.Seen;
                foreach (ProviderResult result in answer.Results) gathered.Add(result.Url, result.Title, provider.Name, term.ToString(), market, ++rank);
                // A page that repeats what was seen is the last that tells anything.
                if (!answer.HasMore || gathered.Seen == before) break;
            }
        }
        return silent;
    }

    /// <summary>A failure in words, with what mends it.</summary>
    public static string Explain(ProviderFailure failure) => failure switch
    {
        ProviderFailure.NotAllowed => "its address is internal, so it was not asked; an administrator can allow it when the server is started (touchstone serve --allow-host)",
        ProviderFailure.Unreachable => "it did not answer",
        ProviderFailure.Refused => "it refuses; check the key, or for SearXNG that json is among its formats",
        ProviderFailure.TooOften => "it was asked too often and wants a longer pause; look again later",
        ProviderFailure.NotUnderstood => "it answered something else than results",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "Unknown failure."),
    };

    /// <summary>The sites of a finding so far. Not safe for concurrent use.</summary>
    private sealed class Gathered(IgnoredHosts ignored, IReadOnlySet<string> known, FindingRow finding, TimeProvider clock)
    {
        private readonly Dictionary<string, FoundShopRow> _shops = new(StringComparer.Ordinal);
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public bool IsFull => _shops.Count >= finding.MostShops;

        public IReadOnlyList<FoundShopRow> Shops => [.. _shops.Values];

        public int LeftOut { get; private set; }

        /// <summary>How many different pages were seen.</summary>
        public int Seen => _seen.Count;

        public void Add(string address, string? title, string provider, string query, string market, int rank)
        {
            if (FoundSite.Of(address) is not (var url, var site) || !_seen.Add(url)) return;
            if (ignored.Has(site) || NoPages.Any(e => new Uri(url).AbsolutePath.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
            {
                LeftOut++;
                return;
            }
            if (known.Contains(site)) return;
            string? name = title is null ? null : WholeCharacters.Cut(WholeCharacters.Mend(title), LongestTitle).Replace("\0", "", StringComparison.Ordinal);
            if (_shops.TryGetValue(site, out FoundShopRow? shop))
            {
                if (rank < shop.Rank) (shop.Url, shop.Title, shop.Provider, shop.Query, shop.Market, shop.Rank) = (url, name, provider, query, market, rank);
                return;
            }
            if (!IsFull) _shops[site] = new FoundShopRow { Host = site, Url = url, Title = name, Provider = provider, Query = query, Market = market, Rank = rank, FoundAt = clock.GetUtcNow() };
        }
    }
}
