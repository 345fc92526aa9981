using System.Text;

namespace Touchstone.Crawling.Fetching;

/// <summary>A header as it stood on the wire, read as Latin-1; the parts of a folded line are joined by a space.</summary>
public sealed record HttpField(string Name, string Value);

/// <summary>
/// One request and its answer as they went over the wire (HTTP/1.1). The heads are the very bytes, so that names, order and repeats of headers are the
/// server's; the body is packed as its Content-Encoding says, and only its chunks are joined. A redirect is an exchange of its own. Immutable.
/// </summary>
public sealed record FetchExchange
{
    /// <summary>The absolute URL that was asked for.</summary>
    public required string Url { get; init; }

    /// <summary>Request line and headers with the empty line after them.</summary>
    public required ReadOnlyMemory<byte> RequestHead { get; init; }

    /// <summary>Status line and headers with the empty line after them; empty if no answer came.</summary>
    public ReadOnlyMemory<byte> ResponseHead { get; init; }

    /// <summary>The body before it was unpacked. Empty where it was not read: of a redirect, of a refusal, or of "not modified".</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether <see cref="Body"/> is all that the server sent; false where it was not read, was cut at a limit, or broke off.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The address that answered; null if it is not known.</summary>
    public string? Address { get; init; }

    /// <summary>What allowed the request: <c>robots</c>, <c>mandate:</c> with its id, or <c>operator</c>; null where nobody noted it.</summary>
    public string? Policy { get; init; }

    /// <summary>When the request was begun.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When the last byte that is kept had arrived.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Such as <c>GET</c>.</summary>
    public string Method => Text(RequestHead).Split(' ', 2)[0];

    /// <summary>The HTTP status; 0 if no answer came.</summary>
    public int Status => StatusOf(AnswerHead.Started(ResponseHead.Span));

    /// <summary>In the order in which they were sent.</summary>
    public IReadOnlyList<HttpField> RequestHeaders => Fields(RequestHead);

    /// <summary>In the order in which they came, repeats included.</summary>
    public IReadOnlyList<HttpField> ResponseHeaders => Fields(ResponseHead);

    /// <summary>The values of a header of the answer, joined by commas (RFC 9110, section 5.3); null if it has none. Names are compared without case.</summary>
    public string? Header(string name)
    {
        string[] values = [.. ResponseHeaders.Where(x => x.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(x => x.Value)];
        return values.Length == 0 ? null : string.Join(", ", values);
    }

    /// <summary>The status of an answer's head; 0 if it begins with no status line.</summary>
    internal static int StatusOf(ReadOnlySpan<byte> head)
    {
        int space = head.IndexOf((byte)' ');
        return space > 0 && head.Length >= space + 4 && int.TryParse(head.Slice(space + 1, 3), out int status) ? status : 0;
    }

    private static string Text(ReadOnlyMemory<byte> head) => Encoding.Latin1.GetString(head.Span);

    private static List<HttpField> Fields(ReadOnlyMemory<byte> head)
    {
        List<HttpField> fields = [];
        foreach (string line in Text(head).TrimStart('\r', '\n').Split('\n').Skip(1).Select(x => x.TrimEnd('\r')))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line is [' ' or '\t', ..] && fields.Count > 0) fields[^1] = fields[^1] with { Value = $"{fields[^1].Value} {line.Trim(' ', '\t')}" };
            else if (colon > 0) fields.Add(new HttpField(line[..colon].TrimEnd(' ', '\t'), line[(colon + 1)..].Trim(' ', '\t')));
        }
        return fields;
    }
}
