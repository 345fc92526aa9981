using CsvHelper;

namespace Touchstone.Evaluation.Galleries;

/// <summary>A row of a data set's manifest.</summary>
internal sealed record ManifestPicture(string File, string Label, string Group, string Role);

/// <summary>Reads the <c>manifest.csv</c> of a folder of the data set.</summary>
internal static class ManifestTable
{
    /// <exception cref="InvalidDataException">A column is missing; the message says which.</exception>
    public static IReadOnlyList<ManifestPicture> Rows(string folder)
    {
        string path = Path.Combine(folder, "manifest.csv");
        using CsvReader csv = CsvReader.Create(File.ReadAllBytes(path), new CsvReaderOptions { MissingField = CsvMissingFieldHandling.ReturnEmpty });
        csv.ReadHeader();
        int[] columns = [.. new[] { "file", "label", "group", "role" }.Select(name => csv.TryGetFieldIndex(name, out int index) ? index : throw new InvalidDataException($"{path} has no column '{name}'."))];
        var rows = new List<ManifestPicture>();
        while (csv.Read()) rows.Add(new ManifestPicture(csv.GetString(columns[0]), csv.GetString(columns[1]), csv.GetString(columns[2]), csv.GetString(columns[3])));
        return rows;
    }
}
