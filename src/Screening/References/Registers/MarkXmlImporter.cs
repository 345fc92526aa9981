using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using static Touchstone.Screening.References.Registers.OfficeRecords;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Trade marks in WIPO ST.96 (<c>Trademark</c>) or the older ST.66 (<c>TransactionData</c>). A mark's picture is the one its file name
/// names, or one called like the mark's image beside it, as offices pack them into archives. Element names are read in any namespace.
/// </summary>
public sealed partial class MarkXmlImporter : IRegisterImporter
{
    internal const int YearsOfUnitedStatesTerm = 10;

    private static readonly string[] PictureNames = ["markImage.jpg", "markImage.png", "markImage.gif", "markImage.tif", "markImage.jpeg"];

    public string Format => "wipo-marks";

    public string Summary => "Trade marks in WIPO ST.96 or ST.66 XML, also as an archive with the mark's picture";

    public string? Licence => null;

    public bool Recognises(ImportFiles files, string name, string head) => MarkElement().IsMatch(head) || head.Contains("XMLSchema/trademarks", StringComparison.OrdinalIgnoreCase);

    public IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, CancellationToken cancellationToken)
    {
        string head = RegisterReading.Text(files.Head(name));
        // In ST.66 the owner stands beside the mark, so that the record is what holds both.
        string element = OldTransaction().IsMatch(head) && !head.Contains("TrademarkBag", StringComparison.Ordinal) ? "TransactionData" : "Trademark";
        return RegisterReading.XmlAsync(files, name, element, (record, xml) =>
        {
            // An answer of a search names many marks in one transaction.
            XElement[] marks = [.. record.Within("TradeMark")];
            if (marks.Length == 0) marks = [record];
            return [.. marks.Select(mark => (Func<ParsedReference>)(() => Parse(files, name, record, mark, RegisterReading.RawOf(mark, xml, marks.Length == 1))))];
        }, cancellationToken);
    }

    private static ParsedReference Parse(ImportFiles files, string name, XElement record, XElement mark, string raw)
    {
        string office = Value(mark, "RegistrationOfficeCode") ?? Value(mark, "IPOfficeCode") ?? OfficeOfNumber(mark) ?? throw new RecordException("The mark names no office.");
        string? registration = Value(mark, "RegistrationNumber");
        string? application = mark.Child("ApplicationNumber") is { } number ? Text(number.Within("ApplicationNumberText").FirstOrDefault()?.Value ?? number.Value) : null;
        string id = Value(mark, "ST13ApplicationNumber") is { } st13 ? st13
            : registration is not null ? $"{office}-{registration}"
            : application is not null ? $"{office}-app-{application}"
            : throw new RecordException("The mark has neither a registration nor an application number.");
        string? words = Text(mark.Within("MarkVerbalElementText").FirstOrDefault()?.Value) ?? Text(mark.Within("MarkSignificantVerbalElementText").FirstOrDefault()?.Value);
        string? holder = Holder(record, mark);
        return new ParsedReference
        {
            ExternalId = id,
            Kind = ReferenceKind.Mark,
            Title = words ?? Text(mark.Within("MarkDescriptionText").FirstOrDefault()?.Value) ?? (holder is null ? $"Mark {id}" : $"Figurative mark of {holder}"),
            Brands = words is null ? [] : [words],
            Description = Description(mark),
            Classes = [.. Classes(mark)],
            Territory = Territory(mark, office),
            ExpiresOn = ExpiryOf(mark, office),
            RightHolder = holder,
            PublishedOn = RegisterReading.Date(Value(mark, "RegistrationDate")) ?? RegisterReading.Date(Value(mark, "ApplicationDate")),
            Identifiers = [.. Numbers(office, registration, application)],
            Pictures = [.. Pictures(files, name, mark)],
            RawPayload = raw,
        };
    }

    private static IEnumerable<ParsedIdentifier> Numbers(string office, string? registration, string? application)
    {
        if (registration is not null) yield return ParsedIdentifier.Of(IdentifierScheme.Registration, $"{office} {registration}");
        if (application is not null) yield return ParsedIdentifier.Of(IdentifierScheme.Registration, $"{office} application {application}");
    }

    /// <summary>Nice classes of goods and Vienna codes of figurative elements; classes that only one country uses are left out.</summary>
    private static IEnumerable<RightClass> Classes(XElement mark)
    {
        SortedSet<int> nice = [];
        foreach (XElement number in mark.Within("ClassNumber").Concat(mark.Within("NiceClassNumber")))
        {
            string? kind = number.Parent is { } parent ? Value(parent, "ClassificationKindCode") : null;
            if (kind is not null && kind is not ("Nice" or "Primary" or "Domestic and Nice")) continue;
            if (int.TryParse(Text(number.Value), NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code is >= 1 and <= 45) nice.Add(code);
        }
        foreach (int code in nice) yield return new RightClass(RightClassScheme.Nice, code.ToString(CultureInfo.InvariantCulture));
        HashSet<string> vienna = new(StringComparer.Ordinal);
        foreach (XElement element in mark.Descendants().Where(x => x.Name.LocalName is "ViennaClassification" or "FigurativeElementClassification"))
        {
            string code = string.Join('.', new[] { "ViennaCategory", "ViennaDivision", "ViennaSection" }.Select(x => Text(element.Within(x).FirstOrDefault()?.Value)).OfType<string>());
            if (code.Length > 0 && vienna.Add(code)) yield return new RightClass(RightClassScheme.Vienna, code);
        }
        foreach (XElement element in mark.Descendants().Where(x => !x.HasElements && x.Name.LocalName is "ViennaCode" or "ViennaClassNumber" or "ViennaClass"))
            if (Text(element.Value) is { } code && vienna.Add(code)) yield return new RightClass(RightClassScheme.Vienna, code);
    }

    /// <summary>
    /// The stated expiry; for the US, whose records state none, ten years from the last renewal or the registration (15 U.S.C. 1058, 1059);
    /// the day of its status for a mark whose status says that it ended.
    /// </summary>
    private static DateOnly? ExpiryOf(XElement mark, string office)
    {
        string? status = Value(mark, "MarkCurrentStatusExternalDescriptionText") ?? Text(mark.Within("MarkCurrentStatusExternalDescriptionText").FirstOrDefault()?.Value) ?? Value(mark, "MarkCurrentStatusCode");
        if (status is not null && IsEnded(status) && RegisterReading.Date(Value(mark, "MarkCurrentStatusDate")) is { } ended) return ended;
        if (RegisterReading.Date(Text(mark.Within("ExpiryDate").FirstOrDefault()?.Value)) is { } stated) return stated;
        if (office != "US") return null;
        DateOnly? from = RegisterReading.Date(Text(mark.Within("RenewalDate").FirstOrDefault()?.Value)) ?? RegisterReading.Date(Value(mark, "RegistrationDate"));
        return from?.AddYears(YearsOfUnitedStatesTerm);
    }

    private static IReadOnlyList<string> Territory(XElement mark, string office)
    {
        // An international mark counts in the members that it designates.
        string[] designated = [.. mark.Descendants().Where(x => !x.HasElements && x.Name.LocalName is "DesignatedCountryCode").Select(x => x.Value.Trim()).SelectMany(x => Countries.TerritoryOfOffice(x)).Distinct(StringComparer.Ordinal)];
        return designated.Length > 0 ? designated : Countries.TerritoryOfOffice(office);
    }

    /// <summary>The present owner: of several owners over time the one with the highest number, as offices count them.</summary>
    private static string? Holder(XElement record, XElement mark)
    {
        static XElement[] PartiesOf(XElement element) => [.. element.Descendants().Where(x => x.Name.LocalName is "Applicant" or "Holder" && x.HasElements)];
        XElement[] parties = PartiesOf(mark);
        if (parties.Length == 0)
        {
            parties = PartiesOf(record);
            // Beside several marks a party is a mark's owner if the mark names its key, or if it is the only one.
            HashSet<string> keys = [.. mark.Descendants().Where(x => x.Name.LocalName is "ApplicantKey" or "HolderKey").SelectMany(x => x.Within("Identifier")).Select(x => x.Value.Trim())];
            if (keys.Count > 0) parties = [.. parties.Where(x => x.Elements().Any(id => id.Name.LocalName is "ApplicantIdentifier" or "HolderIdentifier" && keys.Contains(id.Value.Trim()))) is var named && named.Any() ? named : parties];
            else if (parties.Length > 1 && record.Within("TradeMark").Skip(1).Any()) parties = [];
        }
        XElement? last = parties
            .OrderByDescending(x => int.TryParse(x.Attributes().FirstOrDefault(a => a.Name.LocalName == "sequenceNumber")?.Value ?? Text(x.Within("PartyTypeCode").FirstOrDefault()?.Value), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1)
            .FirstOrDefault();
        return last is null ? null : NameOf(last);
    }

    /// <summary>The office that counted the application or the registration, for a mark that was not registered yet.</summary>
    private static string? OfficeOfNumber(XElement mark) =>
        new[] { "ApplicationNumber", "RegistrationNumber" }.Select(x => mark.Child(x) is { } number ? Text(number.Within("IPOfficeCode").FirstOrDefault()?.Value) : null).FirstOrDefault(x => x is not null);

    private static string? Description(XElement mark)
    {
        StringBuilder text = new();
        foreach (string element in new[] { "MarkFeatureCategory", "MarkFeature", "MarkDescriptionText", "MarkCurrentStatusExternalDescriptionText" })
            if (Text(mark.Within(element).FirstOrDefault()?.Value) is { } line) text.Append(line).Append('\n');
        foreach (string goods in mark.Within("GoodsServicesDescriptionText").Concat(mark.Within("GoodsServicesDescription")).Where(x => !x.HasElements).Select(x => x.Value))
            if (ReferenceText.CleanLine(goods) is { } line) text.Append(line).Append('\n');
        return ReferenceText.Clean(text.ToString(), TextForm.Plain);
    }

    private static IEnumerable<PictureSource> Pictures(ImportFiles files, string name, XElement mark)
    {
        string folder = ImportFiles.FolderOf(name);
        string[] named = [.. mark.Descendants().Where(x => x.Name.LocalName is "FileName" or "ImageFileName" or "MarkImageFilename" or "MarkImageFileName").Select(x => x.Value.Trim())];
        string? found = named.Where(IsPictureFile).Select(x => files.FindBeside(name, x)).FirstOrDefault(x => x is not null);
        // The office's own names count only where the import is of this one mark: beside many marks they would be anybody's.
        if (found is null && !files.IsSingleFile) found = PictureNames.Select(x => folder + x).FirstOrDefault(files.Holds);
        if (found is not null)
        {
            yield return new PictureSource.File(found);
            yield break;
        }
        string[] urls = [.. mark.Descendants().Where(x => x.Name.LocalName is "MarkImageURI" or "ImageURI" or "MarkImageURL" or "FileURI").Select(x => RegisterReading.Url(x.Value)).OfType<string>().Distinct(StringComparer.Ordinal)];
        foreach (string url in urls) yield return new PictureSource.Web(url);
        // Kept as it is named: the import reports it as missing.
        if (urls.Length == 0 && named.FirstOrDefault(IsPictureFile) is { } missing) yield return new PictureSource.File(folder + missing);
    }

    [GeneratedRegex(@"<(?:[\w.-]+:)?Trade[Mm]ark(?:Bag|Details|Transaction(?:Body)?)?[\s>]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex MarkElement();

    [GeneratedRegex(@"<(?:[\w.-]+:)?(?:TradeMarkTransactionBody|TransactionData|TradeMarkDetails)[\s>]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OldTransaction();
}
