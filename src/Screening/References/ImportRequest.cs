namespace Touchstone.Screening.References;

/// <summary>What is imported, and how.</summary>
public sealed record ImportRequest
{
    /// <summary>A file, a folder or a .zip archive.</summary>
    public required string Path { get; init; }

    /// <summary>The register's name, such as <c>safety-gate</c>; it is created if there is none: 1 to 100 letters, digits, dots, dashes.</summary>
    public required string Register { get; init; }

    /// <summary>Who imports, as the audit log names it.</summary>
    public string Actor { get; init; } = "import";

    /// <summary>The format's name; null: told from the content.</summary>
    public string? Format { get; init; }

    /// <summary>What the records are; null: what the format or the record says.</summary>
    public ReferenceKind? Kind { get; init; }

    /// <summary>Where the register comes from, for people; null: the file's name.</summary>
    public string? Source { get; init; }

    /// <summary>The register's licence; null: the format's.</summary>
    public string? Licence { get; init; }

    /// <summary>Whether pictures at URLs are downloaded now; otherwise they stay pending until an import downloads them. Default true.</summary>
    public bool DownloadPictures { get; init; } = true;

    /// <summary>Of a list of documents, how many of the latest are followed; null: all.</summary>
    public int? LatestDocuments { get; init; }
}

/// <summary>How far an import is.</summary>
/// <param name="Current">The file or document being read.</param>
public sealed record ImportProgress(string Current, int Read, int Added, int Changed, int Unchanged, int Rejected, int PicturesStored, int PicturesFailed);

/// <summary>What an import did. <c>Read = Added + Changed + Unchanged + Rejected</c>, and the pictures' counts add up likewise.</summary>
public sealed record ImportReport
{
    public required string Register { get; init; }

    /// <summary>The formats that were read.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>Files that no format fits; they were left alone.</summary>
    public required IReadOnlyList<string> IgnoredFiles { get; init; }

    public int Read { get; init; }

    public int Added { get; init; }

    public int Changed { get; init; }

    /// <summary>Records that are stored as they are, with those that the import itself gives more than once.</summary>
    public int Unchanged { get; init; }

    /// <summary>Of the unchanged records those that the import had given before, word for word.</summary>
    public int Repeated { get; init; }

    public int Rejected { get; init; }

    /// <summary>The rejected records, the first <see cref="MostRejections"/> of them.</summary>
    public required IReadOnlyList<Rejection> Rejections { get; init; }

    /// <summary>Trade numbers (GTIN) of records that were taken in whose length or check digit is wrong. They are kept, and no offer is found by them.</summary>
    public int WrongNumbers { get; init; }

    /// <summary>The first of them, at most <see cref="MostWrongNumbers"/>.</summary>
    public IReadOnlyList<WrongNumber> FirstWrongNumbers { get; init; } = [];

    public required PictureCounts Pictures { get; init; }

    public double Seconds { get; init; }

    public const int MostRejections = 1000;

    public const int MostWrongNumbers = 20;
}

/// <summary>A trade number that is none.</summary>
/// <param name="Row">The file, and the record's number or line in it.</param>
public sealed record WrongNumber(string Row, string Number);

/// <summary>A record that was not taken in.</summary>
/// <param name="Row">The file, and the record's number or line in it.</param>
/// <param name="Reason">A sentence for people.</param>
public sealed record Rejection(string Row, string Reason);

/// <summary>The pictures of the records of an import. <c>Total = Stored + AlreadyStored + Failed + Pending</c>.</summary>
/// <param name="Stored">Stored by this import.</param>
/// <param name="Pending">At URLs that this import was told not to download.</param>
/// <param name="Failures">How many failed for which reason.</param>
public sealed record PictureCounts(int Total, int Stored, int AlreadyStored, int Failed, int Pending, IReadOnlyDictionary<string, int> Failures);
