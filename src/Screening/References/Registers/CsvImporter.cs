using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// A table for everyone else: a header line, which may have up to 19 other lines above it, then one reference a line; comma, semicolon, tab, bar, caret or tilde between the fields, or what a line
/// <c>sep=;</c> before the header names; UTF-8 or UTF-16, and bytes that are neither are windows-1252. Columns, in
/// any order, upper or lower case, most under several names: id, kind (alert, design, mark, genuine product, known fake), title, brand,
/// model, category, description, risk_types, risk_level, danger, measures, notifying_country, country_of_origin, territory, expires_on,
/// right_holder, contact, online_trader, url, recall_url, published_on, production_dates, gtin, mpn, batch, registration, classes
/// (<c>Nice 9|Vienna 26.4.2|Locarno 21-01</c>) and pictures. Several values in a field are apart by a bar. Fields hold text,
/// not markup. A picture is an http(s) URL or a
/// file relative to the table, in its folder or in <c>pictures</c> or <c>images</c> beside it. Only a title is needed; without an id the
/// title, brand, model and GTIN identify the reference. What shop software exports (Shopify, WooCommerce, feeds for advertisers) is read with its own columns, as genuine products.
/// </summary>
public sealed partial class CsvImporter : IRegisterImporter
{
    private static readonly string[] Endings = [".csv", ".tsv", ".txt", ".xls"];

    public string Format => "csv";

    public string Summary => "A table with a header line, pictures as URLs or as files beside it (columns: see the documentation)";

    public string? Licence => null;

    public bool Recognises(ImportFiles files, string name, string head)
    {
        // Web programs call a text a workbook, so that the spreadsheet program opens it.
        if (!Endings.Any(x => name.EndsWith(x, StringComparison.OrdinalIgnoreCase))) return false;
        return TableHeader.SeparatorOf(head) is not null;
    }

    public async IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using StreamReader? reader = RegisterReading.Reader(files, name);
        if (reader is null) yield break;
        char separator = TableHeader.SeparatorOf(RegisterReading.Text(files.Head(name))) ?? ',';
        ReferenceTable table = new(files, name, name);
        bool first = true, wrapped = false;
        await foreach (CsvRecord record in CsvRecords.ReadAsync(reader, separator, cancellationToken))
        {
            if (table.IsNone) break;
            bool hint = first && CsvRecords.NamedSeparator(record.Raw) is not null;
            first = false;
            if (hint) continue;
            // Of a table of one column a field may hold separators: the header tells.
            bool heads = !table.Headed;
            IReadOnlyList<string> fields = heads || wrapped ? CsvRecords.Unwrapped(record.Fields, separator) : record.Fields;
            foreach (ImportRecord read in table.Take(record with { Fields = fields })) yield return read;
            if (heads) wrapped = fields.Count != record.Fields.Count;
        }
        foreach (ImportRecord read in table.End()) yield return read;
    }

    internal static ParsedReference Parse(ImportFiles files, string name, TableHeader header, CsvRecord record)
    {
        if (record.Broken is not null) throw new RecordException(record.Broken);
        int width = header.Columns.Count;
        if (record.Fields.Count > width && record.Fields.Skip(width).Any(x => !string.IsNullOrWhiteSpace(x)))
            throw new RecordException($"The line has {record.Fields.Count} fields, the header {width}.");
        if (header.Recall is { } recall) return FrenchRecalls.Parse(recall, record.Fields, record.Raw);
        IEnumerable<string> Fields(string column) => header.Columns.Zip(record.Fields).Where(x => x.First == column && x.Second.Trim().Length > 0).Select(x => x.Second);
        string? Text(string column) => ReferenceText.Clean(string.Join('|', Fields(column)), TextForm.Plain);
        IEnumerable<string> List(string column) => (Text(column) ?? "").Split(['|', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string title = LineOf(Fields("title").FirstOrDefault()) ?? throw new RecordException("The line has no title.");
        (IReadOnlyList<RiskType> risks, IReadOnlyList<string> others) = Risks.ParseList(Text("risk types")?.Replace('|', ','), TextForm.Plain);
        IReadOnlyList<string> models = ReferenceText.Distinct(List("model").Select(BrandOf));
        string? category = LineOf(Fields("category").FirstOrDefault());
        return new ParsedReference
        {
            ExternalId = LineOf(Text("id")) ?? BlobName.Of(Encoding.UTF8.GetBytes($"{title}\n{Text("brand")}\n{Text("model")}\n{Text("gtin")}".ToLowerInvariant()))[..24],
            Kind = KindOf(Text("kind")) ?? (header.OfShop ? ReferenceKind.GenuineProduct : ReferenceKind.Alert),
            Title = title,
            Brands = ReferenceText.Distinct(List("brand").Select(BrandOf)),
            Models = models,
            Category = ProductCategories.Find(category) ?? category,
            Description = header.OfShop ? ReferenceText.Clean(string.Join('\n', Fields("description"))) : Text("description"),
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
            Pictures = [.. List("pictures").SelectMany(x => Addresses().Split(x)).Distinct(StringComparer.Ordinal).Select(x => PictureOf(files, name, x))],
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

    private static ReferenceKind? KindOf(string? text)
    {
        if (text is null) return null;
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
        // One that is not there is kept as it is named: the import reports it as missing.
        return new PictureSource.File(files.FindBeside(name, picture) ?? ImportFiles.FolderOf(name) + picture.Replace('\\', '/'));
    }

    // Several addresses in a field, as shop software writes them; a comma may also be a part of one.
    [GeneratedRegex(@"(?<=^https?://.*)(?:\s*[,;]\s*|\s+)(?=https?://)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Addresses();

    [GeneratedRegex(@"^\s*(Nice|Vienna|Locarno)\s*:?\s*([\d.\-]+)\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ClassShape();
}
