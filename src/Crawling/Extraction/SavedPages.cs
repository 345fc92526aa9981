using System.IO.Compression;
using System.Text.Json;

namespace Touchstone.Crawling.Extraction;

/// <summary>A page on disk and the address that it was saved from.</summary>
public sealed record SavedPage(string File, string Url)
{
    /// <summary>The file as its list names it.</summary>
    public string Name { get; init; } = File;
}

/// <summary>Reads listings from pages saved on disk, plain or compressed with gzip (by content, not by name). Safe for concurrent calls.</summary>
public sealed class SavedPages(ListingExtractor extractor)
{
    /// <summary>Extracts one page. Throws <see cref="IOException"/> where the file cannot be read and <see cref="InvalidDataException"/> where its gzip is broken.</summary>
    public ExtractionOutcome Extract(SavedPage page) => extractor.Extract(ReadBytes(page.File), page.Url, contentType: null);

    /// <summary>
    /// Reads a list: one JSON object with <c>file</c> and <c>url</c> per line; relative files are looked up beside the list, then in the working folder. Empty lines are passed over.
    /// Throws <see cref="FormatException"/> with the line's number for a line that is no such object.
    /// </summary>
    public static IEnumerable<SavedPage> ReadList(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? string.Empty;
        using StreamReader reader = new(new MemoryStream(ReadBytes(path)));
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line)) yield return OcrLine(line, number, folder);
        }
    }

    private static SavedPage OcrLine(string line, int number, string folder)
    {
        try
        {
            using JsonDocument row = JsonDocument.Parse(line);
            string? file = row.RootElement.TryGetProperty("file", out JsonElement f) ? f.GetString() : null;
            string? url = row.RootElement.TryGetProperty("url", out JsonElement u) ? u.GetString() : null;
            if (!string.IsNullOrEmpty(file)) return new(Locate(folder, file), url ?? string.Empty) { Name = file };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"Line {number} of the list is no JSON object with file and url.", e);
        }
        throw new FormatException($"Line {number} of the list names no file.");
    }

    private static string Locate(string folder, string file)
    {
        string beside = Path.Combine(folder, file);
        return !File.Exists(beside) && File.Exists(file) ? file : beside;
    }

    private static byte[] ReadBytes(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < 2 || bytes[0] != 0x1F || bytes[1] != 0x8B) return bytes;
        using GZipStream plain = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream result = new();
        plain.CopyTo(result);
        return result.ToArray();
    }
}
