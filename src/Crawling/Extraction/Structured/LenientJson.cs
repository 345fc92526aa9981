using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Structured;

/// <summary>
/// Reads JSON as shops write it: comments, trailing and missing commas, control characters and line breaks in strings, stray quotes, single and typographic quotes,
/// decimal commas, bare keys, CDATA and comment wrappers, several values one after another, brackets that nobody closed. It never throws on text and ends in linear time
/// but for stray quotes, whose look-ahead is bounded.
/// </summary>
public sealed partial class LenientJson
{
    /// <summary>Levels of objects and lists; what lies deeper is left out.</summary>
    public const int MaximumDepth = 96;

    // Values that names put into one text, those in them counted too: a name may stand in any number of places.
    private const int MostNamed = 50_000;
    private readonly string _text;
    private int _at;
    private readonly IReadOnlyDictionary<string, JsonNode?>? _names;
    private int _depth;
    private int _left = MostNamed;

    private LenientJson(string text, IReadOnlyDictionary<string, JsonNode?>? names = null) => (_text, _names) = (text, names);

    /// <summary>All values found in the text, in order; empty when it holds none. Numbers keep their digits.</summary>
    public static IReadOnlyList<JsonNode> ReadAll(string text)
    {
        List<JsonNode> values = [];
        LenientJson reader = new(text);
        while (reader.SkipToValue())
        {
            int before = reader._at;
            if (reader.ReadValue() is { } node) values.Add(node);
            if (reader._at == before) reader._at++;
        }
        return values;
    }

    /// <summary>Reads the value that starts at or after <paramref name="start"/> with a brace or bracket; null where there is none.</summary>
    /// <param name="names">What bare words stand for; those that it lacks stand for themselves. At most 50,000 values are put into their places, those in objects and lists counted, too; what comes after them is null.</param>
    public static JsonNode? ReadAt(string text, int start, out int end, IReadOnlyDictionary<string, JsonNode?>? names = null)
    {
        LenientJson reader = new(text, names) { _at = start };
        JsonNode? value = reader.SkipToValue() ? reader.ReadValue() : null;
        end = reader._at;
        return value;
    }

