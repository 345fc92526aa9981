using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Touchstone.Crawling.Frontier;

/// <summary>
/// Parses the host of an http or https URL after the URL Standard, section 3.5: percent-decoding, international names as Punycode,
/// IPv4 in its odd notations, IPv6. Character mapping of names (UTS 46) covers case, full-width forms, ideographic dots and ignored characters.
/// </summary>
internal static class WebHost
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(c => (char)c), .. "#/:<>?@[\\]^|%\x7f"]);
    private static readonly SearchValues<char> V6 = SearchValues.Create("0123456789abcdefABCDEF:.");
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    private static readonly IdnMapping Idn = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    /// <summary>The host as a URL shows it (IPv6 in brackets), or null if it is invalid.</summary>
    public static string? Parse(string input)
    {
        if (input.StartsWith('[')) return input.EndsWith(']') ? ParseV6(input.AsSpan(1, input.Length - 2)) : null;
        string decoded = Encoding.UTF8.GetString(PercentEncoding.Decode(input));
        if (ToAscii(decoded) is not { Length: > 0 } name || name.AsSpan().ContainsAny(Forbidden)) return null;
        return EndsInNumber(name) ? ParseV4(name) : name;
    }

    private static string? ToAscii(string name)
    {
        if (Ascii.IsValid(name) && !name.Contains("xn--", StringComparison.OrdinalIgnoreCase)) return name.ToLowerInvariant();
        StringBuilder mapped = new(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (rune.Value is 0xFFFD or >= 0xFDD0 and <= 0xFDEF || (rune.Value & 0xFFFE) == 0xFFFE || Rune.IsWhiteSpace(rune)) return null;
            if (rune.Value is 0xAD or 0x200B or 0x2060 or 0xFEFF or >= 0xFE00 and <= 0xFE0F) continue;
            mapped.Append(rune.Value switch
            {
                0x3002 or 0xFF0E or 0xFF61 => ".",
                >= 0xFF01 and <= 0xFF5E => ((char)(rune.Value - 0xFEE0)).ToString().ToLowerInvariant(),
                _ => Rune.ToLowerInvariant(rune).ToString(),
            });
        }
        string[] labels = mapped.ToString().Split('.');
        try
        {
            for (int i = 0; i < labels.Length; i++)
            {
                if (!Ascii.IsValid(labels[i])) labels[i] = Idn.GetAscii(labels[i]);
                else if (labels[i].StartsWith("xn--", StringComparison.Ordinal) && Ascii.IsValid(Idn.GetUnicode(labels[i]))) return null;
            }
        }
        catch (ArgumentException)
        {
            return null;
        }
        return string.Join('.', labels);
    }

    private static bool EndsInNumber(string name)
    {
        string[] parts = name.Split('.');
        if (parts[^1].Length == 0 && parts.Length == 1) return false;
        string last = parts[^1].Length == 0 ? parts[^2] : parts[^1];
        return last.Length > 0 && (last.All(char.IsAsciiDigit) || (last.StartsWith("0x", StringComparison.Ordinal) && last.AsSpan(2).IndexOfAnyExcept(LowerHex) < 0));
    }

    private static string? ParseV4(string name)
    {
        string[] parts = name.Split('.');
        if (parts[^1].Length == 0) parts = parts[..^1];
        if (parts.Length > 4) return null;
        ulong address = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            if (Number(parts[i]) is not { } value) return null;
            bool last = i == parts.Length - 1;
            if (value > (last ? uint.MaxValue >> (8 * i) : 255UL)) return null;
            address += last ? value : value << (8 * (3 - i));
        }
        return $"{(address >> 24) & 255}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}";
    }

    /// <summary>Decimal, octal (leading 0) or hexadecimal (leading 0x).</summary>
    private static ulong? Number(string text)
    {
        (uint radix, string digits) = text switch
        {
            _ when text.StartsWith("0x", StringComparison.Ordinal) => (16u, text[2..]),
            _ when text.Length > 1 && text[0] == '0' => (8u, text[1..]),
            _ => (10u, text),
        };
        if (text.Length == 0) return null;
        ulong value = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
            if (digit >= radix) return null;
            value = Math.Min((value * radix) + (uint)digit, 1UL << 40);
        }
        return value;
    }

    private static string? ParseV6(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExcept(V6) >= 0 || !HasPlainV4Tail(text) || !IPAddress.TryParse(text, out IPAddress? address)) return null;
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out int written) || written != 16) return null;
        Span<ushort> pieces = stackalloc ushort[8];
        for (int i = 0; i < 8; i++) pieces[i] = (ushort)((bytes[2 * i] << 8) | bytes[(2 * i) + 1]);
        (int start, int length) = LongestZeros(pieces);
        StringBuilder to = new("[");
        for (int i = 0; i < 8; i++)
        {
            if (i == start)
            {
                to.Append(i == 0 ? "::" : ":");
                i += length - 1;
                continue;
            }
            to.Append(pieces[i].ToString("x"));
            if (i < 7) to.Append(':');
        }
        return to.Append(']').ToString();
    }

    /// <summary>An embedded IPv4 address has four decimal parts of 0 to 255 without leading zeros and stands last.</summary>
    private static bool HasPlainV4Tail(ReadOnlySpan<char> text)
    {
        int dot = text.IndexOf('.');
        if (dot < 0) return true;
        int colon = text.LastIndexOf(':');
        if (colon > dot) return false;
        string[] parts = text[(colon + 1)..].ToString().Split('.');
        return parts.Length == 4 && Array.TrueForAll(parts, p => byte.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out byte b) && b.ToString() == p);
    }

    private static (int Start, int Length) LongestZeros(ReadOnlySpan<ushort> pieces)
    {
        (int Start, int Length) best = (-1, 1);
        for (int i = 0; i < 8; i++)
        {
            int n = 0;
            while (i + n < 8 && pieces[i + n] == 0) n++;
            if (n > best.Length) best = (i, n);
            i += n;
        }
        return best;
    }
}
