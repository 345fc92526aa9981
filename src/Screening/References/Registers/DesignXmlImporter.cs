using System.Text.RegularExpressions;
using System.Xml.Linq;
using static Touchstone.Screening.References.Registers.OfficeRecords;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Designs in WIPO ST.96 or the older ST.86, as the offices of the EU, of its states and of the Hague system export them: an application or registration holds one or more designs, each a
/// reference of its own with all its views. A view is the picture its file name or number names, wherever in the import it lies, or its address. Element names are read in any namespace.
/// </summary>
public sealed partial class DesignXmlImporter : IRegisterImporter
{
    // Headers with senders and keys may stand before the first record.
    private const int HeadBytes = 64 << 10;

    // An identifier of so few characters counts the designs of one application.
    private const int LongestCount = 4;

    private static readonly string[] PictureEndings = ["", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gif"];

    public string Format => "wipo-designs";

    public string Summary => "Designs in WIPO ST.96 or ST.86 XML, also as an archive with their views";

    public string? Licence => null;

    public bool Recognises(ImportFiles files, string name, string head) => DesignElement().IsMatch(head);

    public IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, CancellationToken cancellationToken)
    {
        string head = RegisterReading.Text(files.Head(name, HeadBytes));
        return RegisterReading.XmlAsync(files, name, RecordElement(head), (record, xml) =>
        {
            XElement[] designs = [.. record.Within("Design").Where(x => x.HasElements)];
            if (designs.Length == 0) designs = [record];
            string? office = OfficeOf(record) ?? OfficeOf(head);
            return [.. designs.Select(design => (Func<ParsedReference>)(() => Parse(files, name, office, record, design, RegisterReading.RawOf(design, xml, designs.Length == 1))))];
        }, cancellationToken);
    }

