using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Notices of a national inspectorate as a JSON array of <c>product_name</c> and <c>images</c> without a number. The name, with its
/// characters mended where they were decoded wrongly, is the notice's id; of several notices of one name the fullest counts for all.
/// </summary>
public sealed partial class SlovakNoticesImporter : IRegisterImporter
{
    public string Format => "soi-notices";

    public string Summary => "Notices of the Slovak trade inspection as a JSON array (product_name, images …)";

    public string? Licence => null;

    public bool Recognises(ImportFiles files, string name, string head) =>
        head.TrimStart('\ufeff', ' ', '\n', '\r', '\t') is ['[' or '{', ..] && head.Contains("\"product_name\"", StringComparison.Ordinal) && head.Contains("\"images\"", StringComparison.Ordinal);

    public async IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<ImportRecord> records = [];
        await foreach (ImportRecord record in RegisterReading.JsonAsync(files, name, x => x.Contains("product_name"), Parse, cancellationToken)) records.Add(record);
        Dictionary<string, ParsedReference> fullest = records.OfType<ImportRecord.Accepted>()
            .GroupBy(x => x.Reference.ExternalId, StringComparer.Ordinal)
            .ToDictionary(x => x.Key, x => x.Select(r => r.Reference).OrderByDescending(Fullness).ThenBy(r => r.RawPayload, StringComparer.Ordinal).First(), StringComparer.Ordinal);
        foreach (ImportRecord record in records)
            yield return record is ImportRecord.Accepted accepted ? accepted with { Reference = fullest[accepted.Reference.ExternalId] } : record;
    }

    private static int Fullness(ParsedReference x) => (x.Description?.Length ?? 0) + (x.Danger?.Length ?? 0) + x.Pictures.Count + x.Identifiers.Count;

    private static ParsedReference Parse(JsonElement notice, string raw)
    {
        string? Text(params ReadOnlySpan<string> names) => notice.TextOf(names) is { } text ? ReferenceText.RepairMojibake(text) : null;
        string title = ReferenceText.CleanLine(Text("product_name")) ?? throw new RecordException("The notice has no product_name.");
        string? description = ReferenceText.Clean(Text("product_description"));
        (IReadOnlyList<RiskType> risks, IReadOnlyList<string> others) = Risks.ParseList(Text("risk_type")?.TrimEnd('.'));
        return new ParsedReference
        {
            ExternalId = BlobName.Of(System.Text.Encoding.UTF8.GetBytes(title.ToLowerInvariant()))[..24],
            Kind = ReferenceKind.Alert,
            Title = title,
            Category = ProductCategories.Find(Text("product_category")) ?? ReferenceText.CleanLine(Text("product_category")),
            Description = description,
            Risks = risks,
            OtherRisks = others,
            Danger = ReferenceText.Clean(Text("risk_description")),
            NotifyingCountry = "Slovakia",
            CountryOfOrigin = Countries.NameOf(Text("country_of_origin")),
            PublishedOn = RegisterReading.Date(Text("published_on")),
            Models = [.. Model().Matches(title).Select(x => x.Groups[1].Value)],
            Identifiers =
            [
                .. Model().Matches(title).Select(x => ParsedIdentifier.Of(IdentifierScheme.Model, x.Groups[1].Value)),
                .. Code().Matches(description ?? "").Select(x => ParsedIdentifier.OfGtin(x.Groups[1].Value)),
            ],
            Pictures = [.. SafetyGateJsonImporter.PicturesOf(notice).Select(RegisterReading.Url).OfType<string>().Distinct(StringComparer.Ordinal).Select(x => new PictureSource.Web(x))],
            RawPayload = raw,
        };
    }

    [GeneratedRegex(@"\b(?:model\s*/?\s*typ|modeltyp|model|typ|item no|art\.? ?no|art\.? ?num|M)\b\s*[.:]*\s*([\p{L}\d][\p{L}\d./-]*\d[\p{L}\d./-]*)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Model();

    [GeneratedRegex(@"(?:EAN|GTIN|kód\w*)\D{0,12}(\d{8,14})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Code();
}
