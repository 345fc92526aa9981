using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Cuts a JSON document into the objects of its first array of objects, at whatever depth that array lies, or into its objects where it is one after the other (JSON lines). An object is cut by its braces,
/// so one with a broken value is rejected alone. Streams; holds one object at a time.
/// </summary>
internal static partial class JsonRecords
{
    /// <summary>The longest object, in characters: 8 Mi.</summary>
    public const int MaxCharacters = 8 << 20;

    /// <summary>The names of the members of the document's first object, and of the first object in an array; of one whose members are in a member <c>fields</c>, theirs too.</summary>
    /// <param name="head">The document, or its beginning.</param>
    public static (IReadOnlyList<string> Top, IReadOnlyList<string> Inner) Names(string head)
    {
        List<string> top = [], inner = [];
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(WholeCharacters.MendJson(head).TrimStart('\ufeff')), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { AllowMultipleValues = true, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip }));
        try
        {
            int within = -1;
            bool topEnded = false, inArray = false;
            string? name = null, around = null;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject && within < 0 && inArray) within = reader.CurrentDepth;
                else if (reader.TokenType == JsonTokenType.StartObject && within >= 0 && reader.CurrentDepth == within + 1) around = name;
                else if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == within) break;
                else if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0) topEnded = true;
                if (topEnded && top.Count > 0) break;
                inArray = reader.TokenType == JsonTokenType.StartArray;
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                name = reader.GetString()!;
                if (reader.CurrentDepth == 1 && within != 0) top.Add(name);
                if (within >= 0 && (reader.CurrentDepth == within + 1 || (reader.CurrentDepth == within + 2 && around == "fields"))) inner.Add(name);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What was named before the fault counts.
        }
        return (top, inner);
    }

    /// <summary>The text of each object; the last one may be cut off with the file.</summary>
    /// <param name="ofTop">Whether the records are the document's own objects, one after the other.</param>
    public static async IAsyncEnumerable<string> ReadAsync(TextReader reader, bool ofTop, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        char[] part = new char[1 << 16];
        StringBuilder current = new();
        int depth = 0;
        bool found = ofTop, inArray = ofTop, atLineStart = false, inString = false, escaped = false;
        for (int read; (read = await reader.ReadAsync(part, cancellationToken)) > 0;)
        {
            for (int i = 0; i < read; i++)
            {
                char c = part[i];
                // A line that begins with an object ends one that was never closed.
                if (ofTop && c == '{' && atLineStart && depth > 0)
                {
                    yield return Plain(current.ToString());
                    current.Clear();
                    depth = 0;
                    inString = escaped = false;
                }
                atLineStart = c is '\n' or '\r';
                if (depth > 0) current.Append(c);
                if (inString)
                {
                    if (escaped) escaped = false;
                    else if (c == '\\') escaped = true;
                    // A string never holds a bare line break: a quote is missing, and the string ends here.
                    else if (c is '"' or '\n') inString = false;
                    continue;
                }
                if (c == '"') inString = true;
                else if (c == '[' && !inArray) inArray = true;
                else if (!inArray) continue;
                else if (c == ']' && depth == 0)
                {
                    if (ofTop) continue;
                    if (found) yield break;
                    inArray = false;
                }
                else if (c == '{' && depth++ == 0) current.Append(c);
                else if (c == '}' && depth > 0 && --depth == 0)
                {
                    found = true;
                    yield return Plain(current.ToString());
                    current.Clear();
                }
                if (current.Length > MaxCharacters) break;
            }
            if (current.Length > MaxCharacters) break;
        }
        if (current.Length > 0) yield return Plain(current.ToString());
    }

    /// <summary>
    /// The object in words that JSON has: programs for tables write NaN where a cell is empty, cut a character of two halves in two, and leave a tabulator as it is, and one such value would cost the record.
    /// </summary>
    private static string Plain(string text)
    {
        if (text.Contains("NaN", StringComparison.Ordinal) || text.Contains("Infinity", StringComparison.Ordinal)) text = NoNumber().Replace(text, static m => m.Value[0] == '"' ? m.Value : "null");
        text = WholeCharacters.MendJson(text);
        return text.Contains('\t', StringComparison.Ordinal) ? text.Replace('\t', ' ') : text;
    }

    // A string is matched so that what it says is passed over.
    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|(?<=[:,\[\s])-?(?:NaN|Infinity)(?=[,\]}\s])", RegexOptions.CultureInvariant | RegexOptions.Singleline, 10_000)]
    private static partial Regex NoNumber();
}