    private bool SkipToValue()
    {
        while (_at < _text.Length)
        {
            SkipSpace();
            if (_at >= _text.Length) return false;
            if (_text[_at] is '{' or '[') return true;
            _at++;
        }
        return false;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (char.IsWhiteSpace(c) || char.IsControl(c) || c == '\uFEFF') _at++;
            else if (Starts("/*")) SkipPast("*/");
            else if (Starts("<!--")) _at += 4;
            else if (Starts("-->")) _at += 3;
            else if (Starts("<![CDATA[")) _at += 9;
            else if (Starts("]]>")) _at += 3;
            else if (Starts("//")) SkipLineComment();
            else return;
        }
    }

    // A comment wrapper such as "//<![CDATA[" is skipped only as far as what it wraps.
    private void SkipLineComment()
    {
        _at += 2;
        while (_at < _text.Length && _text[_at] is not ('\n' or '\r'))
        {
            if (Starts("<![CDATA[") || Starts("]]>") || Starts("-->")) return;
            _at++;
        }
    }

    private bool Starts(string token) => string.CompareOrdinal(_text, _at, token, 0, token.Length) == 0;

    private void SkipPast(string token)
    {
        int end = _text.IndexOf(token, _at, StringComparison.Ordinal);
        _at = end < 0 ? _text.Length : end + token.Length;
    }

    private JsonNode? ReadValue()
    {
        SkipSpace();
        if (_at >= _text.Length) return null;
        switch (_text[_at])
        {
            case '{': return Nested(ReadObject);
            case '[': return Nested(ReadArray);
            case '"' or '\'' or '`': return JsonValue.Create(ReadString());
            case var c when IsTypographic(c): return JsonValue.Create(ReadString());
            default: return ReadBare();
        }
    }

    private JsonNode? Nested(Func<JsonNode> read)
    {
        if (_depth >= MaximumDepth)
        {
            _at = _text.Length;
            return null;
        }
        _depth++;
        JsonNode node = read();
        _depth--;
        return node;
    }

    private JsonObject ReadObject()
    {
        JsonObject result = [];
        _at++;
        while (true)
        {
            SkipSpace();
            if (_at >= _text.Length) return result;
            char c = _text[_at];
            if (c == '}')
            {
                _at++;
                return result;
            }
            // A foreign closing bracket ends this object: its own brace is missing.
            if (c == ']') return result;
            if (c is ',' or ';' or ':')
            {
                _at++;
                continue;
            }
            int before = _at;
            string key = c is '"' or '\'' || IsTypographic(c) ? ReadString() : ReadKey();
            SkipSpace();
            if (_at < _text.Length && _text[_at] == ':')
            {
                _at++;
                SkipSpace();
                JsonNode? value = _at < _text.Length && _text[_at] is ',' or '}' or ']' ? null : ReadDecimal() ?? ReadValue();
                // Of two members of one name the first that says something: templates write an empty one beside it.
                if (!result.TryGetPropertyValue(key, out JsonNode? known) || IsEmpty(known)) result[key] = value;
            }
            else if (_at == before) _at++;
        }
    }

    private static bool IsEmpty(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 } || (value is JsonValue text && text.TryGetValue(out string? written) && string.IsNullOrWhiteSpace(written));

    private JsonArray ReadArray()
    {
        JsonArray result = [];
        _at++;
        while (true)
        {
            SkipSpace();
            if (_at >= _text.Length) return result;
            char c = _text[_at];
            if (c == ']')
            {
                _at++;
                return result;
            }
            if (c == '}') return result;
            if (c is ',' or ';' or ':')
            {
                _at++;
                continue;
            }
            int before = _at;
            result.Add(ReadValue());
            if (_at == before) _at++;
        }
    }

    private string ReadKey()
    {
        int start = _at;
        while (_at < _text.Length && _text[_at] is not (':' or ',' or '}' or ']' or '{' or '[' or '"' or '\n')) _at++;
        return _text[start.._at].Trim();
    }

    /// <summary>A number that a program wrote by its country's habit, <c>49,90</c>: as the value of a member no second value can follow the comma.</summary>
    private JsonNode? ReadDecimal()
    {
        if (_at >= _text.Length || !char.IsAsciiDigit(_text[_at]) || DecimalComma().Match(_text, _at) is not { Success: true } number) return null;
        _at += number.Length;
        return JsonValue.Create(decimal.Parse(number.Value.Replace(',', '.'), CultureInfo.InvariantCulture));
    }

    private JsonNode? ReadBare()
    {
        int start = _at;
        while (_at < _text.Length && _text[_at] is not (',' or '}' or ']' or '{' or '[' or '"' or '\n' or ';')) _at++;
        string word = _text[start.._at].Trim();
        if (word.Length == 0) return null;
        if (_names is not null && _names.TryGetValue(word, out JsonNode? named)) return Takes(named) ? named?.DeepClone() : null;
        if (word.Equals("true", StringComparison.OrdinalIgnoreCase)) return JsonValue.Create(true);
        if (word.Equals("false", StringComparison.OrdinalIgnoreCase)) return JsonValue.Create(false);
        if (word is "null" or "undefined" or "None" or "NaN" or "NULL") return null;
        // A number of an article is no quantity: what a decimal would not write back as it stands keeps its characters.
        return decimal.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) && number.ToString(CultureInfo.InvariantCulture) == word
            ? JsonValue.Create(number)
            : JsonValue.Create(word);
    }

    /// <summary>Whether there is room left for a value with what it holds.</summary>
    private bool Takes(JsonNode? node)
    {
        if (--_left < 0) return false;
        foreach (JsonNode? inner in node switch { JsonArray list => list, JsonObject o => o.Select(static member => member.Value), _ => Enumerable.Empty<JsonNode?>() })
            if (!Takes(inner)) return false;
        return true;
    }

    private string ReadString()
    {
        char quote = _text[_at++];
        StringBuilder result = new();
        while (_at < _text.Length)
        {
            char c = _text[_at++];
            if (c == '\\') ReadEscape(result);
            else if ((c == quote || (IsTypographic(quote) && IsTypographic(c))) && (quote == '\'' || EndsString())) break;
            else result.Append(c);
        }
        return WholeCharacters.Mend(result.ToString());
    }

    /// <summary>Text programs put these in the places of plain quotes.</summary>
    private static bool IsTypographic(char c) => c is '“' or '”' or '„' or '″' or '«' or '»';

    [GeneratedRegex(@"\G\d{1,9},\d{1,2}(?=\s*[,}])", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex DecimalComma();

    [GeneratedRegex("""\G"@?[A-Za-z]\w{0,40}"\s*:""", RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex MemberName();

    // A quote inside a text, as in "7" tablet", is not followed by what may follow a string.
    private bool EndsString()
    {
        int next = NextVisible(_at);
        if (next >= _text.Length) return true;
        char c = _text[next];
        if (c is ':' or '}' or ']' or ';') return true;
        if (c == ',')
        {
            int after = NextVisible(next + 1);
            if (after >= _text.Length || IsTypographic(_text[after]) || _text[after] is '"' or '{' or '[' or '}' or ']' or '\'' or '-' or '/' or '<' || char.IsDigit(_text[after])) return true;
            return IsBareWord(after);
        }
        // Where a comma is missing, another line or another member begins.
        if (c == '"') return _text.AsSpan(_at, next - _at).Contains('\n') || (next > _at && MemberName().IsMatch(_text, next));
        return c == '/' && next + 1 < _text.Length && _text[next + 1] is '/' or '*';
    }

    private bool IsBareWord(int at)
    {
        int end = at;
        while (end < _text.Length && end - at < 40 && (char.IsLetterOrDigit(_text[end]) || _text[end] is '_' or '@')) end++;
        if (end == at) return false;
        ReadOnlySpan<char> word = _text.AsSpan(at, end - at);
        int next = NextVisible(end);
        return word is "true" or "false" or "null" or "undefined" || (next < _text.Length && _text[next] == ':');
    }

    private int NextVisible(int at)
    {
        while (at < _text.Length && (char.IsWhiteSpace(_text[at]) || char.IsControl(_text[at]))) at++;
        return at;
    }

    private void ReadEscape(StringBuilder result)
    {
        if (_at >= _text.Length) return;
        char c = _text[_at++];
        switch (c)
        {
            case 'n': result.Append('\n'); break;
            case 't': result.Append('\t'); break;
            case 'r': result.Append('\r'); break;
            case 'b': result.Append('\b'); break;
            case 'f': result.Append('\f'); break;
            case 'u': ReadHex(result, 4); break;
            case 'x': ReadHex(result, 2); break;
            default: result.Append(c); break;
        }
    }

    private void ReadHex(StringBuilder result, int digits)
    {
        if (_at + digits <= _text.Length
            && ushort.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
        {
            result.Append((char)code);
            _at += digits;
        }
        else result.Append(digits == 4 ? 'u' : 'x');
    }
}
