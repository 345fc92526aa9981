namespace Touchstone.Screening.Screenings;

/// <summary>Whether the gallery may be asked, and how far it is behind the registers.</summary>
/// <param name="Ready">False until the first complete load, and while references wait to be described.</param>
/// <param name="Why">What is missing, for people; null when ready.</param>
/// <param name="Images">Reference pictures held.</param>
/// <param name="Pending">References changed in the database and not yet taken over.</param>
/// <param name="Failed">Reference pictures that could not be described; each has its reason in the database.</param>
/// <param name="Generation">Grows with each change in this process.</param>
/// <param name="Fingerprint">Equal on every node that holds the same references, 16 hexadecimal digits.</param>
public sealed record GalleryStatus(bool Ready, string? Why, int References, int Images, int Pending, int Failed, long Generation, string Fingerprint, string ModelId, DateTimeOffset? RefreshedAt)
{
    /// <summary>How far the texts of the reference pictures are read; a gallery is ready without them.</summary>
    public ReferenceTextStatus Texts { get; init; } = new(0, 0, 0);
}
