using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// A table for everyone else: a header line, then one reference a line; comma, semicolon, tab or bar between the fields, or what a line
/// <c>sep=;</c> before the header names; UTF-8 or UTF-16, and bytes that are neither are windows-1252. Columns, in
/// any order, upper or lower case, most under several names: id, kind (alert, design, mark, genuine product, known fake), title, brand,
/// model, category, description, risk_types, risk_level, danger, measures, notifying_country, country_of_origin, territory, expires_on,
/// right_holder, contact, online_trader, url, recall_url, published_on, production_dates, gtin, mpn, batch, registration, classes
/// (<c>Nice 9|Vienna 26.4.2|Locarno 21-01</c>) and pictures. Several values in a field are apart by a bar. Fields hold text,
/// not markup. A picture is an http(s) URL or a
/// file relative to the table, in its folder or in <c>pictures</c> or <c>images</c> beside it. Only a title is needed; without an id the
/// title, brand, model and GTIN identify the reference.
/// </summary>
public sealed partial class CsvImporter : IRegisterImporter
{
    private static readonly Dictionary<string, string> Columns = Aliases(
        "id: reference id|external id|externalid|number|case number|alert number|key", "kind: type of reference|reference kind", "title: name|product|product name|label|mark",
        "brand: brands|brand name|make", "model: models|type|type number|model number", "category: product category", "description: product description|notes",
        "risk types: risk type|risk|risks|hazard|hazards", "risk level: level", "danger: risk description|reason", "measures: measure|remedy", "notifying country: notified by|country",
        "country of origin: origin|made in", "territory: territories|valid in", "expires on: expires|expiry|expiry date|valid until", "right holder: owner|holder|rightholder|company",
        "contact: right holder contact|email|e mail|owner email", "online trader: marketplace|trader|shop", "url: source url|link|source", "recall url: recall", "published on: date|published|publication date|recall date",
        "production dates: production date|produced", "gtin: ean|upc|barcode|barcodes|gtin13|gtins", "mpn: part number|manufacturer part number|sku", "batch: batch number|lot|batches",
        "registration: registration number|application number|right number", "classes: class|nice|locarno|vienna", "pictures: picture|image|images|image url|photo|photos|file|files|filename|picture url|image file");

    public string Format => "csv";

    public string Summary => "A table with a header line, pictures as URLs or as files beside it (columns: see the documentation)";

    public string? Licence => null;

