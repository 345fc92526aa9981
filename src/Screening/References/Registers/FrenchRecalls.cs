using System.Text.RegularExpressions;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Recalls as the French state publishes them (RappelConso, data.economie.gouv.fr), as a table, a workbook or JSON: with the column names of either edition, or with the labels that
/// its exports write in their place. Pure; safe for concurrent use.
/// </summary>
internal static partial class FrenchRecalls
{
    public const string Licence = "Licence Ouverte 2.0, DGCCRF, RappelConso";

    private static readonly string[] Identification = ["identification des produits", "identification produits"];
    private static readonly string[] Names = ["libelle", "noms des modeles ou references", "modeles ou references"];
    private static readonly string[] Brand = ["nom de la marque du produit", "marque produit", "nom marque produit"];
    private static readonly string[] Id = ["reference fiche", "numero fiche"];

    /// <summary>The columns' names on one spelling; null if the header is none of such recalls.</summary>
    public static IReadOnlyList<string>? KeysOf(IEnumerable<string> fields)
    {
        string[] keys = [.. fields.Select(x => FileNameFolding.Fold(x))];
        return keys.Any(Identification.Contains) && keys.Any(x => Names.Contains(x) || Brand.Contains(x)) ? keys : null;
    }

    /// <summary>What the reader of tables needs to know of a column; null: nothing.</summary>
    public static string? MeaningOf(string key) => Names.Contains(key) ? "title" : Id.Contains(key) ? "id" : null;

    /// <exception cref="RecordException">The recall has no number, or names no product.</exception>
    public static ParsedReference Parse(IReadOnlyList<string> keys, IReadOnlyList<string> fields, string raw)
    {
        string? Text(params string[] names) => names.Select(name => Enumerable.Range(0, Math.Min(keys.Count, fields.Count)).Where(i => keys[i] == name).Select(i => ReferenceText.Clean(fields[i])).FirstOrDefault(x => x is not null)).FirstOrDefault(x => x is not null);
        IEnumerable<string> List(params string[] names) => (Text(names) ?? "").Split(['|', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string id = ReferenceText.CleanLine(Text([.. Id, "rappelguid", "rappel guid"])) ?? throw new RecordException("The recall has no number (numero_fiche).");
        (IReadOnlyList<RiskType> risks, IReadOnlyList<string> others) = Risks.ParseAll(List("risques encourus", "risques encourus par le consommateur").SelectMany(x => x.Split(',', StringSplitOptions.TrimEntries)));
        string? category = ReferenceText.CleanLine(Text("sous categorie produit", "sous categorie de produit", "categorie produit", "categorie de produit"));
        string[] named = [.. Names[1..].SelectMany(x => List(x))];
        return new ParsedReference
        {
            ExternalId = "RAPPELCONSO-" + id,
            Kind = ReferenceKind.Alert,
            Title = ReferenceText.CleanLine(Text("libelle")) ?? ReferenceText.CleanLine(string.Join(", ", named)) ?? throw new RecordException($"The recall {id} names no product (libelle, modeles_ou_references)."),
            Brands = ReferenceText.Brands(Text(Brand)),
            Models = Text("libelle") is null ? [] : ReferenceText.Distinct(named.SelectMany(x => ReferenceText.Models(x))),
            Category = ProductCategories.Find(category) ?? category,
            Description = ReferenceText.Clean(string.Join('\n', new[] { Text("conditionnements"), Text("informations complementaires"), Text("informations complementaires publiques") }.OfType<string>())),
            Risks = risks,
            OtherRisks = others,
            Danger = ReferenceText.Clean(string.Join('\n', new[] { Text("motif rappel", "motif du rappel"), Text("description complementaire risque", "description complementaire du risque") }.OfType<string>())),
            Measures = ReferenceText.Clean(string.Join('\n', List("conduites a tenir par le consommateur").Concat(List("preconisations sanitaires")))),
            NotifyingCountry = "France",
            OnlineTrader = ReferenceText.CleanLine(Text("distributeurs")?.Replace("|", ", ", StringComparison.Ordinal)),
            SourceUrl = RegisterReading.Url(Text("lien vers la fiche rappel")),
            RecallUrl = RegisterReading.Url(Text("lien vers affichette pdf")),
            PublishedOn = RegisterReading.Date(Text("date publication", "date de publication")),
            Identifiers = [.. IdentifiersOf(Text(Identification)).Distinct()],
            Pictures = [.. Blanks().Split(Text("liens vers les images") ?? "").SelectMany(x => x.Split('|')).Select(RegisterReading.Url).OfType<string>().Distinct(StringComparer.Ordinal).Select(x => new PictureSource.Web(x))],
            RawPayload = raw,
        };
    }

    /// <summary>
    /// What tells the recalled pieces apart: <c>gtin$lot$kind of date$date</c> for each, apart by bars, or the same as items of a list. Dates and their kinds tell no product.
    /// </summary>
    private static IEnumerable<ParsedIdentifier> IdentifiersOf(string? text)
    {
        foreach (string part in (text ?? "").Split(['$', '|', '\n', '¤'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string item = part.Trim('[', ']', '"', '\'', ' ', ',');
            if (ReferenceText.CleanLine(item) is not { } line || DateWords().IsMatch(line) || !line.Any(char.IsAsciiDigit) || RegisterReading.Date(line) is not null) continue;
            ParsedIdentifier[] codes = [.. ParsedIdentifier.Barcodes(line).Where(x => x.Scheme == IdentifierScheme.Gtin && x.Valid)];
            if (codes.Length == 0) yield return ParsedIdentifier.Of(IdentifierScheme.Batch, LotWord().Replace(line, ""));
            foreach (ParsedIdentifier code in codes) yield return code;
        }
    }

    [GeneratedRegex(@"\bdate (?:de |limite)|\bDDM\b|\bDLC\b|^(?:entre|du|jusqu'au)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex DateWords();

    [GeneratedRegex(@"^(?:n° ?de ?)?lots?\s*(?:n°|:)?\s*(?=\S)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex LotWord();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blanks();
}
