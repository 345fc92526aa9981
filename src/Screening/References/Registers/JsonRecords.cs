using System.Runtime.CompilerServices;
using System.Text;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Cuts a JSON document into the objects of its first array of objects, at whatever depth that array lies. An object is cut by its braces,
/// so one with a broken value is rejected alone. Streams; holds one object at a time.
/// </summary>
internal static class JsonRecords
{
    /// <summary>The longest object, in characters: 8 Mi.</summary>
    public const int MaxCharacters = 8 << 20;

    /// <summary>The text of each object; the last one may be cut off with the file.</summary>
    public static async IAsyncEnumerable<string> ReadAsync(TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        char[] part = new char[1 << 16];
        StringBuilder current = new();
        int depth = 0;
        bool found = false, inArray = false, inString = false, escaped = false;
        for (int read; (read = await reader.ReadAsync(part, cancellationToken)) > 0;)
        {
            for (int i = 0; i < read; i++)
            {
                char c = part[i];
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
                    if (found) yield break;
                    inArray = false;
                }
                else if (c == '{' && depth++ == 0) current.Append(c);
                else if (c == '}' && depth > 0 && --depth == 0)
                {
                    found = true;
                    yield return current.ToString();
                    current.Clear();
                }
                if (current.Length > MaxCharacters) break;
            }
            if (current.Length > MaxCharacters) break;
        }
        if (current.Length > 0) yield return current.ToString();
    }
}