    /// <summary>What holds a design together with its applicant: the largest of these that the document has.</summary>
    private static string RecordElement(string head) =>
        new[] { "HagueRegistration", "DesignApplication", "TransactionData" }.FirstOrDefault(x => Regex.IsMatch(head, $@"<(?:[\w.-]+:)?{x}[\s>]", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))) ?? "Design";

    private static ParsedReference Parse(ImportFiles files, string name, string? office, XElement record, XElement design, string raw)
    {
        office = Value(design, "RegistrationOfficeCode") ?? office ?? throw new RecordException("The design names no office.");
        string? Own(string element) => Value(design, element) ?? Value(record, element);
        string? application = NumberOf(design) ?? NumberOf(record);
        string? registration = Own("RegistrationNumber") ?? Own("InternationalRegistrationNumber");
        string? counted = Value(design, "DesignIdentifier") ?? Value(design, "DesignReference") ?? Value(design, "DesignSequenceNumber");
        string number = NumberOf(counted, registration ?? application, record.Within("Design").Skip(1).Any()) ?? throw new RecordException("The design has neither a number of its own nor one of its registration or application.");
        string? title = Title(design);
        string? holder = Holder(record, design);
        return new ParsedReference
        {
            ExternalId = $"{office}-{number}",
            Kind = ReferenceKind.Design,
            Title = title ?? (holder is null ? $"Design {office} {number}" : $"Design of {holder}"),
            Description = ReferenceText.Clean(string.Join('\n', ReferenceText.Distinct([.. Leaves(design, "DesignDescription", "DesignDescriptionText"), .. Products(design).Select(x => x.Text)])), TextForm.Plain),
            Classes = [.. Locarno(design).Distinct().Select(x => new RightClass(RightClassScheme.Locarno, x))],
            Territory = Territory(record, design, office),
            ExpiresOn = ExpiryOf(design) ?? ExpiryOf(record),
            RightHolder = holder,
            PublishedOn = new[] { "RegistrationDate", "InternationalRegistrationDate", "PublicationDate", "DesignApplicationDate", "ApplicationDate" }.Select(x => RegisterReading.Date(Own(x))).FirstOrDefault(x => x is not null),
            Identifiers = [.. new[] { (number, ""), (registration, ""), (application, "application ") }.Where(x => x.Item1 is not null).DistinctBy(x => x.Item1, StringComparer.Ordinal).Select(x => ParsedIdentifier.Of(IdentifierScheme.Registration, $"{office} {x.Item2}{x.Item1}"))],
            Pictures = [.. design.Within("View").Where(x => x.HasElements).Select(x => PictureOf(files, name, x)).OfType<PictureSource>().Distinct()],
            RawPayload = raw,
        };
    }

    private static string? NumberOf(XElement element) =>
        Value(element, "DesignApplicationNumber") ?? (element.Child("ApplicationNumber") is { } number ? Text(number.Within("ApplicationNumberText").FirstOrDefault()?.Value ?? number.Value) : null);

    /// <summary>The number that is one design's alone.</summary>
    /// <param name="counted">What the record calls the design: a number of its own, or its place in the application.</param>
    private static string? NumberOf(string? counted, string? whole, bool several) =>
        counted is null ? whole
        : whole is null || counted.Length > LongestCount ? counted
        : several ? $"{whole}-{counted.PadLeft(LongestCount, '0')}" : whole;

    /// <summary>The design's own title, else the product that it is for: in English where the record says so in many languages.</summary>
    private static string? Title(XElement design)
    {
        if (Leaves(design, "DesignTitle", "DesignTitleText").FirstOrDefault() is { } own) return own;
        (string Text, string? Language)[] products = [.. Products(design)];
        return products.Where(x => string.Equals(x.Language, "en", StringComparison.OrdinalIgnoreCase)).Concat(products).Select(x => x.Text).FirstOrDefault();
    }

    private static IEnumerable<(string Text, string? Language)> Products(XElement design)
    {
        foreach (XElement leaf in design.Descendants().Where(x => !x.HasElements && x.Name.LocalName is "ProductDescription" or "ProductDescriptionText" or "ProductIndicationText" or "IndicationProductText" or "ProductIndication" or "IndicationProduct" or "GoodsServicesDescriptionText" or "GoodsServicesDescription"))
            if (Text(leaf.Value) is { } text)
                yield return (text, leaf.Attributes().FirstOrDefault(a => a.Name.LocalName == "languageCode")?.Value);
    }

    /// <summary>Locarno classes, however an office writes class and subclass: 06-01, 06.01, 0601, or one element each.</summary>
    private static IEnumerable<string> Locarno(XElement design)
    {
        foreach (XElement leaf in design.Descendants().Where(x => !x.HasElements))
        {
            string name = leaf.Name.LocalName;
            if (!name.StartsWith("Locarno", StringComparison.Ordinal) && name is not ("ClassNumber" or "ClassificationSymbol")) continue;
            string? kind = leaf.Ancestors().TakeWhile(x => x != design).Select(x => Value(x, "ClassificationKindCode")).FirstOrDefault(x => x is not null);
            if (kind is not null && !kind.Contains("Locarno", StringComparison.OrdinalIgnoreCase)) continue;
            string? text = Text(leaf.Value);
            if (leaf.Parent?.Elements().FirstOrDefault(x => x.Name.LocalName.Contains("Subclass", StringComparison.OrdinalIgnoreCase) && !name.Contains("Subclass", StringComparison.OrdinalIgnoreCase)) is { } sub) text = $"{text}-{sub.Value.Trim()}";
            if (text is not null && LocarnoCode().Match(text) is { Success: true } code) yield return $"{code.Groups["class"].Value.PadLeft(2, '0')}-{code.Groups["sub"].Value.PadLeft(2, '0')}";
        }
    }

    /// <summary>The day of its status for a design whose status says that it ended, else the stated expiry.</summary>
    private static DateOnly? ExpiryOf(XElement element)
    {
        string? status = Value(element, "DesignCurrentStatusCode") ?? Value(element, "DesignCurrentStatusCategory") ?? Value(element, "DesignStatus");
        if (status is not null && IsEnded(status) && RegisterReading.Date(Value(element, "DesignCurrentStatusDate")) is { } ended) return ended;
        return RegisterReading.Date(Value(element, "ExpiryDate") ?? Value(element, "DesignExpiryDate"));
    }

    private static IReadOnlyList<string> Territory(XElement record, XElement design, string office)
    {
        // An international design counts in the members that it designates.
        static string[] Designated(XElement x) => [.. x.Within("DesignatedCountryCode").SelectMany(c => Countries.TerritoryOfOffice(c.Value.Trim())).Distinct(StringComparer.Ordinal)];
        return Designated(design) is { Length: > 0 } own ? own : Designated(record) is { Length: > 0 } all ? all : Countries.TerritoryOfOffice(office);
    }

    /// <summary>The holder, else the applicant: of the design, else of the application or registration that holds it.</summary>
    private static string? Holder(XElement record, XElement design) =>
        new[] { design, record }.SelectMany(x => new[] { "Holder", "Applicant" }.SelectMany(x.Within)).Where(x => x.HasElements).Select(NameOf).FirstOrDefault(x => x is not null);

    private static string? OfficeOf(XElement record)
    {
        if (record.Name.LocalName == "HagueRegistration") return "WO";
        return new[] { "RegistrationOfficeCode", "ReceivingOfficeCode", "IPOfficeCode" }.Select(x => Text((record.Child(x) ?? record.Within(x).FirstOrDefault())?.Value)).FirstOrDefault(x => x is not null);
    }

    /// <summary>The EU's office has a namespace of its own, whose records name no office.</summary>
    private static string? OfficeOf(string head) => head.Contains("oami.europa.eu/schemas", StringComparison.OrdinalIgnoreCase) || head.Contains("euipo.europa.eu", StringComparison.OrdinalIgnoreCase) ? "EM" : null;

    private static PictureSource? PictureOf(ImportFiles files, string name, XElement view)
    {
        // A number names a file only where it is more than the view's place among others.
        string[] called = [.. Leaves(view, "ViewFilename", "FileName", "ImageFileName"), .. Leaves(view, "ViewNumber", "ViewIdentifier").Where(x => x.Length > LongestCount)];
        foreach (string picture in called)
            foreach (string ending in IsPictureFile(picture) ? PictureEndings[..1] : PictureEndings[1..])
                if (files.FindBeside(name, picture + ending) is { } found) return new PictureSource.File(found);
        if (Leaves(view, "ViewURI", "ImageURI", "FileURI", "ViewURL").Select(RegisterReading.Url).FirstOrDefault(x => x is not null) is { } url) return new PictureSource.Web(url);
        // Kept as it is named: the import reports it as missing.
        return called.FirstOrDefault(IsPictureFile) is { } missing ? new PictureSource.File(ImportFiles.FolderOf(name) + missing) : null;
    }

    /// <summary>The texts of the elements that hold no others, in the order of the names.</summary>
    private static IEnumerable<string> Leaves(XElement element, params string[] names) => names.SelectMany(element.Within).Where(x => !x.HasElements).Select(x => Text(x.Value)).OfType<string>();

    [GeneratedRegex(@"XMLSchema/designs|XMLSchema/ST96/Design|/schemas/design|<(?:[\w.-]+:)?(?:DesignApplication(?:Details|Bag)?|DesignTransaction(?:Body)?|DesignBag|DesignDetails|HagueRegistration)[\s>]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DesignElement();

    [GeneratedRegex(@"^(?:[A-Z]+ ?)?(?<class>\d{1,2})(?:\s*[-. /]\s*(?<sub>\d{1,2})|(?<=\d\d)(?<sub>\d\d))$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LocarnoCode();
}
