using System.Text.Json;

namespace Touchstone.Screening.References.Registers;

/// <summary>Brand marks of the npm package simple-icons: <c>data/simple-icons.json</c> and one SVG per mark under <c>icons</c>.</summary>
public sealed class SimpleIconsImporter : IRegisterImporter
{
    private const string Index = "data/simple-icons.json";

    public string Format => "simple-icons";

    public string Summary => "Brand marks of the npm package simple-icons (its folder)";

    public string? Licence => "CC0-1.0; the marks belong to their owners";

    public bool Recognises(ImportFiles files, string name, string head) =>
        (name == Index || name.EndsWith("simple-icons.json", StringComparison.Ordinal)) && head.Contains("\"slug\"", StringComparison.Ordinal) && head.Contains("\"hex\"", StringComparison.Ordinal);

    public IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, CancellationToken cancellationToken)
    {
        string root = name.EndsWith(Index, StringComparison.Ordinal) ? name[..^Index.Length] : "";
        return RegisterReading.JsonAsync(files, name, _ => false, (x, raw) => Parse(root, x, raw), cancellationToken);
    }

    private static ParsedReference Parse(string root, JsonElement mark, string raw)
    {
        // A mark may be called "X" or "None": no word means "unknown" here.
        string title = ReferenceText.Plain(mark.TextOf("title") ?? "", TextForm.Plain);
        if (title.Length == 0) throw new RecordException("The mark has no title.");
        string slug = mark.TextOf("slug") ?? throw new RecordException($"The mark {title} has no slug.");
        string? licence = mark.TryGetProperty("license", out JsonElement stated) ? stated.TextOf("type") ?? stated.TextOf("url") : null;
        IReadOnlyList<string> otherNames = mark.TryGetProperty("aliases", out JsonElement aliases) ? ReferenceText.Distinct(aliases.TextsOf("aka").Select(x => ReferenceText.CleanLine(x, TextForm.Plain))) : [];
        string description = string.Join('\n', new[] { otherNames.Count > 0 ? $"Also known as {string.Join(", ", otherNames)}." : null, licence is null ? null : $"Licence of the picture: {licence}.", mark.TextOf("guidelines") is { } rules ? $"Rules of use: {rules}" : null }.OfType<string>());
        return new ParsedReference
        {
            ExternalId = slug,
            Kind = ReferenceKind.Mark,
            Title = title,
            Brands = [title, .. otherNames],
            Description = ReferenceText.Clean(description, TextForm.Plain),
            SourceUrl = RegisterReading.Url(mark.TextOf("source")),
            Pictures = [new PictureSource.File($"{root}icons/{slug}.svg")],
            RawPayload = raw,
        };
    }
}
