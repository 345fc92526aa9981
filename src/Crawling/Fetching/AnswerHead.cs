using System.Buffers;

namespace Touchstone.Crawling.Fetching;

/// <summary>The head of an HTTP/1.1 answer, as lenient as browsers read it (RFC 9112, section 2.2; what is no header is passed over). Pure; thread-safe.</summary>
internal static class AnswerHead
{
    // Source: RFC 9110, section 5.6.2: the characters of a name.
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>One past the empty line that ends the head; 0 if it has not come.</summary>
    /// <param name="looked">What was looked through before: a head that comes byte by byte is not looked through again and again.</param>
    public static int End(ReadOnlySpan<byte> bytes, ref int looked)
    {
        int start = bytes.Length - Started(bytes).Length;
        for (int i = Math.Max(start + 1, looked); i < bytes.Length; i++)
        {
            if (bytes[i] != (byte)'\n') continue;
            if (bytes[i - 1] == (byte)'\n' || (i > start + 1 && bytes[i - 1] == (byte)'\r' && bytes[i - 2] == (byte)'\n')) return i + 1;
        }
        looked = bytes.Length;
        return 0;
    }

    /// <summary>The head from its status line on.</summary>
    public static ReadOnlySpan<byte> Started(ReadOnlySpan<byte> head) => head.TrimStart("\r\n"u8);

    /// <summary>Appends the head without what is no header.</summary>
    public static void Mend(ReadOnlySpan<byte> head, List<byte> to)
    {
        head = Started(head);
        int first = to.Count;
        bool kept = false, isStatus = true;
        while (head.Length > 0)
        {
            int end = head.IndexOf((byte)'\n') is >= 0 and var at ? at + 1 : head.Length;
            ReadOnlySpan<byte> line = head[..end], text = line.TrimEnd("\r\n"u8);
            head = head[end..];
            // A line that goes on belongs to the one before.
            kept = isStatus || text.Length == 0 || (text[0] is (byte)' ' or (byte)'\t' ? kept : IsField(text));
            isStatus = false;
            if (!kept) continue;
            foreach (byte b in text) to.Add(b is (byte)'\r' or 0 ? (byte)' ' : b);
            to.AddRange(line[text.Length..]);
        }
        for (int i = first; i < to.Count && i < first + 4 && to[i] is >= (byte)'a' and <= (byte)'z'; i++) to[i] -= 'a' - 'A';
    }

    private static bool IsField(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? [] : line[..colon].TrimEnd(" \t"u8);
        return name.Length > 0 && !name.ContainsAnyExcept(NameBytes);
    }
}
