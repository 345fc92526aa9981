using System.Globalization;
using CsvHelper;
using Touchstone.Screening.Searches;

namespace Touchstone.Server.Queries;

/// <summary>What differs between two runs as CSV (UTF-8, comma, a header line), a part at a time.</summary>
internal static class DifferenceCsv
{
    private const int Batch = 500;

    private static readonly string[] Columns =
    [
        "change", "facts", "reason", "meaning", "shop", "url", "name_before", "name_after", "price_before", "price_after", "currency_before", "currency_after", "availability_before", "availability_after",
        "seller_before", "seller_after", "pictures_before", "pictures_after", "hits",
    ];

    public static async Task WriteAsync(CompareRuns compared, OfferChange? change, TextWriter output, CancellationToken cancellationToken)
    {
        await using CsvWriter csv = CsvWriter.Create(output, new CsvWriterOptions { Injection = CsvInjection.Escape }, leaveOpen: true);
        await csv.WriteRecordAsync(Columns, cancellationToken);
        long? last = null;
        while (await compared.PartAsync(change, last, Batch, cancellationToken) is { Count: > 0 } part)
        {
            foreach (OfferDifference x in part)
                await csv.WriteRecordAsync(
                    [
                        x.Change.ToString(), string.Join(' ', x.Facts), x.Reason, x.Meaning, x.Shop, x.Url, x.Before?.Name, x.After?.Name, Price(x.Before), Price(x.After), x.Before?.Currency, x.After?.Currency,
                        x.Before?.Availability?.ToString(), x.After?.Availability?.ToString(), x.Before?.Seller, x.After?.Seller, Pictures(x.Before), Pictures(x.After), string.Join(' ', x.HitIds),
                    ],
                    cancellationToken);
            last = part[^1].ListingId;
        }
        await csv.FlushAsync(cancellationToken);
    }

    private static string? Price(OfferState? state) => state?.Price?.ToString(CultureInfo.InvariantCulture);

    private static string? Pictures(OfferState? state) => state is null ? null : string.Join(' ', state.Pictures);
}
