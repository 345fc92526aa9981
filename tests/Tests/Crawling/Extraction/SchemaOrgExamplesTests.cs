using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Extraction.Structured;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>Each published example says the same in three syntaxes; so must the reader.</summary>
public class SchemaOrgExamplesTests(ITestOutputHelper output)
{
    /// <summary>Examples whose three forms differ in themselves, by their published identifiers, with the difference.</summary>
    private static readonly Dictionary<string, string> Differing = new(StringComparer.Ordinal)
    {
        ["#eg-0010"] = "the JSON form states another price than the other two",
        ["#eg-0393"] = "in microdata and RDFa the offer names its product by address only; in JSON-LD the product holds the offer",
    };

    [Fact]
    public void The_three_syntaxes_of_an_example_give_the_same_facts()
    {
        int same = 0, total = 0;
        List<string> failures = [];
        foreach (string file in Directory.EnumerateFiles(SharedData.Require("web/schemaorg-examples/data"), "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            foreach ((string id, Dictionary<string, string> sections) in Examples(File.ReadAllLines(file)))
            {
                if (!sections.TryGetValue("JSON:", out string? json) || !sections.TryGetValue("MICRODATA:", out string? micro) || !sections.TryGetValue("RDFA:", out string? rdfa)) continue;
                if (!json.Contains("\"@type\"", StringComparison.Ordinal) || !micro.Contains("itemscope", StringComparison.Ordinal) || !rdfa.Contains("typeof", StringComparison.Ordinal)) continue;
                string a = Facts(json, static d => JsonLdReader.Read(d, Address)), b = Facts(micro, static d => MicrodataReader.Read(d, Address)), c = Facts(rdfa, static d => RdfaReader.Read(d, Address));
                if (a.Length == 0 && b.Length == 0 && c.Length == 0) continue;
                total++;
                if (a == b && b == c) same++;
                else if (!Differing.ContainsKey(id)) failures.Add($"{id}:\n  json {a}\n  micro {b}\n  rdfa {c}");
            }
        foreach (string failure in failures) output.WriteLine(failure);
        output.WriteLine($"examples with a product: {same} of {total} passed");
        Assert.True(same >= 10 && failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void The_three_syntaxes_of_an_example_give_the_same_offers()
    {
        int same = 0, total = 0;
        List<string> failures = [];
        foreach (string file in Directory.EnumerateFiles(SharedData.Require("web/schemaorg-examples/data"), "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            foreach ((string id, Dictionary<string, string> sections) in Examples(File.ReadAllLines(file)))
            {
                if (!sections.TryGetValue("JSON:", out string? json) || !sections.TryGetValue("MICRODATA:", out string? micro) || !sections.TryGetValue("RDFA:", out string? rdfa) || id == "#eg-0010") continue;
                string a = Offers(json, static d => JsonLdReader.Read(d, Address)), b = Offers(micro, static d => MicrodataReader.Read(d, Address)), c = Offers(rdfa, static d => RdfaReader.Read(d, Address));
                if (a.Length == 0 || b.Length == 0 || c.Length == 0) continue;
                total++;
                if (a == b && b == c) same++;
                else failures.Add($"{id}: json {a} micro {b} rdfa {c}");
            }
        foreach (string failure in failures) output.WriteLine(failure);
        output.WriteLine($"examples with offers: {same} of {total} passed");
        Assert.True(same >= 10, $"{same} of {total}\n" + string.Join('\n', failures));
    }

    private static string Offers(string html, Func<IDocument, IReadOnlyList<StructuredItem>> read)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        HashSet<StructuredItem> seen = [];
        Stack<StructuredItem> open = new(read(new HtmlParser().ParseDocument("<html><body>" + html)));
        while (open.TryPop(out StructuredItem? item))
        {
            if (!seen.Add(item)) continue;
            if (item.IsA("Offer") || item.IsA("AggregateOffer"))
            {
                OfferFacts facts = OfferFacts.Read(item, null);
                if (facts.Price is not null || facts.Availability is not null) found.Add($"{facts.Price:0.##} {facts.Currency} {facts.Availability}");
            }
            foreach ((_, StructuredValue value) in item.Properties)
                if (value.Item is { } inner) open.Push(inner);
        }
        return string.Join("; ", found);
    }

    private static readonly Uri Address = new("http://example.com/");

    private static string Facts(string html, Func<IDocument, IReadOnlyList<StructuredItem>> read)
    {
        IDocument document = new HtmlParser().ParseDocument("<html><body>" + html);
        PageContext page = new(Address, Address, null, null);
        if (MainProduct.Choose(read(document), page, null).Item is not { } item) return string.Empty;
        FactSet facts = ProductReader.Read(item, "test", page);
        return string.Join(" | ", facts.Name, facts.Price, facts.Currency, facts.Availability, facts.Sku, facts.Mpn, facts.Gtin, facts.Brand, facts.Seller);
    }

    private static IEnumerable<(string Id, Dictionary<string, string> Sections)> Examples(string[] lines)
    {
        string? id = null;
        string? section = null;
        Dictionary<string, string> sections = [];
        foreach (string line in lines)
        {
            if (line.StartsWith("TYPES:", StringComparison.Ordinal))
            {
                if (id is not null) yield return (id, sections);
                id = line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(static w => w.StartsWith('#')) ?? line;
                sections = [];
                section = null;
            }
            else if (line.Trim() is "PRE-MARKUP:" or "MICRODATA:" or "RDFA:" or "JSON:") section = line.Trim();
            else if (section is not null) sections[section] = sections.GetValueOrDefault(section) + line + "\n";
        }
        if (id is not null) yield return (id, sections);
    }
}
