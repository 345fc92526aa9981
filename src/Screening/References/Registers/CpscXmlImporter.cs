using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Touchstone.Screening.References.Registers;

/// <summary>Recalls of the US CPSC's former XML interface: one <c>result</c> element per product and UPC; those of one recall are read as one reference.</summary>
public sealed class CpscXmlImporter : IRegisterImporter
{
    public string Format => "cpsc-xml";

    public string Summary => "US CPSC recalls in XML (result elements with recallNo)";

    public string? Licence => "US government, public domain";

    public bool Recognises(ImportFiles files, string name, string head) => head.Contains("<result", StringComparison.OrdinalIgnoreCase) && head.Contains("recallNo=", StringComparison.OrdinalIgnoreCase);

    public async IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream? stream = files.Open(name);
        if (stream is null) yield break;
        using StreamReader reader = RegisterReading.Reader(stream);
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
}
