using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Rendering;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>
/// The report of a bundle that people read without this program, as HTML that needs nothing but the bundle's pictures: who saw what, when and where, the pictures side by side, what speaks for and against each
/// match, the hashes, and how to check them. Its own words are English; what shops and registers say stays in their languages. Chromium prints it because it sets every script for which
/// there is a typeface, and embeds what it used; a PDF library would need a typeface file for each script. Pure.
/// </summary>
internal sealed class EvidenceReport(CaseRow of, IReadOnlyList<HitRow> hits, IReadOnlyDictionary<string, EvidencePart> pictures, IReadOnlyList<Screenshot> screenshots, EvidenceTools tools)
{
    // Larger ones would make a report that no mail takes; they are in the bundle.
    private const int LargestPicture = 4 << 20;

    private long room = 64 << 20;

    private const string Style = """
        @page { size: A4; margin: 18mm 16mm; }
        body { font: 10pt/1.4 Inter, 'Inter Variable', 'Noto Sans CJK KR', 'Noto Sans', sans-serif; color: #111; }
        h1 { font-size: 18pt; margin: 0 0 4mm; } h2 { font-size: 13pt; margin: 8mm 0 2mm; break-after: avoid; } h3 { font-size: 11pt; margin: 4mm 0 1mm; break-after: avoid; }
        table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: 1mm 2mm 1mm 0; border-bottom: .2mm solid #ccc; overflow-wrap: anywhere; }
        th { width: 34mm; font-weight: 600; } .hash { font: 7.5pt/1.3 monospace; overflow-wrap: anywhere; } .pair { display: flex; gap: 6mm; break-inside: avoid; } figure { margin: 2mm 0; flex: 1; min-width: 0; }
        .pair img { max-width: 100%; max-height: 90mm; object-fit: contain; border: .2mm solid #ccc; } figcaption { font-size: 8pt; color: #444; overflow-wrap: anywhere; }
        .page img { width: 100%; max-height: 215mm; object-fit: cover; object-position: top; border: .2mm solid #ccc; } section.hit { break-before: page; } li { margin: .5mm 0; } pre { font-size: 8pt; white-space: pre-wrap; overflow-wrap: anywhere; }
        """;

    private readonly StringBuilder html = new();

    /// <summary>What was done about the case.</summary>
    public CaseWork Work { get; init; } = CaseWork.None;

    /// <param name="parts">Every part but the report.</param>
    public string Write(VerbContext context, DateTimeOffset madeAt, SigningKey? key, string auditHead, EvidenceParts parts)
    {
        html.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(Text($"Evidence of case {of.Id}: {of.Title}")).Append("</title><style>").Append(tools.Typeface).Append(Style).Append("</style></head><body>");
        html.Append("<h1>").Append(Text($"Evidence of case {of.Id}: {of.Title}")).Append("</h1>");
        Table(
            ("Made", Instant(madeAt)), ("By", context.Actor), ("Program", EvidenceArchive.Software), ("Signed by the key", key is null ? null : SigningKey.NameOf(key.PublicKey)),
            ("Time-stamped by", tools.Authority?.Url.ToString() ?? "nobody: no time-stamping authority is configured, and the time is the installation's own"), ("Audit log at", auditHead),
            ("Case opened", $"{Instant(of.OpenedAt)} by {of.OpenedBy}"), ("Case state", of.State.ToString()), ("Outcome", of.Outcome), ("Market", of.Market));
        html.Append("<p>A picture <em>matches</em> a reference where measurements say so; whether a product is what the reference describes was decided by the people named here.</p>");
        foreach (HitRow hit in hits) WriteHit(hit);
        WriteWork();
        WriteScreenshots();
        WriteLacks(parts);
        WriteHashes(parts);
        WriteHowTo();
        return html.Append("</body></html>").ToString();
    }

