using System.Globalization;

namespace Touchstone.Screening.Screenings;

/// <summary>Whether the gallery may be asked, and how far it is behind the registers.</summary>
/// <param name="Images">Reference pictures held.</param>
/// <param name="Pending">References changed in the database and not yet taken over.</param>
/// <param name="Failed">Reference pictures that could not be described; each has its reason in the database.</param>
/// <param name="Generation">Grows with each change in this process.</param>
/// <param name="Fingerprint">Equal on every node that holds the same references, 16 hexadecimal digits.</param>
/// <param name="RefreshedAt">When the registers were last followed to their end; null before the first complete load.</param>
public sealed record GalleryStatus(int Images, int Pending, int Failed, long Generation, string Fingerprint, string ModelId, DateTimeOffset? RefreshedAt)
{
    /// <summary>How far the texts of the reference pictures are read; a gallery is ready without them.</summary>
    public ReferenceTextStatus Texts { get; init; } = new(0, 0, 0);

    /// <summary>How far the load that goes on is; null where no pictures are being taken in.</summary>
    public GalleryLoad? Load { get; init; }

    /// <summary>False until the first complete load, and while references wait to be described.</summary>
    public bool Ready => RefreshedAt is not null && Pending == 0;

    /// <summary>What is missing and for about how long, for people; null when ready.</summary>
    public string? Why => Ready ? null : Load is not null ? $"{Load}." : Pending > 0 ? $"{Pending} references wait to be described." : "The gallery is loading.";
}

/// <summary>How far the gallery is with pictures that it does not hold yet.</summary>
/// <param name="Done">Pictures taken in, or found not to be described.</param>
/// <param name="Total">Pictures that this load takes in.</param>
/// <param name="Elapsed">From the load's start to the last picture done.</param>
public sealed record GalleryLoad(int Done, int Total, TimeSpan Elapsed)
{
    private const double Minute = 60, Hour = 3600;

    /// <summary>At the pace so far; null before the first picture is done.</summary>
    public TimeSpan? Left => Done == 0 ? null : Elapsed * ((double)(Total - Done) / Done);

    /// <summary>For people: "Described 1,200 of 3,350 reference pictures, about 40 s left".</summary>
    public override string ToString()
    {
        string done = string.Create(CultureInfo.InvariantCulture, $"Described {Done:N0} of {Total:N0} reference pictures");
        return Left is { } left ? $"{done}, about {Rounded(left.TotalSeconds)} left" : done;
    }

    private static string Rounded(double seconds) => seconds switch
    {
        < 2 * Minute => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds):0} s"),
        < 2 * Hour => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds / Minute):0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds / Hour):0} h"),
    };
}
