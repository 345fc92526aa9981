using System.Text.Json;
using System.Text.RegularExpressions;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Recalls of US authorities as JSON: the CPSC's present interface (an array with <c>RecallID</c>, <c>Products</c>, <c>Images</c>), and the
/// joint search interface of the years before (<c>success.results</c> with records of the CPSC, the NHTSA and the FDA); and enforcement reports of openFDA.
/// </summary>
public sealed partial class CpscJsonImporter : IRegisterImporter
{
    // Enforcement reports describe a product in a text that may be a page long.
    private const int LongestTitle = 200;

    // Members of a record of each interface.
    private static readonly string[] Markers = ["RecallID", "recall_number", "recall_url"];

    public string Format => "cpsc";

    public string Summary => "US CPSC recalls in JSON, present or former interface (NHTSA, FDA and openFDA records too)";

    public string? Licence => "US government, public domain";

    public bool Recognises(ImportFiles files, string name, string head) =>
        head.Contains("\"RecallID\"", StringComparison.Ordinal) || head.Contains("\"recall_url\"", StringComparison.Ordinal) || head.Contains("\"recall_number\"", StringComparison.Ordinal);

    public IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, CancellationToken cancellationToken) => RegisterReading.JsonAsync(files, name, x => x.Any(Markers.Contains), Parse, cancellationToken);

    private static ParsedReference Parse(JsonElement recall, string raw)
    {
        if (recall.TextOf("RecallID") is not null) return Present(recall, raw);
        if (recall.TextOf("recalling_firm") is not null) return Enforcement(recall, raw);
        return recall.TextOf("organization") switch
        {
            "CPSC" => Former(recall, raw),
            "NHTSA" => Vehicle(recall, raw),
            null when recall.TextOf("prodname") is not null => Food(recall, raw),
            null => throw new RecordException("The record names neither a recall number nor a product."),
            { } other => throw new RecordException($"The record is of {other}; those of CPSC, NHTSA and FDA are read."),
        };
    }

    internal static ParsedReference Present(JsonElement recall, string raw)
    {
        string id = ReferenceText.CleanLine(recall.TextOf("RecallNumber")) ?? ReferenceText.CleanLine(recall.TextOf("RecallID")) ?? throw new RecordException("The recall has no number.");
        JsonElement[] products = [.. recall.ItemsOf("Products")];
        IReadOnlyList<string> models = ReferenceText.Distinct(products.SelectMany(x => ReferenceText.Models(x.TextOf("Model"))));
        (IReadOnlyList<RiskType> risks, IReadOnlyList<string> others) = Risks.ParseAll(recall.ItemsOf("Hazards").Select(x => x.TextOf("HazardType") ?? "").Where(x => x.Length > 0));
        return new ParsedReference
        {
            ExternalId = "CPSC-" + id,
            Kind = ReferenceKind.Alert,
            Title = ReferenceText.CleanLine(products.Select(x => x.TextOf("Name")).FirstOrDefault()) ?? ReferenceText.CleanLine(recall.TextOf("Title")) ?? throw new RecordException($"The recall {id} has no product and no title."),
            Brands = ReferenceText.Distinct(recall.ItemsOf("Manufacturers").Select(x => ReferenceText.CleanBrand(x.TextOf("Name")))),
            Models = models,
            Category = ReferenceText.CleanLine(products.Select(x => x.TextOf("Type")).FirstOrDefault()),
            Description = ReferenceText.Clean(recall.TextOf("Description")),
            Risks = risks,
            OtherRisks = others,
            Danger = ReferenceText.Clean(string.Join('\n', recall.ItemsOf("Hazards").Select(x => x.TextOf("Name")))),
            Measures = ReferenceText.Clean(string.Join('\n', recall.ItemsOf("Remedies").Select(x => x.TextOf("Name")))),
            NotifyingCountry = "United States",
            CountryOfOrigin = CountriesOf(recall.ItemsOf("ManufacturerCountries").Select(x => x.TextOf("Country"))),
            OnlineTrader = ReferenceText.CleanLine(string.Join("; ", recall.ItemsOf("Retailers").Select(x => x.TextOf("Name")))),
            SourceUrl = RegisterReading.Url(recall.TextOf("URL")),
            PublishedOn = RegisterReading.Date(recall.TextOf("RecallDate")),
            Identifiers =
            [
                .. recall.ItemsOf("ProductUPCs").SelectMany(x => ParsedIdentifier.Barcodes(x.TextOf("UPC"))).Distinct(),
                .. models.Select(x => ParsedIdentifier.Of(IdentifierScheme.Model, x)),
            ],
            Pictures = [.. recall.ItemsOf("Images").Select(x => RegisterReading.Url(x.TextOf("URL"))).OfType<string>().Distinct(StringComparer.Ordinal).Select(x => new PictureSource.Web(x))],
            RawPayload = raw,
        };
    }

    private static ParsedReference Former(JsonElement recall, string raw)
    {
        string id = ReferenceText.CleanLine(recall.TextOf("recall_number")) ?? throw new RecordException("The recall has no recall_number.");
        IReadOnlyList<string> descriptions = ReferenceText.Distinct(recall.TextsOf("descriptions").Select(ReferenceText.CleanLine));
        IReadOnlyList<string> types = ReferenceText.Distinct(recall.TextsOf("product_types").Select(ReferenceText.CleanLine));
        (IReadOnlyList<RiskType> risks, IReadOnlyList<string> others) = Risks.ParseAll(recall.TextsOf("hazards"));
        return new ParsedReference
        {
            ExternalId = "CPSC-" + id,
            Kind = ReferenceKind.Alert,
            Title = descriptions.FirstText() ?? types.FirstText() ?? throw new RecordException($"The recall {id} describes no product."),
            Brands = ReferenceText.Distinct(recall.TextsOf("manufacturers").Select(ReferenceText.CleanBrand)),
            Category = types.FirstText(),
            Description = ReferenceText.Clean(string.Join('\n', descriptions)),
            Risks = risks,
            OtherRisks = others,
            Danger = ReferenceText.Clean(string.Join(", ", recall.TextsOf("hazards"))),
            NotifyingCountry = "United States",
            CountryOfOrigin = CountriesOf(recall.TextsOf("countries")),
            SourceUrl = RegisterReading.Url(recall.TextOf("recall_url")),
            PublishedOn = RegisterReading.Date(recall.TextOf("recall_date")),
            Identifiers = [.. recall.TextsOf("upcs").SelectMany(ParsedIdentifier.Barcodes).Distinct()],
            RawPayload = raw,
        };
    }

    private static ParsedReference Vehicle(JsonElement recall, string raw)
    {
        string id = ReferenceText.CleanLine(recall.TextOf("recall_number")) ?? throw new RecordException("The recall has no recall_number.");
        JsonElement[] vehicles = [.. recall.ItemsOf("records")];
        IReadOnlyList<string> models = ReferenceText.Distinct(vehicles.Select(x => ReferenceText.CleanBrand(x.TextOf("model"))));
        IReadOnlyList<string> makes = ReferenceText.Distinct(vehicles.Select(x => ReferenceText.CleanBrand(x.TextOf("make"))));
        string? subject = ReferenceText.CleanLine(recall.TextOf("recall_subject"));
        return new ParsedReference
        {
            ExternalId = "NHTSA-" + id,
            Kind = ReferenceKind.Alert,
            Title = makes.Count > 0 ? $"{string.Join(", ", makes.Take(3))} {string.Join(", ", models.Take(3))}".Trim() : subject ?? throw new RecordException($"The recall {id} names no vehicle."),
            Brands = makes.Count > 0 ? makes : ReferenceText.Brands(recall.TextOf("manufacturer")),
            Models = models,
            Category = "Motor vehicles",
            Description = ReferenceText.Clean($"{subject}\n{recall.TextOf("defect_summary")}"),
            Danger = ReferenceText.Clean(recall.TextOf("consequence_summary")),
            Measures = ReferenceText.Clean(recall.TextOf("corrective_summary")),
            NotifyingCountry = "United States",
            SourceUrl = RegisterReading.Url(recall.TextOf("recall_url")),
            PublishedOn = RegisterReading.Date(recall.TextOf("recall_date")),
            ProductionDates = ReferenceText.Distinct(vehicles.Select(Period)),
            Identifiers =
            [
                .. models.Select(x => ParsedIdentifier.Of(IdentifierScheme.Model, x)),
                .. ReferenceText.Distinct([ReferenceText.CleanBrand(recall.TextOf("manufacturer_campaign_number"))]).Select(x => ParsedIdentifier.Of(IdentifierScheme.Recall, x)),
            ],
            RawPayload = raw,
        };
    }

    private static string? Period(JsonElement vehicle) =>
        (vehicle.TextOf("manufacturing_begin_date"), vehicle.TextOf("manufacturing_end_date")) is ({ } begin, { } end) ? $"{begin} - {end}" : null;

    private static ParsedReference Food(JsonElement recall, string raw)
    {
        string path = ReferenceText.CleanLine(recall.TextOf("recall_url")) ?? throw new RecordException("The FDA record has no recall_url, which is its only id.");
        string name = ReferenceText.CleanLine(recall.TextOf("prodname"))!;
        string? what = ReferenceText.CleanLine(recall.TextOf("description"));
        return new ParsedReference
        {
            ExternalId = "FDA-" + path[(path.LastIndexOf('/') + 1)..].Replace(".htm", "", StringComparison.OrdinalIgnoreCase),
            Kind = ReferenceKind.Alert,
            Title = what is null || name.Contains(what, StringComparison.OrdinalIgnoreCase) ? name : $"{what}: {name}",
            Brands = ReferenceText.Distinct([ReferenceText.CleanBrand(recall.TextOf("company"))]),
            Description = what,
            Danger = ReferenceText.Clean(recall.TextOf("reason")),
            NotifyingCountry = "United States",
            SourceUrl = RegisterReading.Url(path.StartsWith('/') ? "https://www.fda.gov" + path : path),
            PublishedOn = RegisterReading.Date(recall.TextOf("recall_date"), monthFirst: true),
            RawPayload = raw,
        };
    }

    /// <summary>An enforcement report as openFDA publishes it: the product is described in one text, with its barcodes and lots.</summary>
    private static ParsedReference Enforcement(JsonElement recall, string raw)
    {
        // One that is not classified yet has no number, only its event's.
        string id = ReferenceText.CleanLine(recall.TextOf("recall_number")) ?? ReferenceText.CleanLine(recall.TextOf("event_id")) ?? throw new RecordException("The recall has neither recall_number nor event_id.");
        string product = ReferenceText.Clean(recall.TextOf("product_description")) ?? throw new RecordException($"The recall {id} describes no product.");
        string? codes = ReferenceText.Clean(recall.TextOf("code_info"));
        string line = ReferenceText.CleanLine(product)!;
        return new ParsedReference
        {
            ExternalId = "FDA-" + id,
            Kind = ReferenceKind.Alert,
            Title = line.Length <= LongestTitle ? line : line[..LongestTitle].TrimEnd() + "…",
            Brands = ReferenceText.Distinct([ReferenceText.CleanBrand(recall.TextOf("recalling_firm"))]),
            Category = ReferenceText.CleanLine(recall.TextOf("product_type")),
            Description = ReferenceText.Clean($"{product}\n{codes}"),
            LevelText = ReferenceText.CleanLine(recall.TextOf("classification")),
            Danger = ReferenceText.Clean(recall.TextOf("reason_for_recall")),
            NotifyingCountry = "United States",
            PublishedOn = RegisterReading.Date(recall.TextOf("report_date", "recall_initiation_date")),
            Identifiers = [.. Barcode().Matches($"{product}\n{codes}").SelectMany(x => ParsedIdentifier.Barcodes(x.Groups[1].Value)).Where(x => x.Scheme == IdentifierScheme.Gtin && x.Valid).Distinct()],
            RawPayload = raw,
        };
    }

    // A label in running text, with the numbers behind it; what follows them is text again.
    [GeneratedRegex(@"\b(?:UPC|EAN|GTIN)\b\D{0,12}((?:\d[ -]?){7,13}\d)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Barcode();

    internal static string? CountriesOf(IEnumerable<string?> names)
    {
        string joined = string.Join(", ", ReferenceText.Distinct(names.Select(Countries.NameOf)));
        return joined.Length == 0 ? null : joined;
    }
}