    public bool Recognises(ImportFiles files, string name, string head)
    {
        if (!(name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase))) return false;
        (string first, char separator) = CsvRecords.Header(head);
        string[] columns = [.. first.Split(separator).Select(Column).OfType<string>()];
        return columns.Contains("title", StringComparer.Ordinal);
    }

    public async IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using StreamReader? reader = RegisterReading.Reader(files, name);
        if (reader is null) yield break;
        char separator = CsvRecords.Header(RegisterReading.Text(files.Head(name))).Separator;
        List<string?>? header = null;
        string? first = null;
        await foreach (CsvRecord record in CsvRecords.ReadAsync(reader, separator, cancellationToken))
        {
            string row = $"{name}:{record.Line}";
            first ??= row;
            if (header is null)
            {
                if (row == first && CsvRecords.NamedSeparator(record.Raw) is not null) continue;
                header = [.. record.Fields.Select(Column)];
                if (header.Contains("title")) continue;
                yield return new ImportRecord.Rejected("The header line names no title column.", OfFile: true) { Row = row };
                yield break;
            }
            yield return RegisterReading.Try(row, () => Parse(files, name, header, record));
        }
    }

    internal static ParsedReference Parse(ImportFiles files, string name, List<string?> header, CsvRecord record)
    {
        if (record.Broken is not null) throw new RecordException(record.Broken);
        if (record.Fields.Count > header.Count && record.Fields.Skip(header.Count).Any(x => !string.IsNullOrWhiteSpace(x)))
            throw new RecordException($"The line has {record.Fields.Count} fields, the header {header.Count}.");
        string? Text(string column) => ReferenceText.Clean(string.Join('|', header.Zip(record.Fields).Where(x => x.First == column && x.Second.Trim().Length > 0).Select(x => x.Second)), TextForm.Plain);
        IEnumerable<string> List(string column) => (Text(column) ?? "").Split(['|', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string title = LineOf(Text("title")) ?? throw new RecordException("The line has no title.");
        (IReadOnlyList<RiskType> risks, IReadOnlyList<string> others) = Risks.ParseList(Text("risk types")?.Replace('|', ','), TextForm.Plain);
        IReadOnlyList<string> models = ReferenceText.Distinct(List("model").Select(BrandOf));
        string? category = LineOf(Text("category"));
        return new ParsedReference
        {
            ExternalId = LineOf(Text("id")) ?? BlobName.Of(Encoding.UTF8.GetBytes($"{title}\n{Text("brand")}\n{Text("model")}\n{Text("gtin")}".ToLowerInvariant()))[..24],
            Kind = KindOf(Text("kind")),
            Title = title,
            Brands = ReferenceText.Distinct(List("brand").Select(BrandOf)),
            Models = models,
            Category = ProductCategories.Find(category) ?? category,
            Description = Text("description"),
            Risks = risks,
            OtherRisks = others,
            Classes = [.. List("classes").Select(ClassOf)],
            Level = Risks.ParseLevel(Text("risk level")),
            LevelText = Risks.ParseLevel(Text("risk level")) is null ? LineOf(Text("risk level")) : null,
            Danger = Text("danger"),
            Measures = Text("measures"),
            NotifyingCountry = Countries.NameOf(Text("notifying country")),
            CountryOfOrigin = Countries.NameOf(Text("country of origin")),
            Territory = [.. List("territory").SelectMany(x => x.Split(',', StringSplitOptions.TrimEntries)).Select(CodeOf).Distinct(StringComparer.Ordinal)],
            ExpiresOn = DateOf(Text("expires on"), "expires_on"),
            RightHolder = LineOf(Text("right holder")),
            RightHolderContact = Text("contact") is { } contact ? RegisterReading.Email(contact) ?? throw new RecordException($"The contact '{contact}' is no e-mail address.") : null,
            OnlineTrader = LineOf(Text("online trader")),
            SourceUrl = RegisterReading.Url(Text("url")),
            RecallUrl = RegisterReading.Url(Text("recall url")),
            PublishedOn = DateOf(Text("published on"), "published_on"),
            ProductionDates = ReferenceText.Distinct(List("production dates")),
            Identifiers = [.. IdentifiersOf(Text("gtin"), models, List("mpn"), List("batch"), List("registration"))],
            Pictures = [.. List("pictures").Distinct(StringComparer.Ordinal).Select(x => PictureOf(files, name, x))],
            RawPayload = record.Raw,
        };
    }

    private static string? LineOf(string? text) => ReferenceText.CleanLine(text, TextForm.Plain);

    private static string? BrandOf(string? text) => ReferenceText.CleanBrand(text, TextForm.Plain);

    private static IEnumerable<ParsedIdentifier> IdentifiersOf(string? gtin, IEnumerable<string> models, IEnumerable<string> mpn, IEnumerable<string> batch, IEnumerable<string> registration) =>
        ParsedIdentifier.Barcodes(gtin)
            .Concat(models.Select(x => ParsedIdentifier.Of(IdentifierScheme.Model, x)))
            .Concat(mpn.Select(x => ParsedIdentifier.Of(IdentifierScheme.Mpn, x)))
            .Concat(batch.Select(x => ParsedIdentifier.Of(IdentifierScheme.Batch, x)))
            .Concat(registration.Select(x => ParsedIdentifier.Of(IdentifierScheme.Registration, x)))
            .Distinct();

    private static ReferenceKind KindOf(string? text)
    {
        if (text is null) return ReferenceKind.Alert;
        string letters = string.Concat(text.Where(char.IsLetter));
        foreach (ReferenceKind kind in Enum.GetValues<ReferenceKind>())
            if (letters.Equals(kind.ToString(), StringComparison.OrdinalIgnoreCase)) return kind;
        return letters.ToLowerInvariant() switch
        {
            "genuine" or "product" => ReferenceKind.GenuineProduct,
            "fake" => ReferenceKind.KnownFake,
            "trademark" or "logo" => ReferenceKind.Mark,
            "recall" => ReferenceKind.Alert,
            _ => throw new RecordException($"The kind '{text}' is none of alert, design, mark, genuine product, known fake."),
        };
    }

    private static RightClass ClassOf(string text)
    {
        Match match = ClassShape().Match(text);
        if (!match.Success) throw new RecordException($"The class '{text}' is not written like 'Nice 9', 'Vienna 26.4.2' or 'Locarno 21-01'.");
        return new RightClass(Enum.Parse<RightClassScheme>(match.Groups[1].Value, ignoreCase: true), match.Groups[2].Value);
    }

    private static string CodeOf(string text) => Countries.Find(text)?.Code ?? throw new RecordException($"The territory '{text}' is no country and not EU.");

    private static DateOnly? DateOf(string? text, string column) =>
        text is null ? null : RegisterReading.Date(text) ?? throw new RecordException($"The {column} '{text}' is no date; write it like 2027-12-31.");

    private static PictureSource PictureOf(ImportFiles files, string name, string picture)
    {
        if (RegisterReading.Url(picture) is { } url) return new PictureSource.Web(url);
        string folder = name.Contains('/', StringComparison.Ordinal) ? name[..(name.LastIndexOf('/') + 1)] : "";
        string relative = picture.Replace('\\', '/');
        foreach (string candidate in new[] { folder + relative, $"{folder}pictures/{relative}", $"{folder}images/{relative}" })
        {
            using Stream? stream = files.Open(candidate);
            if (stream is not null) return new PictureSource.File(candidate);
        }
        // Kept as it is named: the import reports it as missing.
        return new PictureSource.File(folder + relative);
    }

    /// <summary>The column that a header means; null: none that is read.</summary>
    internal static string? Column(string header)
    {
        string key = string.Join(' ', Separators().Split(header.Trim('\ufeff', ' ', '"', '\r')).Where(x => x.Length > 0)).ToLowerInvariant();
        return Columns.GetValueOrDefault(key);
    }

    private static Dictionary<string, string> Aliases(params string[] columns)
    {
        Dictionary<string, string> all = new(StringComparer.Ordinal);
        foreach (string[] parts in columns.Select(x => x.Split(": ")))
        {
            all[parts[0]] = parts[0];
            foreach (string alias in parts[1].Split('|')) all.TryAdd(alias, parts[0]);
        }
        return all;
    }

    [GeneratedRegex(@"[\s_.\-]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Separators();

    [GeneratedRegex(@"^\s*(Nice|Vienna|Locarno)\s*:?\s*([\d.\-]+)\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ClassShape();
}