    private void WriteHit(HitRow hit)
    {
        ObservationRow? seen = hit.Match?.Screening?.Observation;
        ReferenceRow? reference = hit.Reference;
        html.Append("<section class=\"hit\"><h2>").Append(Text($"Hit {hit.Id}: {seen?.Name ?? hit.Listing?.Name ?? "field photo"} and {reference?.Title}")).Append("</h2>");
        html.Append("<h3>What was seen</h3>");
        if (seen is null) Table(("Field photo of capture", hit.CaptureId?.ToString(CultureInfo.InvariantCulture)));
        else
            Table(
                ("Address", seen.Listing!.Url), ("Shop", seen.Listing.Shop?.Host), ("Offered as", seen.Name), ("Price", seen.Price is { } price ? string.Create(CultureInfo.InvariantCulture, $"{price:0.##} {seen.Currency}") : null),
                ("Seller", seen.Seller), ("Brand", seen.Brand), ("GTIN", seen.Gtin), ("First seen so", Instant(seen.FirstSeenAt)), ("Last seen so", Instant(seen.LastSeenAt)), ("SHA-256 of the page", seen.PageSha256));
        if (seen is not null) WriteOffer(seen);
        html.Append("<h3>What it was compared with</h3>");
        Table(
            ("Register", reference?.Register?.Name), ("Reference", reference?.ExternalId), ("Title", reference?.Title), ("Kind", reference?.Kind.ToString()), ("Brand", reference?.Brand), ("Danger", reference?.Danger), ("Measures", reference?.Measures),
            ("Right holder", reference?.RightHolder), ("Source", reference?.SourceUrl));
        html.Append("<div class=\"pair\">");
        Figure(hit.Match?.ImageSha256, "The picture of the offer");
        Figure(hit.Match?.ReferenceImageSha256, "The picture of the reference");
        html.Append("</div><h3>How they match</h3>");
        ScreeningRow? screening = hit.Match?.Screening;
        Table(
            ("Relation", hit.Relation.ToString()), ("Probability", hit.Probability.ToString("P1", CultureInfo.InvariantCulture)), ("Verdict", hit.Verdict.ToString()), ("Screened", screening is null ? null : Instant(screening.ScreenedAt)),
            ("Model", screening?.ModelId), ("Calibration profile", screening?.ProfileId), ("Registers up to change", screening?.GallerySequence.ToString(CultureInfo.InvariantCulture)), ("State of the gallery", screening?.GalleryFingerprint));
        MatchSignals signals = SignalsOf(hit.Match);
        List("For", signals.For);
        List("Against", signals.Against);
        List("Notes", signals.Notes);
        html.Append("<h3>What people decided</h3>");
        List(null, [.. hit.Decisions.OrderBy(x => x.Id).Select(x => $"{Instant(x.DecidedAt)}, {x.DecidedBy}: {x.State}{(x.Note is null ? "" : $" ({x.Note})")}")]);
        html.Append("</section>");
    }

    /// <summary>The forms in which it was offered, and what of Article 19 the page stated.</summary>
    private void WriteOffer(ObservationRow seen)
    {
        if (seen.Variants.Count > 0)
        {
            html.Append("<h3>Variants offered</h3>");
            List(null, [.. seen.Variants.OrderBy(x => x.Position).Select(SentenceOf), .. seen.VariantsFound > seen.Variants.Count ? [$"and {seen.VariantsFound - seen.Variants.Count} more"] : Array.Empty<string>()]);
        }
        IReadOnlyList<SafetyStatement> points = SafetyColumn.Read(seen);
        if (points.Count == 0) return;
        html.Append("<h3>What the offer states of the product's safety (Regulation (EU) 2023/988, Article 19)</h3>");
        Table([.. points.Select(x => (EvidenceSafety.NameOf(x.Point), (string?)EvidenceSafety.SentenceOf(x)))]);
    }

    private static string SentenceOf(ObservationVariantRow x) => string.Join(", ", new[]
    {
        x.Name, x.Sku is null ? null : $"SKU {x.Sku}", x.Gtin is null ? null : $"GTIN {x.Gtin}", x.Mpn is null ? null : $"MPN {x.Mpn}",
        x.Price is { } price ? string.Create(CultureInfo.InvariantCulture, $"{price:0.##} {x.Currency ?? x.Observation?.Currency}").TrimEnd() : null, x.Availability?.ToString(),
    }.OfType<string>());

    private void WriteWork()
    {
        foreach ((string heading, IReadOnlyList<string> lines) in CaseWorkReport.Of(Work))
        {
            html.Append("<h2>").Append(Text(heading)).Append("</h2>");
            List(null, lines);
        }
    }

