using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Recalls of the US CPSC in XML: the present interface, which answers so unless it is asked for JSON (<c>Recall</c> elements with the same members),
/// and the former one (one <c>result</c> element per product and UPC; those of one recall are read as one reference).
/// </summary>
public sealed partial class CpscXmlImporter : IRegisterImporter
{
    public string Format => "cpsc-xml";

    public string Summary => "US CPSC recalls in XML, present or former interface (Recall elements, or result elements with recallNo)";

    public string? Licence => "US government, public domain";

    public bool Recognises(ImportFiles files, string name, string head) => IsPresent(head) || (RegisterReading.HasElement(head, "result") && head.Contains("recallNo=", StringComparison.OrdinalIgnoreCase));

    public IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, CancellationToken cancellationToken) => IsPresent(RegisterReading.Text(files.Head(name)))
        ? RegisterReading.XmlAsync(files, name, "Recall", Present, cancellationToken)
        : FormerAsync(files, name, cancellationToken);

    private static bool IsPresent(string head) => PresentRecall().IsMatch(head);

    /// <summary>The record as the same interface writes it in JSON: an element with elements in it is an array, and its items' elements are their members.</summary>
    private static ParsedReference Present(XElement recall, string raw)
    {
        JsonObject json = [];
        foreach (XElement member in recall.Elements())
            json[member.Name.LocalName] = member.HasElements ? new JsonArray([.. member.Elements().Select(Item)]) : member.Value;
        return CpscJsonImporter.Present(JsonSerializer.SerializeToElement(json), raw);
    }

    private static JsonObject Item(XElement item)
    {
        JsonObject json = [];
        foreach (XElement member in item.Elements()) json[member.Name.LocalName] = member.Value;
        return json;
    }

    private static async IAsyncEnumerable<ImportRecord> FormerAsync(ImportFiles files, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using StreamReader? reader = RegisterReading.Reader(files, name);
        if (reader is null) yield break;
        List<(string Row, string Xml, XElement? Result, string? Broken)> read = [];
        await foreach (string xml in XmlRecords.ReadAsync(reader, "result", cancellationToken))
        {
            string row = $"{name}:{read.Count + 1}";
            try
            {
                read.Add((row, xml, RegisterReading.Element(xml), null));
            }
            catch (System.Xml.XmlException e)
            {
                read.Add((row, xml, null, e.Message));
            }
        }
        ILookup<string?, (string Row, string Xml, XElement? Result, string? Broken)> byRecall = read.Where(x => x.Result is not null).ToLookup(x => NumberOf(x.Result!));
        foreach ((string row, _, XElement? result, string? broken) in read)
            yield return broken is not null
                ? new ImportRecord.Rejected(broken) { Row = row }
                : RegisterReading.Try(row, () => Parse([.. byRecall[NumberOf(result!)].Select(x => x.Result!)], string.Join('\n', byRecall[NumberOf(result!)].Select(x => x.Xml))));
    }

    private static string? NumberOf(XElement result) => ReferenceText.CleanLine(result.Attribute("recallNo")?.Value);

    private static ParsedReference Parse(IReadOnlyList<XElement> results, string raw)
    {
        IReadOnlyList<string> All(string attribute) => ReferenceText.Distinct(results.Select(x => ReferenceText.CleanLine(x.Attribute(attribute)?.Value)));
        string id = NumberOf(results[0]) ?? throw new RecordException("The result has no recallNo.");
        (IReadOnlyList<RiskType> risks, IReadOnlyList<string> others) = Risks.ParseAll(All("hazard"));
        return new ParsedReference
        {
            ExternalId = "CPSC-" + id,
            Kind = ReferenceKind.Alert,
            Title = All("prname").FirstText() ?? All("type").FirstText() ?? throw new RecordException($"The recall {id} names no product."),
            Brands = ReferenceText.Distinct(All("manufacturer").Select(ReferenceText.CleanBrand)),
            Category = All("type").FirstText(),
            Description = ReferenceText.Clean(string.Join('\n', All("prname"))),
            Risks = risks,
            OtherRisks = others,
            Danger = ReferenceText.Clean(string.Join(", ", All("hazard"))),
            NotifyingCountry = "United States",
            CountryOfOrigin = CpscJsonImporter.CountriesOf(All("country_mfg")),
            SourceUrl = RegisterReading.Url(All("recallURL").FirstText()),
            PublishedOn = RegisterReading.Date(All("recDate").FirstText()),
            Identifiers = [.. All("UPC").SelectMany(ParsedIdentifier.Barcodes).Distinct()],
            RawPayload = raw,
        };
    }

    [GeneratedRegex(@"<(?:[\w.-]+:)?(?:RecallID|ArrayOfRecall)[\s>]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PresentRecall();
}
