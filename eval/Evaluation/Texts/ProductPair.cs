using System.Formats.Tar;
using System.IO.Compression;
using Touchstone.Recognition.Text;

namespace Touchstone.Evaluation.Texts;

/// <summary>Two records of products, and whether they are of the same.</summary>
internal sealed record ProductPair(IReadOnlyList<TextWord> Left, IReadOnlyList<TextWord> Right, IReadOnlySet<string> LeftTokens, IReadOnlySet<string> RightTokens, bool Same);

/// <summary>Labelled pairs in two parts that share no pair.</summary>
/// <param name="Name">Such as <c>Abt-Buy (Textual)</c>.</param>
internal sealed record PairSet(string Name, IReadOnlyList<ProductPair> Train, IReadOnlyList<ProductPair> Validation)
{
    // Prices say nothing of what a thing is, and categories are the shop's.
    private static readonly string[] LeftOut = ["price", "category"];
    private static readonly (string Train, string Validation)[] Parts = [("train.txt", "valid.txt"), ("train.txt.small", "valid.txt.small")];

    /// <summary>
    /// The sets below a folder: each folder with <c>train.txt</c> and <c>valid.txt</c> (or the same with <c>.small</c>), a line a pair:
    /// <c>COL name VAL value …</c>, tab, the same of the other record, tab, 0 or 1. A packed folder (<c>*.tar.gz</c>) is read as it is.
    /// </summary>
    /// <exception cref="InvalidDataException">There is no such set, or a line is no pair; the message says where.</exception>
    public static IReadOnlyList<PairSet> Read(string folder)
    {
        Dictionary<string, string[]> files = Files(folder);
        List<PairSet> sets = [];
        foreach (string directory in files.Keys.Select(DirectoryOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            foreach ((string train, string validation) in Parts)
            {
                string trainPath = Path.Combine(directory, train), validationPath = Path.Combine(directory, validation);
                if (files.TryGetValue(trainPath, out string[]? fit) && files.TryGetValue(validationPath, out string[]? held))
                    sets.Add(new PairSet(NameOf(directory), Pairs(trainPath, fit), Pairs(validationPath, held)));
            }
        }
        return sets.Count > 0 ? sets : throw new InvalidDataException($"{folder} has no folder with train.txt and valid.txt, packed or not.");
    }

    private static Dictionary<string, string[]> Files(string folder)
    {
        var files = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Wanted(f))) files[Path.GetRelativePath(folder, path)] = File.ReadAllLines(path);
        foreach (string packed in Directory.EnumerateFiles(folder, "*.tar.gz"))
        {
            using FileStream file = File.OpenRead(packed);
            using var unzipped = new GZipStream(file, CompressionMode.Decompress);
            using var tar = new TarReader(unzipped);
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.DataStream is not { } data || !Wanted(entry.Name)) continue;
                using var text = new StreamReader(data);
                files[entry.Name] = text.ReadToEnd().Split('\n');
            }
        }
        return files;

        static bool Wanted(string name) => Parts.Any(p => Path.GetFileName(name) == p.Train || Path.GetFileName(name) == p.Validation);
    }

    private static string DirectoryOf(string path) => Path.GetDirectoryName(path) ?? string.Empty;

    private static string NameOf(string directory)
    {
        string[] parts = directory.Split('/', '\\');
        return parts.Length < 2 ? directory : $"{parts[^1]} ({parts[^2]})";
    }

    private static List<ProductPair> Pairs(string path, string[] lines)
    {
        List<ProductPair> pairs = [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            string[] fields = lines[i].TrimEnd('\r').Split('\t');
            if (fields.Length != 3 || fields[2].Trim() is not ("0" or "1")) throw new InvalidDataException($"{path}, line {i + 1}: two records and 0 or 1 are needed, apart by tabs.");
            string left = TextOf(fields[0]), right = TextOf(fields[1]);
            pairs.Add(new ProductPair([.. TextWord.Of(left)], [.. TextWord.Of(right)], Tokens(left), Tokens(right), fields[2].Trim() == "1"));
        }
        return pairs;
    }

    private static string TextOf(string record) => string.Join(" | ", record.Split("COL ", StringSplitOptions.RemoveEmptyEntries)
        .Select(column => column.Split(" VAL ", 2))
        .Where(column => column.Length == 2 && !LeftOut.Contains(column[0].Trim(), StringComparer.Ordinal))
        .Select(column => column[1].Trim()));

    /// <summary>For the baseline: what stands between blanks, in lower case.</summary>
    private static HashSet<string> Tokens(string text) => [.. text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(token => token != "|")];
}
