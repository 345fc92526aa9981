using Touchstone.Crawling.Frontier;
using Touchstone.Crawling.Text;
using Touchstone.Screening.Finding;
using Touchstone.Screening.References.Registers;
using Touchstone.Screening.Storage;

namespace Touchstone.Screening.Searches;

/// <summary>Why a row of a list of shops was not taken.</summary>
public enum ShopRowProblem
{
    /// <summary>It names no address.</summary>
    Empty,

    /// <summary>What it names is no http or https address, and no host.</summary>
    NoAddress,

    /// <summary>An earlier row names the same shop and page.</summary>
    Repeated,

    /// <summary>The address is longer than any that is fetched.</summary>
    TooLong,

    /// <summary>The quotes of the row do not close.</summary>
    BrokenQuotes,

    /// <summary>The list has more rows than are taken.</summary>
    TooMany,
}

/// <param name="Line">The line on which the row begins, from 1.</param>
/// <param name="Text">What it names, at most 200 characters.</param>
public sealed record ShopRowRefused(int Line, string Text, ShopRowProblem Problem);

/// <summary>The shops of a CSV file.</summary>
/// <param name="Urls">Addresses in their order, each once.</param>
/// <param name="Refused">The rows that were not taken, and why; the first 1,000 of them.</param>
/// <param name="NotTaken">How many rows were not taken.</param>
public sealed record ShopList(IReadOnlyList<string> Urls, IReadOnlyList<ShopRowRefused> Refused, int NotTaken)
{
    public const int MostShops = 5_000;

    public const int MostBytes = 4 << 20;

    private const int LongestShown = 200, MostRefused = 1_000;

    private static readonly string[] Headings = ["url", "shop_url", "shop url", "link", "domain", "host", "website", "webseite", "hjemmeside", "homepage", "web", "site", "address", "adresse", "webshop", "shop", "shops"];

    /// <summary>
    /// Reads a CSV file (comma, semicolon, tab or bar; with a heading or without): the column of that heading, or else the first that names an address. A host without a scheme is asked by https.
    /// </summary>
    public static async Task<ShopList> ReadAsync(string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.TrimStart('\ufeff');
        (string header, char separator) = CsvRecords.Header(text);
        // One column of addresses has no separator: each of these may stand in an address.
        if (!header.Contains(separator, StringComparison.Ordinal)) separator = ',';
        List<string> urls = [];
        List<ShopRowRefused> refused = [];
        int notTaken = 0;
        HashSet<string> seen = new(StringComparer.Ordinal);
        int? column = null;
        bool first = true;
        using StringReader reader = new(text);
        await foreach (CsvRecord record in CsvRecords.ReadAsync(reader, separator, cancellationToken))
        {
            if (first && CsvRecords.NamedSeparator(record.Raw) is not null) continue;
            if (first)
            {
                first = false;
                column = HeadingOf(record.Fields);
                if (column is not null) continue;
            }
            string written = Cell(record.Fields, column);
            (string? url, ShopRowProblem problem) = record.Broken is not null ? (null, ShopRowProblem.BrokenQuotes) : Read(written);
            if (url is not null && !seen.Add(PageOf(url))) (url, problem) = (null, ShopRowProblem.Repeated);
            if (url is not null && urls.Count == MostShops) (url, problem) = (null, ShopRowProblem.TooMany);
            if (url is not null) urls.Add(url);
            else if (++notTaken <= MostRefused) refused.Add(new ShopRowRefused(record.Line, written.Length > LongestShown ? written[..LongestShown] : written, problem));
        }
        return new ShopList(urls, refused, notTaken);
    }

    /// <summary>
    /// Reads the bytes of such a file: by its byte order mark, or else UTF-8, or what office programs in the west save.
    /// </summary>
    public static Task<ShopList> ReadAsync(ReadOnlySpan<byte> file, CancellationToken cancellationToken) => ReadAsync(PageText.Decode(file, null), cancellationToken);

    /// <summary>A reason in words.</summary>
    public static string Explain(ShopRowProblem problem) => problem switch
    {
        ShopRowProblem.Empty => "it names no address",
        ShopRowProblem.NoAddress => "it is no http or https address, and no host",
        ShopRowProblem.Repeated => "an earlier row names it",
        ShopRowProblem.TooLong => "the address is too long",
        ShopRowProblem.BrokenQuotes => "its quotes do not close",
        ShopRowProblem.TooMany => $"more than {MostShops} shops are not taken",
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "Unknown problem."),
    };

    private static (string? Url, ShopRowProblem Problem) Read(string written)
    {
        if (written.Length == 0) return (null, ShopRowProblem.Empty);
        if (written.Length > StoredText.LongestUrl) return (null, ShopRowProblem.TooLong);
        bool hasScheme = written.Contains("://", StringComparison.Ordinal);
        if (written.Any(char.IsWhiteSpace) || (!hasScheme && !LooksLikeHost(written))) return (null, ShopRowProblem.NoAddress);
        return FoundSite.Of(hasScheme ? written : $"https://{written}") is (var url, _) ? (url, default) : (null, ShopRowProblem.NoAddress);
    }

    /// <summary>What two spellings of a shop's page share: with <c>www.</c> or without, by http or https.</summary>
    private static string PageOf(string url) => CanonicalUrl.SiteOf(new Uri(url).Authority) + new Uri(url).PathAndQuery;

    private static bool LooksLikeHost(string text)
    {
        string written = text.Split('/', '?', '#')[0].Split(':')[0];
        // A name may end in the dot of the root.
        string host = written.EndsWith('.') ? written[..^1] : written;
        return host.Contains('.', StringComparison.Ordinal) && !host.StartsWith('.') && !host.EndsWith('.') && !host.Contains('@', StringComparison.Ordinal);
    }

    private static int? HeadingOf(IReadOnlyList<string> fields)
    {
        // A column named "url" holds addresses where one named "shop" may hold names.
        foreach (string heading in Headings)
            for (int i = 0; i < fields.Count; i++)
                if (fields[i].Trim().Equals(heading, StringComparison.OrdinalIgnoreCase)) return i;
        return null;
    }

    private static string Cell(IReadOnlyList<string> fields, int? column)
    {
        if (column is { } known) return known < fields.Count ? fields[known].Trim() : "";
        return (fields.FirstOrDefault(f => Read(f.Trim()).Url is not null) ?? fields.FirstOrDefault(f => f.Trim().Length > 0) ?? "").Trim();
    }
}
