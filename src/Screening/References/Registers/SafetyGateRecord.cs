using System.Text.RegularExpressions;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// One alert of the EU Safety Gate in the register's own words, whatever notation it came in, and how it is read: values that mean
/// "unknown" or "no brand" are absent, lists are taken apart, markup is dropped.
/// </summary>
internal sealed partial record SafetyGateRecord
{
    public const string Licence = "CC BY 4.0, European Commission, Safety Gate";

    public string? CaseNumber { get; init; }

    public string? Product { get; init; }

    public string? Name { get; init; }

    public string? Category { get; init; }

    public string? Brand { get; init; }

    public string? Model { get; init; }

    public string? Batch { get; init; }

    public string? Barcode { get; init; }

    public string? RiskType { get; init; }

    public string? Level { get; init; }

    public string? Danger { get; init; }

    public string? Measures { get; init; }

    public string? Description { get; init; }

    public string? RecallCode { get; init; }

    public string? ProductionDates { get; init; }

    public string? NotifyingCountry { get; init; }

    public string? CountryOfOrigin { get; init; }

    public string? OnlineTrader { get; init; }

    public string? RecallUrl { get; init; }

    public string? Reference { get; init; }

    public DateOnly? PublishedOn { get; init; }

    public IReadOnlyList<string> Pictures { get; init; } = [];

    public required string RawPayload { get; init; }

    /// <exception cref="RecordException">There is no case number, or neither a product nor a name.</exception>
    public ParsedReference Parse()
    {
        string id = ReferenceText.CleanLine(CaseNumber) ?? throw new RecordException("The alert has no case number.");
        string? product = ReferenceText.CleanLine(Product);
        string? name = ReferenceText.CleanBrand(Name);
        (IReadOnlyList<RiskType> risks, IReadOnlyList<string> others) = Risks.ParseList(RiskType);
        string? category = ReferenceText.CleanLine(Category);
        return new ParsedReference
        {
            ExternalId = id,
            Kind = ReferenceKind.Alert,
            Title = TitleOf(product, name) ?? throw new RecordException($"The alert {id} names neither a product nor a name."),
            Brands = ReferenceText.Brands(Brand),
            Models = ReferenceText.Models(Model),
            Category = ProductCategories.Find(category) ?? category,
            Description = ReferenceText.Clean(Description),
            Risks = risks,
            OtherRisks = others,
            Level = Risks.ParseLevel(Level),
            LevelText = Risks.ParseLevel(Level) is null ? ReferenceText.CleanLine(Level) : null,
            Danger = DangerOf(Danger),
            Measures = MeasuresOf(Measures),
            NotifyingCountry = Countries.NameOf(NotifyingCountry),
            CountryOfOrigin = Countries.NameOf(CountryOfOrigin),
            OnlineTrader = ReferenceText.CleanLine(OnlineTrader),
            SourceUrl = RegisterReading.Url(Reference),
            RecallUrl = RegisterReading.Url(RecallUrl),
            PublishedOn = PublishedOn,
            ProductionDates = Periods(ProductionDates),
            Identifiers = [.. Identifiers()],
            Pictures = [.. Pictures.Select(RegisterReading.Url).OfType<string>().Distinct(StringComparer.Ordinal).Select(x => new PictureSource.Web(x))],
            RawPayload = RawPayload,
        };
    }

    /// <summary>Production dates, one period each; several that were glued together ("01/01/202331/12/2023") come apart.</summary>
    public static IReadOnlyList<string> Periods(string? text) =>
        ReferenceText.Distinct((ReferenceText.Clean(text) ?? "").Split(['\n', ';'], StringSplitOptions.TrimEntries).SelectMany(x => Unglue().Split(x)).Select(ReferenceText.CleanLine));

    /// <summary>What is dangerous, without the word <c>null</c> that the register puts before some texts.</summary>
    public static string? DangerOf(string? text)
    {
        string? plain = ReferenceText.Clean(text);
        while (plain is not null && plain.StartsWith("null", StringComparison.Ordinal) && plain.Length > 4 && char.IsWhiteSpace(plain[4])) plain = ReferenceText.Clean(plain[5..]);
        return plain;
    }

    private static string? TitleOf(string? product, string? name)
    {
        if (product is null || name is null || product.Contains(name, StringComparison.OrdinalIgnoreCase)) return product ?? name;
        return name.Contains(product, StringComparison.OrdinalIgnoreCase) ? name : $"{product}: {name}";
    }

    /// <summary>The measures without the lines that say "Unknown".</summary>
    private static string? MeasuresOf(string? text) =>
        ReferenceText.Clean(string.Join('\n', (ReferenceText.Clean(text) ?? "").Split('\n').Where(x => !UnknownLine().IsMatch(x))));

    private IEnumerable<ParsedIdentifier> Identifiers()
    {
        foreach (ParsedIdentifier code in ParsedIdentifier.Barcodes(Barcode)) yield return code;
        foreach (string model in ReferenceText.Models(Model)) yield return ParsedIdentifier.Of(IdentifierScheme.Model, model);
        // A model field that is a link to the offer names the offer, too.
        foreach (Match link in Link().Matches(Model ?? ""))
            if (OfferNumber().Match(link.Groups[1].Value) is { Success: true } offer) yield return ParsedIdentifier.Of(IdentifierScheme.Marketplace, (offer.Groups[1].Success ? offer.Groups[1] : offer.Groups[2]).Value.ToUpperInvariant());
        foreach (string batch in (ReferenceText.Clean(Batch) ?? "").Split(['\n', ';', '|'], StringSplitOptions.TrimEntries))
            if (ReferenceText.CleanBrand(batch) is { } value && !value.Equals("all", StringComparison.OrdinalIgnoreCase)) yield return ParsedIdentifier.Of(IdentifierScheme.Batch, value);
        foreach (string code in (ReferenceText.Clean(RecallCode) ?? "").Split('\n', StringSplitOptions.TrimEntries))
            if (ReferenceText.CleanLine(code) is { } value) yield return ParsedIdentifier.Of(IdentifierScheme.Recall, value);
    }

    [GeneratedRegex(@"(?<=\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)\d{2})(?=\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)\d{2})|(?<=(?:19|20)\d{2}-\d{2}-\d{2})(?=(?:19|20)\d{2}-\d{2}-\d{2})", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Unglue();

    [GeneratedRegex(@":\s*(?:unknown|null|n/a)\.?\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex UnknownLine();

    [GeneratedRegex("""<a\b[^<>]*?href\s*=\s*["']?([^"'<>\s]+)""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?:/dp/|/gp/product/)(B0[0-9A-Z]{8})|/item/(\d{8,})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex OfferNumber();
}
