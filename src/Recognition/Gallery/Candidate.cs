namespace Touchstone.Recognition.Gallery;

/// <summary>A reference picture in the gallery.</summary>
/// <param name="Sha256">Of its bytes.</param>
public sealed record GalleryImage(long ReferenceImageId, long ReferenceId, ReferenceKind Kind, string Sha256);

/// <summary>A reference picture that a query may show.</summary>
public sealed record Candidate(GalleryImage Image);

/// <summary>How near a picture comes at a first look to any mark and to any other reference; cosines, −1 where there is none, 1 for an equal or nearly equal picture.</summary>
public readonly record struct Nearness(double Things, double Marks)
{
    /// <summary>The nearer of both in each.</summary>
    public Nearness Or(Nearness other) => new(Math.Max(Things, other.Things), Math.Max(Marks, other.Marks));
}
