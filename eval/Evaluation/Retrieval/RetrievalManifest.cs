using System.Security.Cryptography;
using CsvHelper;

namespace Touchstone.Evaluation.Retrieval;

/// <summary>What a picture is in a retrieval data set.</summary>
internal enum ManifestRole
{
    Reference,
    Query,

    /// <summary>Shows nothing that is among the references.</summary>
    Distractor,
}

/// <param name="Group">Queries of one group and label are pictures of one thing; null where the manifest names none.</param>
internal sealed record ManifestRow(string File, string Label, ManifestRole Role, string? Group = null);

/// <summary>A manifest: a CSV file with the columns <c>file</c>, <c>label</c>, <c>role</c> and, if it likes, <c>group</c> and <c>note</c>; others are left alone.</summary>
/// <param name="Id">The folder's name and the beginning of the file's SHA-256, so that figures name what they were measured on.</param>
/// <param name="Leaks">Rows left out because their note holds <c>LEAK</c>: copies of other rows.</param>
internal sealed record RetrievalManifest(string Id, IReadOnlyList<ManifestRow> Rows, int Leaks)
{
    /// <exception cref="InvalidDataException">A column is missing, a role is unknown, or a role that is needed has no rows; the message says which.</exception>
    public static RetrievalManifest Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        List<ManifestRow> rows = [];
        int leaks = 0;
        try
        {
            using CsvReader csv = CsvReader.Create(bytes, new CsvReaderOptions { TrackLineNumbers = true });
            csv.ReadHeader();
            (int file, int label, int role) = (Column(csv, path, "file"), Column(csv, path, "label"), Column(csv, path, "role"));
            int note = csv.TryGetFieldIndex("note", out int index) ? index : int.MaxValue, group = csv.TryGetFieldIndex("group", out index) ? index : int.MaxValue;
            while (csv.Read())
            {
                if (note < csv.FieldCount && csv.GetString(note).Contains("LEAK", StringComparison.Ordinal))
                {
                    leaks++;
                    continue;
                }
                if (csv.FieldCount <= Math.Max(role, Math.Max(file, label)) || csv.IsEmpty(file))
                    throw new InvalidDataException($"{path}, line {csv.LineNumber}: a file, a label and a role are needed.");
                rows.Add(new ManifestRow(csv.GetString(file), csv.GetString(label), RoleOf(csv.GetString(role), path, csv.LineNumber), group < csv.FieldCount && csv.GetString(group) is { Length: > 0 } name ? name : null));
            }
        }
        catch (CsvFormatException e)
        {
            throw new InvalidDataException($"{path} is no readable CSV file: {e.Message}", e);
        }
        if (!rows.Exists(row => row.Role == ManifestRole.Reference)) throw new InvalidDataException($"{path} names no reference.");
        if (rows.TrueForAll(row => row.Role == ManifestRole.Reference)) throw new InvalidDataException($"{path} names neither queries nor distractors.");
        string folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? "manifest";
        return new RetrievalManifest($"{folder}@{Convert.ToHexStringLower(SHA256.HashData(bytes))[..8]}", rows, leaks);
    }

    /// <summary>Whether the manifest has references and queries; false also where it cannot be read as one.</summary>
    public static bool HasQueries(string path)
    {
        try
        {
            return Read(path).Rows.Any(row => row.Role == ManifestRole.Query);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static int Column(CsvReader csv, string path, string name) =>
        csv.TryGetFieldIndex(name, out int index) ? index : throw new InvalidDataException($"{path} has no column '{name}'; it has {string.Join(", ", csv.Headers)}.");

    private static ManifestRole RoleOf(string text, string path, long line) => text.Trim() switch
    {
        "reference" => ManifestRole.Reference,
        "query" => ManifestRole.Query,
        "distractor" => ManifestRole.Distractor,
        _ => throw new InvalidDataException($"{path}, line {line}: the role is '{text}'; it is reference, query or distractor."),
    };
}
