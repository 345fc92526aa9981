using System.Globalization;
using System.Text;
using Touchstone.Crawling.Text;

namespace Touchstone.Screening.Cases;

/// <summary>What a file is by its content. Pure; safe for concurrent use.</summary>
public static class AttachmentContent
{
    /// <summary>The most bytes of one file.</summary>
    public const int MostBytes = 20 << 20;

    /// <summary>The most files of one case.</summary>
    public const int MostFiles = 500;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    // A document of an office is a ZIP; which one, its name says.
    private static readonly Dictionary<string, string> Zipped = new(StringComparer.OrdinalIgnoreCase)
    {
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".odt"] = "application/vnd.oasis.opendocument.text",
        [".ods"] = "application/vnd.oasis.opendocument.spreadsheet",
        [".zip"] = "application/zip",
    };

    /// <summary>What people are told is taken.</summary>
    public static string Kinds => "PDF, JPEG, PNG, WebP, DOCX, XLSX, ODT, ODS, ZIP, TXT, CSV, EML";

    /// <summary>Whether the console may show a picture of it, encoded anew.</summary>
    public static bool IsPicture(string mediaType) => mediaType is "image/jpeg" or "image/png" or "image/webp";

    /// <summary>The media type, or null where the bytes are none of what is taken, or not what the name says.</summary>
    public static string? TypeOf(string name, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        string ending = Path.GetExtension(name);
        if (bytes.StartsWith("%PDF-"u8)) return Is(ending, ".pdf") ? "application/pdf" : null;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return Is(ending, ".jpg", ".jpeg") ? "image/jpeg" : null;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])) return Is(ending, ".png") ? "image/png" : null;
        if (bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8)) return Is(ending, ".webp") ? "image/webp" : null;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x50, 0x4B, 0x03, 0x04])) return Zipped.GetValueOrDefault(ending);
        return Is(ending, ".txt", ".csv", ".eml") && IsText(bytes) ? "text/plain" : null;
    }

    /// <summary>A file's name without folders, without what no file system takes and without marks that turn its ending around; null where nothing is left.</summary>
    public static string? NameOf(string? name)
    {
        if (name is null) return null;
        string last = name.Replace('\\', '/').Split('/')[^1];
        string kept = string.Concat(last.Where(x => !char.IsControl(x) && char.GetUnicodeCategory(x) != UnicodeCategory.Format && !"<>:\"|?*".Contains(x, StringComparison.Ordinal))).Trim(' ', '.');
        return kept.Length == 0 ? null : kept.Length <= 200 ? kept : string.Concat(WholeCharacters.Cut(Path.GetFileNameWithoutExtension(kept), 150), WholeCharacters.Cut(Path.GetExtension(kept), 20));
    }

    private static bool Is(string ending, params ReadOnlySpan<string> known)
    {
        foreach (string each in known)
            if (string.Equals(ending, each, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf((byte)0) >= 0) return false;
        try
        {
            _ = Strict.GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            // Bytes that are no UTF-8.
            return false;
        }
    }
}
