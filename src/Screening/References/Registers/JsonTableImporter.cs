using System.Text.Json;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// The table that <see cref="CsvImporter"/> reads, as JSON: an array of objects at any depth, or one object a line (JSON lines). Each member counts as the column of that name; an array holds several values.
/// Recalls of the French state are read with their own columns (<see cref="FrenchRecalls"/>).
/// </summary>
public sealed class JsonTableImporter : IRegisterImporter
{
    // What an object has that is a record of a register, and not a setting or a list of people that happens to have a name.
    private static readonly HashSet<string> OfRegisters = ["id", "gtin", "brand", "registration", "classes", "risk types", "notifying country", "territory", "right holder", "expires on"];

    private static readonly HashSet<string> OfMany = [.. OfRegisters, "model", "pictures", "category", "description", "url", "kind"];

    private static readonly string[] Lines = [".jsonl", ".ndjson"];

    public string Format => "json-table";

    public string Summary => "The table (csv) as JSON: an array of objects, or one object a line; French recalls (RappelConso) too";

    public string? Licence => null;

    public bool Recognises(ImportFiles files, string name, string head)
    {
        if (head.TrimStart('\ufeff', ' ', '\t', '\r', '\n') is not (['{', ..] or ['[', ..])) return false;
        (IReadOnlyList<string> top, IReadOnlyList<string> inner) = JsonRecords.Names(head);
        return IsRecord(top, name) || HeaderOf(inner) is not null;
    }

    public IAsyncEnumerable<ImportRecord> ReadAsync(ImportFiles files, string name, CancellationToken cancellationToken) =>
        RegisterReading.JsonAsync(files, name, x => IsRecord(x, name), (x, raw) => Parse(files, name, x, raw), cancellationToken);

    /// <summary>Whether a document's own object is a record: settings are such objects, too, so that more is asked of it than of one among others, unless the file says that it holds one a line.</summary>
    private static bool IsRecord(IReadOnlyList<string> names, string file) =>
        HeaderOf(names) is { } header && (header.Recall is not null || Lines.Any(x => file.EndsWith(x, StringComparison.OrdinalIgnoreCase)) || header.Columns.Where(x => x is not null && OfMany.Contains(x)).Distinct(StringComparer.Ordinal).Count() > 1);

    private static TableHeader? HeaderOf(IReadOnlyList<string> names) =>
        TableHeader.Of(names, first: true) is { } header && (header.Recall is not null || header.Columns.Any(x => x is not null && OfRegisters.Contains(x))) ? header : null;

    private static ParsedReference Parse(ImportFiles files, string name, JsonElement record, string raw)
    {
        // An interface may put the columns one deeper, beside its own numbers.
        if (record.ValueKind == JsonValueKind.Object && record.TryGetProperty("fields", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object) record = inner;
        JsonProperty[] members = record.ValueKind == JsonValueKind.Object ? [.. record.EnumerateObject()] : [];
        TableHeader header = TableHeader.Of([.. members.Select(x => x.Name)], first: true) ?? throw new RecordException("The record has no title.");
        return CsvImporter.Parse(files, name, header, new CsvRecord(0, [.. members.Select(x => TextOf(x.Value))], raw, null));
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join('|', value.EnumerateArray().Select(TextOf)),
        JsonValueKind.Object => value.TextOf("url", "src", "href", "value", "name", "title") ?? "",
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => "",
    };
}
