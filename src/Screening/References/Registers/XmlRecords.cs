using System.Runtime.CompilerServices;
using System.Text;

namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Cuts an XML document into its records without trusting it: a record that is not well formed ends where the next one begins, so that a
/// broken neighbour costs no good one. Comments and CDATA sections inside a record are skipped over. Streams; holds one record at a time.
/// </summary>
internal static class XmlRecords
{
    /// <summary>The longest record, in characters: 8 Mi.</summary>
    public const int MaxCharacters = 8 << 20;

    /// <summary>The text of each element with the local name, from its start tag to its end tag, or to where it breaks off.</summary>
    public static async IAsyncEnumerable<string> ReadAsync(TextReader reader, string localName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Cutter cutter = new(localName);
        char[] part = new char[1 << 16];
        for (int read; (read = await reader.ReadAsync(part, cancellationToken)) > 0;)
        {
            cutter.Add(part.AsSpan(0, read));
            while (cutter.Next(atEnd: false) is { } record) yield return record;
        }
        while (cutter.Next(atEnd: true) is { } record) yield return record;
    }

    private sealed class Cutter(string localName)
    {
        private readonly StringBuilder _pending = new();

        // The text that is being looked at; kept beside the builder so that it is made once a part.
        private string _text = "";
        private int _at;

        public void Add(ReadOnlySpan<char> part)
        {
            _pending.Clear().Append(_text, _at, _text.Length - _at).Append(part);
            _text = _pending.ToString();
            _at = 0;
        }

        public string? Next(bool atEnd)
        {
            int start = FindTag(_at, closing: false, atEnd, out _);
            if (start < 0)
            {
                // The last characters may be the beginning of a tag.
                _at = atEnd ? _text.Length : Math.Max(_at, _text.Length - localName.Length - 64);
                return null;
            }
            int position = start + 1;
            int tagEnd = _text.IndexOf('>', position);
            if (tagEnd > 0 && _text[tagEnd - 1] == '/') return Take(start, tagEnd + 1);
            while (true)
            {
                int next = _text.IndexOf('<', position);
                if (next < 0) break;
                if (Skip(next, "<![CDATA[", "]]>", out int behind) || Skip(next, "<!--", "-->", out behind))
                {
                    if (behind < 0)
                    {
                        // Not ended yet: a section that never ends is cut at the next record's start instead.
                        if (!atEnd && _text.Length - start <= MaxCharacters) break;
                        int after = FindTag(next, closing: false, atEnd: true, out _);
                        return Take(start, after < 0 ? _text.Length : after);
                    }
                    position = behind;
                    continue;
                }
                if (IsTag(next, closing: true, out int end) && end > 0) return Take(start, end);
                if (IsTag(next, closing: false, out _)) return Take(start, next);
                position = next + 1;
            }
            _at = start;
            return atEnd || _text.Length - start > MaxCharacters ? Take(start, _text.Length) : null;
        }

        private string Take(int start, int end)
        {
            _at = end;
            return _text[start..end].TrimEnd();
        }

        /// <returns>Whether the section starts here; <paramref name="behind"/> is where it ends, or negative.</returns>
        private bool Skip(int at, string open, string close, out int behind)
        {
            behind = -1;
            if (string.CompareOrdinal(_text, at, open, 0, open.Length) != 0) return false;
            int end = _text.IndexOf(close, at + open.Length, StringComparison.Ordinal);
            // A section that swallows the next record's start was never closed.
            if (end >= 0 && FindTag(at + open.Length, closing: false, atEnd: true, out _) is int inner && inner >= 0 && inner < end && FindTag(at + open.Length, closing: true, atEnd: true, out _) is int outer && outer >= 0 && outer < inner)
            {
                behind = outer;
                return true;
            }
            behind = end < 0 ? -1 : end + close.Length;
            return true;
        }

        private int FindTag(int from, bool closing, bool atEnd, out int end)
        {
            end = -1;
            for (int at = from; (at = _text.IndexOf('<', at)) >= 0; at++)
                if (IsTag(at, closing, out end) && (atEnd || end > 0)) return at;
            return -1;
        }

        /// <summary>Whether a start or end tag of the record begins here; <paramref name="end"/> is behind its bracket, or negative where that is not read yet.</summary>
        private bool IsTag(int at, bool closing, out int end)
        {
            end = -1;
            int i = at + 1;
            if (closing)
            {
                if (i >= _text.Length || _text[i] != '/') return false;
                i++;
            }
            int name = i;
            while (i < _text.Length && (char.IsLetterOrDigit(_text[i]) || _text[i] is '_' or '-' or '.' or ':')) i++;
            if (i >= _text.Length || !(char.IsWhiteSpace(_text[i]) || _text[i] is '>' or '/')) return false;
            int colon = _text.IndexOf(':', name, i - name);
            int local = colon < 0 ? name : colon + 1;
            if (i - local != localName.Length || string.Compare(_text, local, localName, 0, localName.Length, StringComparison.OrdinalIgnoreCase) != 0) return false;
            int bracket = _text.IndexOf('>', i);
            end = bracket < 0 ? -1 : bracket + 1;
            return true;
        }
    }
}
