using CsvHelper;

namespace Touchstone.Evaluation.Galleries;

/// <summary>Pairs of pictures of a folder that show the same: neither is a false match of the other. Names are relative, with slashes.</summary>
internal sealed class NearDuplicates
{
    private readonly HashSet<(string, string)> _pairs = [];

    /// <inheritdoc cref="Read"/>
    public static NearDuplicates Of(string folder)
    {
        var duplicates = new NearDuplicates();
        duplicates.Read(folder, string.Empty);
        return duplicates;
    }

    /// <summary>Adds the pairs of <c>near_duplicates.csv</c> of the folder, if there is one; a prefix goes before each name.</summary>
    /// <exception cref="InvalidDataException">The file has no columns <c>file_a</c> and <c>file_b</c>.</exception>
    public void Read(string folder, string prefix)
    {
        string path = Path.Combine(folder, "near_duplicates.csv");
        if (!File.Exists(path)) return;
        using CsvReader csv = CsvReader.Create(File.ReadAllBytes(path), new CsvReaderOptions());
        csv.ReadHeader();
        if (!csv.TryGetFieldIndex("file_a", out int a) || !csv.TryGetFieldIndex("file_b", out int b))
            throw new InvalidDataException($"{path} has no columns 'file_a' and 'file_b'.");
        while (csv.Read()) _pairs.Add(Ordered(prefix + csv.GetString(a), prefix + csv.GetString(b)));
    }

    public bool Same(string left, string right) => left == right || _pairs.Contains(Ordered(left, right));

    private static (string, string) Ordered(string left, string right) => string.CompareOrdinal(left, right) < 0 ? (left, right) : (right, left);
}
