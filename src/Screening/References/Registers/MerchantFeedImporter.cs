using System.Xml.Linq;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// A maker's or shop's products as it hands them to advertisers: an RSS or Atom feed with elements of the namespace <c>http://base.google.com/ns/1.0</c>. Each element counts as the
/// column of that name in a table (<see cref="CsvImporter"/>).
/// </summary>
public sealed class MerchantFeedImporter : IRegisterImporter
{
    private const string Namespace = "base.google.com/ns/1.0";

    public string Format => "merchant-feed";

    public string Summary => "Products as RSS or Atom with the elements for advertisers (g:id, g:image_link, g:gtin …)";

    public string? Licence => null;

    public bool Recognises(ImportFiles files, string name, string head) => head.Contains(Namespace, StringComparison.OrdinalIgnoreCase) && !head.TrimStart('\ufeff', ' ', '\t', '\r', '\n').StartsWith('{');

    public IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, CancellationToken cancellationToken)
    {
        bool atom = RegisterReading.Text(files.Head(name)).Contains("<feed", StringComparison.OrdinalIgnoreCase);
        return RegisterReading.XmlAsync(files, name, atom ? "entry" : "item", (x, raw) => Parse(files, name, x, raw), cancellationToken);
    }

    private static ParsedReference Parse(ImportFiles files, string name, XElement product, string raw)
    {
        // A record is cut out without the feed's declarations: of its elements those with a prefix have a namespace, and they say more than those of RSS or Atom beside them, which may be the page's.
        XElement[] members = [.. product.Elements().Where(x => !x.HasElements).OrderByDescending(x => x.Name.NamespaceName.Length > 0)];
        string[] names = [.. members.Select(x => x.Name.LocalName)];
        TableHeader header = TableHeader.OfFeed(names) ?? throw new RecordException("The product has no title.");
        string[] fields = [.. members.Select(x => x.Value.Length == 0 && x.Name.LocalName == "link" ? x.Attribute("href")?.Value ?? "" : x.Value.Trim())];
        return CsvImporter.Parse(files, name, header, new CsvRecord(0, fields, raw, null));
    }
}