    private void WriteScreenshots()
    {
        foreach (Screenshot shot in screenshots.Where(x => Fits(x.Bytes)))
            html.Append("<section class=\"hit\"><figure class=\"page\"><figcaption>").Append(Text($"{shot.Description}. The top of it; all of it is {shot.Path}.")).Append("</figcaption><img alt=\"\" src=\"").Append(ChromiumRenderer.OwnParts).Append(Text(shot.Path)).Append("\"></figure></section>");
    }

    private void WriteLacks(EvidenceParts parts)
    {
        if (parts.Missing.Count + parts.Absent.Count == 0) return;
        html.Append("<h2>What is not here</h2>");
        List(null, [.. parts.Missing.Select(x => $"{x.Sha256}: {x.Why}"), .. parts.Absent.Select(x => $"{x.Path}: {x.Why}")]);
    }

    private void WriteHashes(EvidenceParts parts)
    {
        html.Append("<h2>What the bundle holds</h2><table>");
        foreach (EvidencePart part in parts.Added)
            html.Append("<tr><td>").Append(Text(part.Path)).Append("<br><span class=\"hash\">SHA-256 ").Append(part.Sha256).Append("</span></td><td>").Append(Text(part.Description)).Append("</td></tr>");
        html.Append("</table>");
    }

    private void WriteHowTo() => html.Append("<h2>How to check it</h2><p>With Touchstone, without a connection: <code>touchstone evidence verify FILE</code>; it names the first bytes that do not hold. With other programs, after unpacking:</p><pre>").Append(Text("""
        sha256sum FILE                                       each file has the hash that manifest.json names
        openssl dgst -sha256 -verify manifest.pem -signature manifest.sig manifest.json
        openssl ts -verify -data manifest.json -in manifest.tsr -token_in -CAfile AUTHORITY.pem
        """)).Append("</pre><p>archive.wacz opens in any viewer of web archives (WACZ), such as ReplayWeb.page. Whoever handed the bundle out names the key that signs for it.</p>");

    private void Figure(string? sha256, string title)
    {
        html.Append("<figure>");
        if (sha256 is not null && pictures.TryGetValue(sha256, out EvidencePart? picture) && picture.Bytes <= LargestPicture && Fits(picture.Bytes))
            html.Append("<img alt=\"\" src=\"").Append(ChromiumRenderer.OwnParts).Append(Text(picture.Path)).Append("\">");
        html.Append("<figcaption>").Append(Text(sha256 is null ? $"{title}: none; it matches by what is written" : pictures.ContainsKey(sha256) ? title : $"{title}: its bytes are not in the bundle"))
            .Append("<br><span class=\"hash\">").Append(sha256 is null ? "" : $"SHA-256 {sha256}").Append("</span></figcaption></figure>");
    }

    /// <summary>Whether a picture still fits into the report, and takes its room.</summary>
    private bool Fits(long bytes) => (room -= bytes) >= 0;

    private void Table(params (string Name, string? Value)[] rows)
    {
        html.Append("<table>");
        foreach ((string name, string? value) in rows)
            if (!string.IsNullOrWhiteSpace(value)) html.Append("<tr><th>").Append(Text(name)).Append("</th><td>").Append(Text(value)).Append("</td></tr>");
        html.Append("</table>");
    }

    private void List(string? title, IReadOnlyList<string> items)
    {
        if (items.Count == 0 && title is not null) return;
        if (title is not null) html.Append("<p><strong>").Append(Text(title)).Append("</strong></p>");
        html.Append("<ul>");
        foreach (string item in items.Count == 0 ? ["nothing yet"] : items) html.Append("<li>").Append(Text(item)).Append("</li>");
        html.Append("</ul>");
    }

    private static MatchSignals SignalsOf(MatchRow? match)
    {
        try
        {
            return match is null ? new MatchSignals() : JsonSerializer.Deserialize<MatchSignals>(match.Signals, JsonSerializerOptions.Web) ?? new MatchSignals();
        }
        catch (JsonException)
        {
            return new MatchSignals { Notes = ["The kept signals cannot be read."] };
        }
    }

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    private static string Instant(DateTimeOffset at) => FormattableString.Invariant($"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
}
