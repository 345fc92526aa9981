using System.Text;

namespace Touchstone.Tests.Fuzzing;

/// <summary>
/// Changes a sample a few times: bits, bytes, pieces taken out, doubled, moved, repeated, or taken from another sample, and words that readers have rules for. One
/// seed gives one sequence.
/// </summary>
internal sealed class Mutation(int seed, IReadOnlyList<byte[]> samples)
{
    private const int MostBytes = 200_000;

    private static readonly byte[][] Words = [.. new[]
    {
        "<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "&#x110000;", "&amp", "\0", "\u00ff", "\ufeff", "\ud7ff", "{", "}", "[", "]", "\"", "\\u", "\\", ":", ",", "-", "1e999", "99999999999999999999",
        "0.0000000000001", "null", "true", "*", "$", "%", "%00", "%2F", "..", "//", "http://", "http://[", "http://a:99999/", "javascript:", "data:image/png;base64,", "itemscope ", "itemref='a'", "@id", "@graph", "@type",
        "<script type='application/ld+json'>", "</script>", "<table>", "<template>", "<svg>", "<base href='", "User-agent: *\n", "Disallow: ", "Allow: /*$", "<urlset>", "<loc>", "</loc>", "<?xml version=\"1.0\" encoding=\"utf-16\"?>",
        "<!DOCTYPE a [<!ENTITY b \"bbbb\">]>", "&b;", "\r", "\n", "\t", "€", "1.234,56", "₹", "٣", "\u202e",
    }.Select(Encoding.UTF8.GetBytes)];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        List<byte> bytes = [.. Any(samples)];
        for (int changes = 1 << _random.Next(6); changes > 0 && bytes.Count > 0; changes--) Change(bytes);
        if (bytes.Count > MostBytes) bytes.RemoveRange(MostBytes, bytes.Count - MostBytes);
        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        int at = _random.Next(bytes.Count), length = Math.Min(1 << _random.Next(9), bytes.Count - at);
        switch (_random.Next(8))
        {
            case 0: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
            case 1: bytes[at] = (byte)_random.Next(256); break;
            case 2: bytes.RemoveRange(at, length); break;
            case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 4: bytes.InsertRange(_random.Next(bytes.Count), bytes.GetRange(at, length)); break;
            case 5: bytes.InsertRange(at, Enumerable.Repeat(Any(Words), _random.Next(1, 200)).SelectMany(static x => x)); break;
            case 6: bytes.InsertRange(at, Piece(Any(samples))); break;
            default: bytes.InsertRange(at, Any(Words)); break;
        }
    }

    private ReadOnlySpan<byte> Piece(byte[] other)
    {
        int from = _random.Next(other.Length);
        return other.AsSpan(from, _random.Next(other.Length - from));
    }

    private T Any<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
