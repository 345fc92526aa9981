using System.Text.Json;

namespace Touchstone.Screening.References.Registers;

/// <summary>Safety Gate alerts as a JSON array of objects with the fields of the portal's pages (<c>alert_number</c>, <c>product_name</c>, <c>risk_type</c> …).</summary>
public sealed class SafetyGateJsonImporter : IRegisterImporter
{
    // Longer texts describe the product, shorter ones name it.
    private const int LongestName = 120;

    public string Format => "safety-gate-json";

    public string Summary => "EU Safety Gate alerts as a JSON array (alert_number, product_name, brand, risk_type …)";

    public string? Licence => SafetyGateRecord.Licence;

    public bool Recognises(ImportFiles files, string name, string head) => head.Contains("\"alert_number\"", StringComparison.Ordinal);

    public IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, CancellationToken cancellationToken) => RegisterReading.JsonAsync(files, name, x => x.Contains("alert_number"), Parse, cancellationToken);

    private static ParsedReference Parse(JsonElement alert, string raw)
    {
        string? text = alert.TextOf("product_description");
        bool names = ReferenceText.Clean(text) is { Length: <= LongestName } clean && !clean.Contains('\n', StringComparison.Ordinal);
        return new SafetyGateRecord
        {
            CaseNumber = alert.TextOf("alert_number"),
            Product = alert.TextOf("product_name"),
            Name = names ? text : null,
            Model = alert.TextOf("model", "type_number_of_model"),
            Description = names ? null : text,
            Category = alert.TextOf("product_category"),
            Brand = alert.TextOf("brand"),
            Batch = alert.TextOf("batch_number"),
            Barcode = alert.TextOf("barcode"),
            RiskType = alert.TextOf("risk_type"),
            Level = alert.TextOf("risk_level"),
            Danger = alert.TextOf("risk_description"),
            Measures = alert.TextOf("measures_authorities", "measures"),
            RecallCode = alert.TextOf("company_recall_code"),
            ProductionDates = alert.TextOf("production_dates"),
            NotifyingCountry = alert.TextOf("notifying_country"),
            CountryOfOrigin = alert.TextOf("country_of_origin"),
            OnlineTrader = alert.TextOf("online_trader"),
            RecallUrl = alert.TextOf("url_recall"),
            Reference = alert.TextOf("url", "reference"),
            PublishedOn = RegisterReading.Date(alert.TextOf("published_on", "publication_date")),
            Pictures = [.. PicturesOf(alert)],
            RawPayload = raw,
        }.Parse();
    }

    /// <summary>Pictures as an array, or as one text of URLs apart by commas; a URL may hold commas itself.</summary>
    internal static IEnumerable<string> PicturesOf(JsonElement record) =>
        record.TextsOf("images").Concat(record.TextsOf("pictures")).Concat(SplitUrls(record.TextOf("images", "pictures")));

    private static IEnumerable<string> SplitUrls(string? text)
    {
        string rest = text ?? "";
        while (rest.Length > 0)
        {
            int next = rest.IndexOf(",http", StringComparison.OrdinalIgnoreCase);
            yield return next < 0 ? rest : rest[..next];
            rest = next < 0 ? "" : rest[(next + 1)..];
        }
    }
}
