using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Evaluation.Extraction;

/// <summary>
/// Reads real product pages and holds price, SKU and availability against what people wrote down, in the layout and by the count of the public product extraction benchmark
/// (github.com/scrapinghub/product-extraction-benchmark): <c>dataset/ground-truth.json</c> names for each page its address and the values that are right, <c>dataset/html</c> holds the pages.
/// Deterministic, but for the time.
/// </summary>
public static class ExtractionEvaluation
{
    /// <param name="folder">The benchmark's folder.</param>
    /// <exception cref="InvalidDataException">The folder does not hold the benchmark; the message says what is missing.</exception>
    public static ExtractionReport Run(string folder, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string truth = Path.Combine(folder, "dataset", "ground-truth.json");
        if (!File.Exists(truth)) throw new InvalidDataException($"{folder} holds no dataset/ground-truth.json: name the folder of the product extraction benchmark.");
        long start = Stopwatch.GetTimestamp();
        Dictionary<string, Dictionary<string, JsonElement>> pages = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, JsonElement>>>(File.ReadAllText(truth)) ?? [];
        var reader = new SavedPages(new ListingExtractor());
        List<ReadPage> read = [];
        foreach ((string name, Dictionary<string, JsonElement> wanted) in pages.OrderBy(page => page.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string file = Path.Combine(folder, "dataset", "html", $"{name}.html.gz");
            if (!File.Exists(file)) throw new InvalidDataException($"{file} is missing.");
            read.Add(new ReadPage(name, wanted, reader.Extract(new SavedPage(file, wanted["url"].GetString() ?? "")).Listing));
            progress?.Report(new EvaluationProgress("pages", read.Count, pages.Count));
        }
        (string Pages, Func<ReadPage, bool> Counts)[] parts = [("all", static _ => true), ("developed on (names that begin with an even digit)", static p => IsEven(p.Name)), ("not looked at", static p => !IsEven(p.Name))];
        return new ExtractionReport
        {
            Pages = read.Count,
            Unlisted = read.Count(static p => p.Listing is null),
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Scores = [.. from part in parts from fact in Facts let counted = read.Where(part.Counts).ToList() select Score(part.Pages, fact.Name, fact.Said, counted)],
        };
    }

    private const string Offered = "InStock", AsRead = "availability as read";

    /// <summary>The facts counted. Availability is counted twice: as the benchmark counts it, where what was not read is in stock, and as it was read.</summary>
    private static (string Name, Func<ListingFacts?, string?> Said)[] Facts =>
    [
        ("price", static facts => facts?.Price?.ToString(CultureInfo.InvariantCulture)),
        ("sku", static facts => facts?.Sku),
        ("availability", static facts => Stated(facts) ?? Offered),
        (AsRead, Stated),
    ];

    private static string? Stated(ListingFacts? facts) => facts?.Availability is { } said ? IsOffered(said) ? Offered : "OutOfStock" : null;

    private static bool IsOffered(Availability availability) => availability is not (Availability.OutOfStock or Availability.SoldOut or Availability.Discontinued);

    private static bool IsEven(string name) => Convert.ToInt32(name[..1], 16) % 2 == 0;

    /// <summary>As the benchmark counts: a wrong value is both false and missed.</summary>
    private static ExtractionScore Score(string part, string fact, Func<ListingFacts?, string?> said, IReadOnlyList<ReadPage> pages)
    {
        (int right, int wrong, int missed, int support) = (0, 0, 0, 0);
        foreach (ReadPage page in pages)
        {
            string[] wanted = page.Wanted.TryGetValue(fact == AsRead ? "availability" : fact, out JsonElement values) ? [.. values.EnumerateArray().Select(static v => v.GetString()!.Trim())] : [];
            string? value = said(page.Listing);
            if (wanted.Length > 0) support++;
            if (value is not null && wanted.Any(w => AreSame(fact, w, value))) right++;
            else
            {
                if (value is not null) wrong++;
                if (wanted.Length > 0) missed++;
            }
        }
        return new ExtractionScore(part, fact, right, wrong, missed, support);
    }

    private static bool AreSame(string fact, string wanted, string value) =>
        fact == "price" ? decimal.TryParse(wanted, CultureInfo.InvariantCulture, out decimal a) && a == decimal.Parse(value, CultureInfo.InvariantCulture) : wanted == value;

    private sealed record ReadPage(string Name, Dictionary<string, JsonElement> Wanted, ListingFacts? Listing);
}
