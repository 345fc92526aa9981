using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Touchstone.Crawling.Text;

namespace Touchstone.Screening.References.Registers;

/// <summary>What the formats share: text of bytes, dates, links, safe XML. Pure; safe for concurrent use.</summary>
internal static partial class RegisterReading
{
    private static readonly string[] DateFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-ddzzz", "yyyy-MM-ddK", "yyyyMMdd", "dd/MM/yyyy", "d/M/yyyy", "dd.MM.yyyy", "d.M.yyyy", "d. M. yyyy", "yyyy/MM/dd", "dd-MM-yyyy",
        "d MMM yyyy", "d MMMM yyyy", "MMMM d, yyyy",
    ];

    // Plain tables of office programs in western Europe; bytes that are UTF-8 are never read by it.
    private const int OfficeCodePage = 1252;
    private const int SniffedBytes = 1024;

    // The first record's members stand in it.
    private const int NamesBytes = 64 << 10;

    /// <summary>The characters of the first bytes of a file, never failing.</summary>
    public static string Text(byte[] head)
    {
        using StreamReader reader = new(new MemoryStream(head), EncodingOf(head), detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// Reads a file's text by its byte order mark, else by its XML declaration, else as UTF-8, and bytes that are none as windows-1252.
    /// Null if there is no such file.
    /// </summary>
    public static StreamReader? Reader(ImportFiles files, string name) =>
        files.Open(name) is { } stream ? new StreamReader(stream, EncodingOf(files.Head(name, SniffedBytes)), detectEncodingFromByteOrderMarks: true) : null;

    private static Encoding EncodingOf(ReadOnlySpan<byte> head)
    {
        // Text of single bytes holds no zeros; that of UTF-16 without a mark does in every other place.
        if (head is [not 0, 0, not 0, 0, ..]) return Encoding.Unicode;
        if (head is [0, not 0, 0, not 0, ..]) return Encoding.BigEndianUnicode;
        bool xml = head.TrimStart(" \t\r\n"u8).StartsWith("<?xml"u8);
        return (xml ? EncodingSniffer.Declared(head) ?? OlderEncoding(head) : null) is { } declared and not UTF8Encoding ? declared : WebEncoding.Utf8Or(OfficeCodePage);
    }

    /// <summary>An encoding that a declaration names and that pages do not know, such as those of DOS and of large computers; null for none.</summary>
    private static Encoding? OlderEncoding(ReadOnlySpan<byte> head)
    {
        Match name = DeclaredName().Match(Encoding.Latin1.GetString(head[..Math.Min(head.Length, SniffedBytes)]));
        return name.Success ? CodePagesEncodingProvider.Instance.GetEncoding(name.Groups[1].Value) : null;
    }

    /// <summary>A day in one of the registers' notations; <paramref name="monthFirst"/> for US slashes. Null for anything else.</summary>
    public static DateOnly? Date(string? text, bool monthFirst = false)
    {
        if (ReferenceText.CleanLine(text) is not { } line) return null;
        if (monthFirst && DateOnly.TryParseExact(line, ["MM/dd/yyyy", "M/d/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly us)) return us;
        string day = IsoStart().Match(line) is { Success: true } iso ? iso.Value : line;
        return DateOnly.TryParseExact(day, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out DateOnly date) ? date : null;
    }

    /// <summary>An absolute http or https URL without the comma that lists leave behind it; null for anything else.</summary>
    public static string? Url(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        string trimmed = text.Trim().TrimEnd(',', ';').Trim();
        if (trimmed.StartsWith("www.", StringComparison.OrdinalIgnoreCase)) trimmed = "https://" + trimmed;
        return trimmed.Length <= 2000 && Uri.TryCreate(trimmed, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 ? trimmed : null;
    }

    public static string? Email(string? text)
    {
        string? line = ReferenceText.CleanLine(text);
        return line is { Length: <= 254 } && EmailShape().IsMatch(line) ? line : null;
    }

    /// <summary>The XML of one record; prefixes that its document declares further up are bound to themselves.</summary>
    /// <exception cref="XmlException">The text is no well-formed element.</exception>
    public static XElement Element(string xml)
    {
        XmlNamespaceManager names = new(new NameTable());
        foreach (Match prefix in XmlPrefix().Matches(xml))
            if (prefix.Groups[1].Value is not ("xml" or "xmlns")) names.AddNamespace(prefix.Groups[1].Value, "urn:" + prefix.Groups[1].Value);
        XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false, MaxCharactersInDocument = XmlRecords.MaxCharacters };
        using XmlReader reader = XmlReader.Create(new StringReader(xml), settings, new XmlParserContext(names.NameTable, names, null, XmlSpace.None));
        return XElement.Load(reader);
    }

    /// <summary>Whether a document's beginning holds the start of an element with the local name, with or without a prefix.</summary>
    public static bool HasElement(string head, string localName)
    {
        for (int at = head.IndexOf(localName, StringComparison.OrdinalIgnoreCase); at > 0; at = head.IndexOf(localName, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            int end = at + localName.Length, start = at;
            if (end < head.Length && !(char.IsWhiteSpace(head[end]) || head[end] is '>' or '/')) continue;
            if (head[at - 1] == ':') for (start = at - 1; start > 0 && (char.IsLetterOrDigit(head[start - 1]) || head[start - 1] is '_' or '-' or '.'); start--) { }
            if (start > 0 && head[start - 1] == '<') return true;
        }
        return false;
    }

    /// <summary>The first child with a local name in any namespace.</summary>
    public static XElement? Child(this XElement element, string localName) => element.Elements().FirstOrDefault(x => x.Name.LocalName.Equals(localName, StringComparison.OrdinalIgnoreCase));

    public static IEnumerable<XElement> Children(this XElement element, string localName) => element.Elements().Where(x => x.Name.LocalName.Equals(localName, StringComparison.OrdinalIgnoreCase));

    public static IEnumerable<XElement> Within(this XElement element, string localName) => element.Descendants().Where(x => x.Name.LocalName.Equals(localName, StringComparison.OrdinalIgnoreCase));

    /// <summary>A member's text: of a string as it is, of a number or truth value its notation; null for null, absent or composed.</summary>
    public static string? TextOf(this JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        foreach (string name in names)
        {
            foreach (JsonProperty member in element.EnumerateObject())
            {
                if (!string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase)) continue;
                if (member.Value.ValueKind == JsonValueKind.String) return member.Value.GetString();
                if (member.Value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) return member.Value.GetRawText();
            }
        }
        return null;
    }

    /// <summary>The items of a member that is an array; none otherwise.</summary>
    public static IEnumerable<JsonElement> ItemsOf(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object) return [];
        foreach (JsonProperty member in element.EnumerateObject())
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.Array) return member.Value.EnumerateArray();
        return [];
    }

    public static string? FirstText(this IReadOnlyList<string> texts) => texts.Count == 0 ? null : texts[0];

    /// <summary>The texts in a member that is an array of strings.</summary>
    public static IEnumerable<string> TextsOf(this JsonElement element, string name) =>
        element.ItemsOf(name).Where(x => x.ValueKind == JsonValueKind.String).Select(x => x.GetString()!);

    /// <summary>
    /// Reads each object of a JSON file's array as a record, or each of its objects where the first one is a record itself (JSON lines, or a single record); one that is broken or that
    /// <paramref name="parse"/> refuses is rejected alone.
    /// </summary>
    /// <param name="isRecord">Whether an object with these members is a record.</param>
    public static async IAsyncEnumerable<ImportRecord> JsonAsync(
        ImportFiles files, string name, Func<IReadOnlyList<string>, bool> isRecord, Func<JsonElement, string, ParsedReference> parse, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using StreamReader? reader = Reader(files, name);
        if (reader is null) yield break;
        int number = 0;
        bool ofTop = isRecord(JsonRecords.Names(Text(files.Head(name, NamesBytes))).Top);
        await foreach (string json in JsonRecords.ReadAsync(reader, ofTop, cancellationToken))
        {
            string row = $"{name}:{++number}";
            yield return Try(row, () =>
            {
                using JsonDocument document = JsonDocument.Parse(json);
                return parse(document.RootElement, json);
            });
        }
    }

    /// <summary>Reads each element of the local name as a record; one that is broken or that <paramref name="parse"/> refuses is rejected alone.</summary>
    public static IAsyncEnumerable<ImportRecord> XmlAsync(ImportFiles files, string name, string element, Func<XElement, string, ParsedReference> parse, CancellationToken cancellationToken) =>
        XmlAsync(files, name, element, (record, xml) => [() => parse(record, xml)], cancellationToken);

    /// <summary>The same, of elements that hold several records each.</summary>
    public static async IAsyncEnumerable<ImportRecord> XmlAsync(
        ImportFiles files, string name, string element, Func<XElement, string, IReadOnlyList<Func<ParsedReference>>> recordsOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using StreamReader? reader = Reader(files, name);
        if (reader is null) yield break;
        int number = 0;
        await foreach (string xml in XmlRecords.ReadAsync(reader, element, cancellationToken))
            foreach (Func<ParsedReference> parse in Records(xml)) yield return Try($"{name}:{++number}", parse);

        IReadOnlyList<Func<ParsedReference>> Records(string xml)
        {
            try
            {
                return recordsOf(Element(xml), xml);
            }
            catch (XmlException e)
            {
                return [() => throw new RecordException(e.Message)];
            }
        }
    }

    /// <summary>A document's own text where it is one record, else that of a part of it.</summary>
    public static string RawOf(XElement part, string whole, bool alone) => alone ? whole : part.ToString(SaveOptions.DisableFormatting);

    /// <summary>A record, or the reason why there is none.</summary>
    public static ImportRecord Try(string row, Func<ParsedReference> parse) => Try(row, () => (ImportRecord)new ImportRecord.Accepted(parse()) { Row = row });

    /// <summary>What a record gives, or the reason why it gives nothing.</summary>
    public static ImportRecord Try(string row, Func<ImportRecord> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is XmlException or JsonException or RecordException or FormatException or RegexMatchTimeoutException)
        {
            return new ImportRecord.Rejected(e.Message) { Row = row };
        }
    }

    [GeneratedRegex("""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DeclaredName();

    [GeneratedRegex(@"[<\s/]([A-Za-z_][\w.-]*):(?=[A-Za-z_])", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex XmlPrefix();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(?=$|[T+\-Z ])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IsoStart();

    [GeneratedRegex(@"^[^\s@<>()]+@[^\s@<>()]+\.[A-Za-z]{2,}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex EmailShape();
}

/// <summary>A record lacks what every reference needs; the message says what.</summary>
internal sealed class RecordException(string message) : Exception(message);
