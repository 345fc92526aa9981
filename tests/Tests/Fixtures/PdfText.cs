using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Touchstone.Tests.Fixtures;

/// <summary>Reads the text of a PDF as Chromium writes it back from its bytes: unpacked streams, their glyphs, and the maps from glyphs to characters.</summary>
internal static partial class PdfText
{
    /// <summary>All text that is drawn, without blanks: where words are set apart, a PDF moves instead of writing one.</summary>
    public static string Of(byte[] pdf)
    {
        string file = Encoding.Latin1.GetString(pdf);
        Dictionary<int, string> objects = Object().Matches(file).GroupBy(x => int.Parse(x.Groups[1].Value, CultureInfo.InvariantCulture)).ToDictionary(x => x.Key, x => x.Last().Groups[2].Value);
        Dictionary<string, Dictionary<string, string>> fonts = new(StringComparer.Ordinal);
        foreach (Match font in Font().Matches(file))
            if (objects.TryGetValue(int.Parse(font.Groups[2].Value, CultureInfo.InvariantCulture), out string? body) && Map().Match(body) is { Success: true } map && objects.TryGetValue(int.Parse(map.Groups[1].Value, CultureInfo.InvariantCulture), out string? stream))
                fonts[font.Groups[1].Value] = Characters(Unpacked(stream));
        var text = new StringBuilder();
        foreach (string content in objects.Values.Select(Unpacked).Where(x => x.Contains(" Tf", StringComparison.Ordinal)))
        {
            Dictionary<string, string> characters = [];
            foreach (Match step in Step().Matches(content))
            {
                if (step.Groups[1].Success) characters = fonts.GetValueOrDefault(step.Groups[1].Value, []);
                else
                {
                    // Of one byte in a typeface that is drawn, of two in one that is embedded.
                    int digits = characters.Keys.FirstOrDefault()?.Length ?? 4;
                    for (int i = 0; i + digits <= step.Groups[2].Length; i += digits) text.Append(characters.GetValueOrDefault(step.Groups[2].Value.Substring(i, digits).ToUpperInvariant(), ""));
                }
            }
        }
        return new string([.. text.ToString().Where(x => !char.IsWhiteSpace(x))]);
    }

    private static string Unpacked(string body)
    {
        int start = body.IndexOf("stream", StringComparison.Ordinal), end = body.LastIndexOf("endstream", StringComparison.Ordinal);
        if (start < 0 || end < start || !body[..start].Contains("FlateDecode", StringComparison.Ordinal)) return "";
        start += body[start + 6] == '\r' ? 8 : 7;
        using var packed = new MemoryStream(Encoding.Latin1.GetBytes(body[start..end]));
        using var inflate = new ZLibStream(packed, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        try
        {
            inflate.CopyTo(plain);
        }
        catch (InvalidDataException)
        {
            return "";
        }
        return Encoding.Latin1.GetString(plain.ToArray());
    }

    private static Dictionary<string, string> Characters(string map)
    {
        Dictionary<string, string> characters = [];
        foreach (Match block in Chars().Matches(map))
            foreach (Match pair in Pair().Matches(block.Groups[1].Value)) characters[pair.Groups[1].Value.ToUpperInvariant()] = Utf16(pair.Groups[2].Value);
        foreach (Match block in Ranges().Matches(map))
            foreach (Match range in Triple().Matches(block.Groups[1].Value))
                for (int i = Hex(range.Groups[1].Value); i <= Hex(range.Groups[2].Value); i++) characters[i.ToString($"X{range.Groups[1].Length}", CultureInfo.InvariantCulture)] = char.ConvertFromUtf32(Hex(range.Groups[3].Value) + i - Hex(range.Groups[1].Value));
        return characters;
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Utf16(string hex) => Encoding.BigEndianUnicode.GetString(Convert.FromHexString(hex));

    [GeneratedRegex(@"(\d+) 0 obj(.*?)endobj", RegexOptions.Singleline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Object();

    [GeneratedRegex(@"/(F\d+) (\d+) 0 R", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Font();

    [GeneratedRegex(@"/ToUnicode (\d+) 0 R", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Map();

    [GeneratedRegex(@"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Step();

    [GeneratedRegex("beginbfchar(.*?)endbfchar", RegexOptions.Singleline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Chars();

    [GeneratedRegex("beginbfrange(.*?)endbfrange", RegexOptions.Singleline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Ranges();

    [GeneratedRegex("<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Pair();

    [GeneratedRegex("<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Triple();
}
