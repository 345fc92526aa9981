using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>A hit with what is known of both sides, flat, for spreadsheets and programs.</summary>
public sealed record ExportedHit(
    long Id, HitState State, Verdict Verdict, Relation Relation, double Probability, DateTimeOffset FoundAt, string? DecidedBy, DateTimeOffset? DecidedAt, RejectReason? Reason, string? Note,
    string? Shop, string? ListingUrl, string? ListingName, string? Seller, string? Brand, string? Gtin, decimal? Price, string? Currency, string? Register, string ReferenceExternalId, string ReferenceTitle, long? CaseId, string? ImageSha256,
    int? VariantsFound, string? SafetyMissing, bool? LacksResponsiblePerson, IReadOnlyList<string> Targets, IReadOnlyList<string> MayTarget);

/// <summary>Hits as a stream, in the queue's order, so that any number of them fits.</summary>
internal static class HitExport
{
    private const int Batch = 500;

    private static readonly string[] Columns =
    [
        "id", "state", "verdict", "relation", "probability", "found_at", "decided_by", "decided_at", "reason", "note", "shop", "listing_url", "listing_name", "seller", "brand", "gtin", "price", "currency",
        "register", "reference_id", "reference_title", "case_id", "image_sha256", "variants_found", "safety_missing", "lacks_responsible_person", "targets", "may_target",
    ];

    public static async IAsyncEnumerable<ExportedHit> ReadAsync(TouchstoneDb db, HitFilter filter, HitOrder order, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (double, long)? place = null;
        while (true)
        {
            List<HitRow> rows = await HitQueries.After(HitQueries.Where(db, filter, now).Include(x => x.Match!.Screening!.Observation).Include(x => x.Reference!.Register), order, place).Take(Batch).ToListAsync(cancellationToken);
            string[] hosts = [.. rows.Select(r => r.Listing?.Shop?.Host).OfType<string>().Distinct(StringComparer.Ordinal)];
            ILookup<string, ShopMarketRow> markets = (await db.ShopMarkets.AsNoTracking().Where(m => EF.Parameter(hosts).Contains(m.Host)).OrderBy(m => m.Country).ToListAsync(cancellationToken)).ToLookup(m => m.Host, StringComparer.Ordinal);
            foreach (HitRow row in rows) yield return Of(row, markets[row.Listing?.Shop?.Host ?? ""]);
            if (rows.Count < Batch) yield break;
            place = HitQueries.PlaceOf(rows[^1], order);
        }
    }

    /// <summary>Writes a header and a line for each hit; a value that a spreadsheet would run as a formula gets an apostrophe in front.</summary>
    public static async Task WriteCsvAsync(IAsyncEnumerable<ExportedHit> hits, TextWriter output, CancellationToken cancellationToken)
    {
        await using CsvWriter csv = CsvWriter.Create(output, new CsvWriterOptions { Injection = CsvInjection.Escape }, leaveOpen: true);
        await csv.WriteRecordAsync(Columns, cancellationToken);
        await foreach (ExportedHit x in hits.WithCancellation(cancellationToken))
            await csv.WriteRecordAsync(
                [
                    Text(x.Id), x.State.ToString(), x.Verdict.ToString(), x.Relation.ToString(), x.Probability.ToString("0.####", CultureInfo.InvariantCulture), Text(x.FoundAt), x.DecidedBy, x.DecidedAt is { } at ? Text(at) : null,
                    x.Reason?.ToString(), x.Note, x.Shop, x.ListingUrl, x.ListingName, x.Seller, x.Brand, x.Gtin, x.Price?.ToString(CultureInfo.InvariantCulture), x.Currency, x.Register, x.ReferenceExternalId, x.ReferenceTitle,
                    x.CaseId is { } id ? Text(id) : null, x.ImageSha256, x.VariantsFound is { } found ? Text(found) : null, x.SafetyMissing, x.LacksResponsiblePerson switch { true => "true", false => "false", _ => null }, string.Join(' ', x.Targets), string.Join(' ', x.MayTarget),
                ],
                cancellationToken);
        await csv.FlushAsync(cancellationToken);
    }

    private static ExportedHit Of(HitRow x, IEnumerable<ShopMarketRow> markets)
    {
        ObservationRow? seen = x.Match?.Screening?.Observation;
        return new ExportedHit(
            x.Id, x.State, x.Verdict, x.Relation, x.Probability, x.FoundAt, x.DecidedBy, x.DecidedAt, x.Reason, x.Note, x.Listing?.Shop?.Host, x.Listing?.Url, seen?.Name ?? x.Listing?.Name, seen?.Seller, seen?.Brand, seen?.Gtin,
            seen?.Price, seen?.Currency, x.Reference?.Register?.Name, x.Reference?.ExternalId ?? "", x.Reference?.Title ?? "", x.CaseId, x.Match?.ImageSha256,
            seen?.VariantsFound, seen is { Safety: not null } ? string.Join(' ', SafetyColumn.Read(seen).Where(p => p.State == SafetyState.Missing).Select(p => p.Point)) : null, seen?.LacksResponsiblePerson,
            [.. markets.Where(m => m.Standing == MarketStanding.Targets).Select(m => m.Country)], [.. markets.Where(m => m.Standing == MarketStanding.MayTarget).Select(m => m.Country)]);
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
