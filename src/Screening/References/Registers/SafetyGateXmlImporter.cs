using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Touchstone.Screening.References.Registers;

/// <summary>A weekly report of the EU Safety Gate: repeated <c>notifications</c> elements.</summary>
public sealed partial class SafetyGateXmlImporter : IRegisterImporter
{
    public string Format => "safety-gate";

    public string Summary => "EU Safety Gate, weekly report in XML (the detail document)";

    public string? Licence => SafetyGateRecord.Licence;

    public bool Recognises(ImportFiles files, string name, string head) => RegisterReading.HasElement(head, "notifications");

    public async IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The report's date stands before its alerts; they have none of their own.
        DateOnly? published = ReportDate(RegisterReading.Text(files.Head(name)));
        await foreach (ImportRecord record in RegisterReading.XmlAsync(files, name, "notifications", (x, raw) => Parse(x, raw, published), cancellationToken)) yield return record;
    }

    /// <summary>Reads one <c>notifications</c> element.</summary>
    internal static ParsedReference Parse(XElement alert, string raw, DateOnly? published)
    {
        string? Text(string name) => alert.Child(name) is not { } child ? null : child.HasElements ? string.Join('\n', child.Elements().Select(x => x.Value)) : child.Value;
        return new SafetyGateRecord
        {
            CaseNumber = Text("caseNumber"),
            Product = Text("product"),
            Name = Text("name"),
            Category = Text("category"),
            Brand = Text("brand"),
            Model = Text("type_numberOfModel") ?? Text("typeNumberOfModel"),
            Batch = Text("batchNumber"),
            Barcode = Text("barcode"),
            RiskType = Text("riskType"),
            Level = Text("level"),
            Danger = Text("danger"),
            Measures = Text("measures"),
            Description = Text("description"),
            RecallCode = Text("companyRecallCode"),
            ProductionDates = Text("productionDates"),
            NotifyingCountry = Text("notifyingCountry"),
            CountryOfOrigin = Text("countryOfOrigin"),
            OnlineTrader = Text("onlineTrader"),
            RecallUrl = Text("URLrecall"),
            Reference = Text("reference"),
            PublishedOn = RegisterReading.Date(Text("publicationDate")) ?? published,
            Pictures = [.. alert.Children("pictures").SelectMany(x => x.Elements()).Select(x => x.Value)],
            RawPayload = raw,
        }.Parse();
    }

    private static DateOnly? ReportDate(string head)
    {
        Match first = FirstAlert().Match(head);
        Match date = PublicationDate().Match(first.Success ? head[..first.Index] : head);
        return date.Success ? RegisterReading.Date(date.Groups[1].Value) : null;
    }

    [GeneratedRegex(@"<(?:[\w.-]+:)?notifications[\s>]", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex FirstAlert();

    [GeneratedRegex(@"<(?:[\w.-]+:)?publicationDate>\s*(?:<!\[CDATA\[)?\s*([^<\]]+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex PublicationDate();
}

/// <summary>The index of the EU Safety Gate's weekly reports: each <c>weeklyReport</c> names the URL of its detail document.</summary>
public sealed class SafetyGateListImporter : IRegisterImporter
{
    public string Format => "safety-gate-list";

    public string Summary => "EU Safety Gate, list of weekly reports in XML; each report is downloaded";

    public string? Licence => SafetyGateRecord.Licence;

    public bool Recognises(ImportFiles files, string name, string head) => RegisterReading.HasElement(head, "weeklyReport") && RegisterReading.HasElement(head, "URL");

    public async IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using StreamReader? reader = RegisterReading.Reader(files, name);
        if (reader is null) yield break;
        int number = 0;
        await foreach (string xml in XmlRecords.ReadAsync(reader, "weeklyReport", cancellationToken)) yield return Read($"{name}:{++number}", xml);
    }

    private static ImportRecord Read(string row, string xml) => RegisterReading.Try(row, () =>
    {
        XElement report = RegisterReading.Element(xml);
        string label = ReferenceText.CleanLine(report.Child("reference")?.Value) ?? row;
        string url = RegisterReading.Url(report.Child("URL")?.Value) ?? throw new RecordException($"The report {label} has no URL.");
        return new ImportRecord.Elsewhere(url, label, RegisterReading.Date(report.Child("publicationDate")?.Value)) { Row = row };
    });
}
