
namespace Touchstone.Screening.Storage.Rows;

/// <summary>A stored picture; its bytes are in the blob store under the same hash.</summary>
public sealed class ImageRow
{
    /// <summary>SHA-256 of the bytes as received, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; set; }

    public long Bytes { get; set; }

    public string? MediaType { get; set; }

    public int Width { get; set; }

    public int Height { get; set; }

    /// <summary>Why it could not be decoded (a DecodeFailure and its detail), or null.</summary>
    public string? Failure { get; set; }

    public DateTimeOffset StoredAt { get; set; }
}

/// <summary>The features of one picture by one model in one format; extracted once. While versions of the program change, each reads the rows of its own format.</summary>
public sealed class ImageFeaturesRow
{
    public long Id { get; set; }

    public required string ImageSha256 { get; set; }

    public required string ModelId { get; set; }

    /// <summary>The version of Recognition/Features/FeatureFormat.</summary>
    public int Format { get; set; }

    /// <summary>In the form of Recognition/Features/FeatureFormat.</summary>
    public required byte[] Content { get; set; }

    public DateTimeOffset ExtractedAt { get; set; }
}

/// <summary>The text of a picture, as one model reads it; made once.</summary>
public sealed class ImageTextRow
{
    public long Id { get; set; }

    public required string ImageSha256 { get; set; }

    /// <summary>The model that read it.</summary>
    public required string ModelId { get; set; }

    /// <summary>JSON of Text/OcrText.</summary>
    public required string Content { get; set; }

    public DateTimeOffset ReadAt { get; set; }
}

public enum ImageJobKind { Describe, ReadText }

/// <summary>A reference's picture that is to be described, or whose text is to be read, once for the whole installation. Gone when it is done.</summary>
public sealed class ImageJobRow
{
    public long Id { get; set; }

    public ImageJobKind Kind { get; set; }

    public required string ImageSha256 { get; set; }

    /// <summary>The model by which it is done, and the form in which the outcome is kept.</summary>
    public required string Recipe { get; set; }

    /// <summary>How often it was begun since it last had an outcome.</summary>
    public int Attempts { get; set; }

    /// <summary>Names one taking of the job, so that only it can end it.</summary>
    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public DateTimeOffset NotBefore { get; set; }

    /// <summary>Why it has not succeeded, for people.</summary>
    public string? Failure { get; set; }

    public int Failures { get; set; }
}

/// <summary>That the bytes under a hash were erased on request. They are not kept again; everything else that is known of them stays.</summary>
public sealed class ErasureRow
{
    /// <summary>Of a picture, a page or a body.</summary>
    public required string Sha256 { get; set; }

    public required string ErasedBy { get; set; }

    public required string Reason { get; set; }

    public DateTimeOffset ErasedAt { get; set; }
}
