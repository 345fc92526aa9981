using System.Globalization;
using System.Xml.Linq;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Trade marks of the US office in the XML of its daily and yearly files (document type "Trademark Applications", version 2.0): one <c>case-file</c> element for each mark. The files hold no
/// pictures, so that marks are found by their words until a picture is added.
/// </summary>
public sealed class UnitedStatesMarkImporter : IRegisterImporter
{
    public string Format => "uspto-marks";

    public string Summary => "US trade marks as in the office's daily and yearly files (case-file elements)";

    public string? Licence => "US government, public domain; the marks belong to their owners";

    public bool Recognises(ImportFiles files, string name, string head) => RegisterReading.HasElement(head, "trademark-applications-daily") || RegisterReading.HasElement(head, "case-file");

    public IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, CancellationToken cancellationToken) => RegisterReading.XmlAsync(files, name, "case-file", Parse, cancellationToken);

    private static ParsedReference Parse(XElement record, string raw)
    {
        string serial = Text(record, "serial-number") ?? throw new RecordException("The mark has no serial number.");
        // The office writes zeros for a mark that is not registered.
        string? registration = Text(record, "registration-number") is { } number && number.Trim('0').Length > 0 ? number : null;
        XElement header = record.Child("case-file-header") ?? throw new RecordException($"The mark {serial} has no case-file-header.");
        string? words = Text(header, "mark-identification");
        string? holder = Holder(record);
        return new ParsedReference
        {
            ExternalId = registration is null ? $"US-app-{serial}" : $"US-{registration}",
            Kind = ReferenceKind.Mark,
            Title = words ?? (holder is null ? $"Mark US {serial}" : $"Figurative mark of {holder}"),
            Brands = words is null ? [] : [words],
            Description = Description(record),
            Classes = [.. Classes(record).Select(x => new RightClass(RightClassScheme.Nice, x.ToString(CultureInfo.InvariantCulture)))],
            Territory = Countries.TerritoryOfOffice("US"),
            ExpiresOn = Day(header, "cancellation-date") ?? Day(header, "abandonment-date") ?? (Day(header, "renewal-date") ?? Day(header, "registration-date"))?.AddYears(MarkXmlImporter.YearsOfUnitedStatesTerm),
            RightHolder = holder,
            PublishedOn = Day(header, "registration-date") ?? Day(header, "filing-date"),
            Identifiers =
            [
                .. registration is null ? [] : new[] { ParsedIdentifier.Of(IdentifierScheme.Registration, $"US {registration}") },
                ParsedIdentifier.Of(IdentifierScheme.Registration, $"US application {serial}"),
            ],
            RawPayload = raw,
        };
    }

    private static SortedSet<int> Classes(XElement record) =>
        [.. record.Within("international-code").Select(x => int.TryParse(x.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : 0).Where(x => x is >= 1 and <= 45)];

    /// <summary>The present owner: the entry with the highest type, which counts applicants, registrants and each later owner on, and of these the first.</summary>
    private static string? Holder(XElement record) =>
        record.Within("case-file-owner")
            .OrderByDescending(x => int.TryParse(Text(x, "party-type"), NumberStyles.None, CultureInfo.InvariantCulture, out int kind) ? kind : -1)
            .Select(x => Text(x, "party-name")).FirstOrDefault(x => x is not null);

    /// <summary>What the mark shows, and the goods and services.</summary>
    private static string? Description(XElement record) => ReferenceText.Clean(string.Join('\n',
        record.Within("case-file-statement").Where(x => Text(x, "type-code") is { } kind && (kind.StartsWith("GS", StringComparison.Ordinal) || kind.StartsWith("DM", StringComparison.Ordinal))).Select(x => Text(x, "text"))), TextForm.Plain);

    private static DateOnly? Day(XElement header, string name) => RegisterReading.Date(Text(header, name));

    private static string? Text(XElement element, string child) => ReferenceText.CleanLine(element.Child(child)?.Value, TextForm.Plain);
}
