using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Touchstone.Tests.Server.Language;

/// <summary>A text that source says through <c>T("…")</c> or <c>Many(n, "…", "…")</c>, or a call whose text is not a literal (null).</summary>
/// <param name="Key">The English text, unescaped; null where the call computes it.</param>
/// <param name="Place">File and line.</param>
internal sealed record TextCall(string? Key, string Place)
{
    private static readonly Regex Calls = new(@"(?<![\w.<])(?:Text\.)?(?<name>T|Many)\(", RegexOptions.CultureInvariant);

    /// <summary>The calls in a C# or Razor file.</summary>
    public static IEnumerable<TextCall> In(string path, string source)
    {
        source = WithoutComments(source);
        foreach (Match call in Calls.Matches(source))
        {
            string place = $"{path}:{LineOf(source, call.Index)}";
            int at = call.Index + call.Length;
            if (call.Groups["name"].Value == "Many")
            {
                at = SkipArgument(source, at) + 1;
                yield return new TextCall(Literal(source, ref at), place);
                while (at < source.Length && source[at] != ',') at++;
                at++;
            }
            yield return new TextCall(Literal(source, ref at), place);
        }
    }

    public static int LineOf(string source, int index) => source.AsSpan(0, index).Count('\n') + 1;

    /// <summary>The source with its comments blanked, so that places stay where they are.</summary>
    public static string WithoutComments(string source) =>
        Regex.Replace(source, @"@\*[\s\S]*?\*@|<!--[\s\S]*?-->|(?<=^|[\s;{}])//[^\n]*", x => Regex.Replace(x.Value, @"[^\n]", " "), RegexOptions.CultureInvariant);

    /// <summary>Reads a literal, or literals joined by <c>+</c>, that is the whole argument; null for anything else.</summary>
    private static string? Literal(string source, ref int at)
    {
        var text = new StringBuilder();
        while (true)
        {
            while (at < source.Length && char.IsWhiteSpace(source[at])) at++;
            if (at >= source.Length || source[at] != '"') return null;
            at = ReadString(source, at, text);
            while (at < source.Length && char.IsWhiteSpace(source[at])) at++;
            if (at >= source.Length) return null;
            if (source[at] is ',' or ')') return text.ToString();
            if (source[at] != '+') return null;
            at++;
        }
    }

    /// <summary>Reads the literal that begins at a quotation mark; returns the place behind it.</summary>
    public static int ReadString(string source, int at, StringBuilder text)
    {
        if (source.AsSpan(at).StartsWith("\"\"\""))
        {
            int end = source.IndexOf("\"\"\"", at + 3, StringComparison.Ordinal);
            text.Append(source, at + 3, end - at - 3);
            return end + 3;
        }
        for (at++; at < source.Length && source[at] != '"'; at++)
        {
            if (source[at] != '\\')
            {
                text.Append(source[at]);
                continue;
            }
            at++;
            if (source[at] == 'u')
            {
                text.Append((char)int.Parse(source.AsSpan(at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                at += 4;
            }
            else text.Append(source[at] switch { 'n' => '\n', 't' => '\t', var x => x });
        }
        return at + 1;
    }

    /// <summary>The end of an argument: its comma or closing bracket.</summary>
    private static int SkipArgument(string source, int at)
    {
        for (int depth = 0; at < source.Length; at++)
        {
            if (source[at] == '"') at = ReadString(source, at, new StringBuilder()) - 1;
            else if (source[at] is '(' or '[' or '{') depth++;
            else if (depth == 0 && source[at] is ',' or ')') return at;
            else if (source[at] is ')' or ']' or '}') depth--;
        }
        return at;
    }
}
