using System.Runtime.CompilerServices;
using System.Text;

namespace Touchstone.Screening.References.Registers;

/// <summary>One record of a CSV file.</summary>
/// <param name="Line">The line on which it starts, from 1.</param>
/// <param name="Broken">What is wrong with its quotes, or null.</param>
internal sealed record CsvRecord(int Line, IReadOnlyList<string> Fields, string Raw, string? Broken);

/// <summary>
/// Reads RFC 4180 without trusting it: a quote that is never closed costs the line on which it opens and not the rest of the file.
/// Streams; holds at most <see cref="MaxLines"/> lines.
/// </summary>
internal static class CsvRecords
{
    /// <summary>The most lines that one quoted field spans.</summary>
    public const int MaxLines = 200;

    /// <summary>The first line of a text that is not blank and names no separator, and the separator: the one that a line <c>sep=;</c> before it names, else the likeliest.</summary>
    public static (string Header, char Separator) Header(string text)
    {
        string[] lines = text.TrimStart('\ufeff').Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0) return ("", ',');
        if (NamedSeparator(lines[0]) is { } named) return (lines.Length > 1 ? lines[1] : "", named);
        return (lines[0], LikeliestSeparator(lines[0]));
    }

    /// <summary>The one of comma, semicolon, tab, bar, caret and tilde that cuts the line into the most fields.</summary>
    public static char LikeliestSeparator(string line) => new[] { ',', ';', '\t', '|', '^', '~' }.MaxBy(x => Fields(line, x).Count);

    /// <summary>The fields of one line.</summary>
    public static IReadOnlyList<string> Fields(string line, char separator) => Split(line, separator, out _, out _);

    /// <summary>
    /// A line that was quoted as a whole: a program that took a table for one of a single column saves its lines so. Its fields are those of the one that it holds.
    /// </summary>
    public static IReadOnlyList<string> Unwrapped(IReadOnlyList<string> fields, char separator) => fields is [var only] && only.Contains(separator, StringComparison.Ordinal) ? Split(only, separator, out _, out _) : fields;

    /// <summary>The separator that a line names to spreadsheet programs and that is no record; null for any other line.</summary>
    public static char? NamedSeparator(string line)
    {
        string hint = line.TrimStart('\ufeff', ' ', '"').TrimEnd(' ', '"', '\r');
        if (!hint.StartsWith("sep=", StringComparison.OrdinalIgnoreCase)) return null;
        // A program that saves the table anew fills the line up with separators.
        return hint.Length == 4 ? '\t' : hint.AsSpan(4).ContainsAnyExcept(hint[4]) ? null : hint[4];
    }

    public static async IAsyncEnumerable<CsvRecord> ReadAsync(TextReader reader, char separator, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string> lines = [];
        int number = 0;
        while (true)
        {
            if (lines.Count == 0)
            {
                if (await reader.ReadLineAsync(cancellationToken) is not { } line) yield break;
                lines.Add(line);
            }
            int start = number + 1;
            if (string.IsNullOrWhiteSpace(lines[0]))
            {
                lines.RemoveAt(0);
                number++;
                continue;
            }
            string text = lines[0];
            int used = 1;
            IReadOnlyList<string> fields = Split(text, separator, out bool open, out _);
            StringBuilder? longer = null;
            while (open && used < MaxLines)
            {
                if (used == lines.Count)
                {
                    if (await reader.ReadLineAsync(cancellationToken) is not { } next) break;
                    lines.Add(next);
                }
                longer ??= new StringBuilder(text);
                longer.Append('\n').Append(lines[used++]);
                // Only a line with a quote can close the field.
                if (!lines[used - 1].Contains('"', StringComparison.Ordinal)) continue;
                text = longer.ToString();
                fields = Split(text, separator, out open, out bool torn);
                // A quote in the middle of a later line opens a field of its own: the one before was never closed.
                if (!torn) continue;
                open = true;
                break;
            }
            if (open)
            {
                yield return new CsvRecord(start, [], lines[0], "A quoted field is never closed.");
                used = 1;
            }
            else
            {
                yield return new CsvRecord(start, fields, text, null);
            }
            lines.RemoveRange(0, used);
            number += used;
        }
    }

    /// <summary>
    /// The fields of a text; <paramref name="open"/> if it ends inside a quoted field, <paramref name="torn"/> if text follows a closing
    /// quote. A quote within an unquoted field is a character.
    /// </summary>
    private static IReadOnlyList<string> Split(string text, char separator, out bool open, out bool torn)
    {
        List<string> fields = [];
        StringBuilder field = new();
        open = torn = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (open)
            {
                if (c != '"') field.Append(c);
                else if (IsEscaped(text, i, separator)) field[^1] = c;
                else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[++i]);
                else
                {
                    open = false;
                    torn |= i + 1 < text.Length && text[i + 1] != separator && text[i + 1] is not ('\n' or ' ');
                }
            }
            else if (c == separator)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (c == '"' && string.IsNullOrWhiteSpace(field.ToString()))
            {
                field.Clear();
                open = true;
            }
            else
            {
                field.Append(c);
            }
        }
        fields.Add(field.ToString());
        return fields;
    }

    /// <summary>
    /// Whether a quote in a quoted field belongs to it because a back-slash stands before: some databases write quotes so. Where the field may end with the quote, it ends, and the back-slash is
    /// one of its own, as of a folder.
    /// </summary>
    private static bool IsEscaped(string text, int quote, char separator)
    {
        if (text[quote - 1] != '\\') return false;
        ReadOnlySpan<char> rest = text.AsSpan(quote + 1);
        return rest is ['"', ..] ? EndsField(rest[1..], separator) : !EndsField(rest, separator);
    }

    private static bool EndsField(ReadOnlySpan<char> rest, char separator)
    {
        rest = rest.TrimStart(' ');
        return rest.IsEmpty || rest[0] == separator || rest[0] == '\n';
    }
}
