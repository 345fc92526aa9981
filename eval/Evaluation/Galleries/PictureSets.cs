using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;

namespace Touchstone.Evaluation.Galleries;

/// <summary>A picture of a data set.</summary>
/// <param name="Name">The set's folder and the file, with slashes.</param>
/// <param name="HeldBack">Whether no training may see it.</param>
internal sealed record SetPicture(string Name, string Path, bool HeldBack)
{
    /// <summary>Whether it is a product cut out on white rather than a photo.</summary>
    public bool IsProduct => Name.StartsWith(PictureSets.Products, StringComparison.Ordinal);
}

/// <summary>
/// The pictures that recognition is measured on: <c>catalogue_products</c> and <c>clothing_photos</c> below a folder, each with its
/// <c>manifest.csv</c> and, if it has one, <c>near_duplicates.csv</c>. Held back from all training is a fifth, by the SHA-256 of the
/// product's label or the photo's sender. Immutable.
/// </summary>
internal sealed record PictureSets(IReadOnlyList<SetPicture> Pictures, NearDuplicates Duplicates)
{
    public const string Products = "catalogue_products";
    public const string Garments = "clothing_photos";

    private static readonly (string Folder, string Key)[] Sets = [(Products, "label"), (Garments, "group")];

    public IEnumerable<SetPicture> HeldBack => Pictures.Where(picture => picture.HeldBack);

    /// <summary>Reads the sets that are there.</summary>
    /// <exception cref="InvalidDataException">None is there, or a manifest cannot be used; the message says which.</exception>
    public static PictureSets Read(string imageFolder)
    {
        List<SetPicture> pictures = [];
        var duplicates = new NearDuplicates();
        foreach ((string folder, string key) in Sets)
        {
            string root = Path.Combine(imageFolder, folder), manifest = Path.Combine(root, "manifest.csv");
            if (!File.Exists(manifest)) continue;
            pictures.AddRange(Rows(manifest, key).Select(row => new SetPicture($"{folder}/{row.File}", Path.Combine(root, row.File), IsHeldBack(row.Key))));
            duplicates.Read(root, folder + "/");
        }
        if (pictures.Count == 0) throw new InvalidDataException($"{imageFolder} holds neither {string.Join(" nor ", Sets.Select(set => Path.Combine(set.Folder, "manifest.csv")))}.");
        return new PictureSets(pictures, duplicates);
    }

    /// <summary>Whether the label or sender belongs to the fifth that is held back: SHA-256 mod 5 = 0.</summary>
    public static bool IsHeldBack(string key) => new BigInteger(SHA256.HashData(Encoding.UTF8.GetBytes(key)), isUnsigned: true, isBigEndian: true) % 5 == 0;

    private static IEnumerable<(string File, string Key)> Rows(string path, string key)
    {
        using CsvReader csv = CsvReader.Create(File.ReadAllBytes(path), new CsvReaderOptions { MissingField = CsvMissingFieldHandling.ReturnEmpty });
        csv.ReadHeader();
        int file = Column(csv, path, "file"), named = Column(csv, path, key);
        while (csv.Read()) yield return (csv.GetString(file), csv.GetString(named));
    }

    private static int Column(CsvReader csv, string path, string name) =>
        csv.TryGetFieldIndex(name, out int index) ? index : throw new InvalidDataException($"{path} has no column '{name}'; it has {string.Join(", ", csv.Headers)}.");
}
