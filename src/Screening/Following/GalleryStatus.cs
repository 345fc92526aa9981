using System.Globalization;

namespace Touchstone.Screening.Following;

/// <summary>Whether the gallery may be asked, and how far it is behind the registers.</summary>
/// <param name="Images">Reference pictures held.</param>
/// <param name="Behind">Reference pictures that wait to be described; the gallery is searched without them.</param>
/// <param name="Failed">Reference pictures that could not be described; each has its reason in the database.</param>
/// <param name="Sequence">The number of the last change of the registers that was taken over.</param>
/// <param name="Fingerprint">Equal on every node that holds the same references, 16 hexadecimal digits.</param>
/// <param name="FollowedAt">When the registers were last followed to their end; null before the first time.</param>
public sealed record GalleryStatus(int Images, int Behind, int Failed, long Sequence, string Fingerprint, string ModelId, DateTimeOffset? FollowedAt)
{
    /// <summary>Whether all that the registers held at the start is in the gallery, as far as it can be described.</summary>
    public bool Loaded { get; init; }

    /// <summary>Why the registers have not been followed for too long; null where they are.</summary>
    public string? Fault { get; init; }

    /// <summary>How far the texts of the reference pictures are read; a gallery is ready without them.</summary>
    public ReferenceTextStatus Texts { get; init; } = new(0, 0, 0);

    /// <summary>How far the pictures are that are being taken in; null where there are none.</summary>
    public GalleryLoad? Load { get; init; }

    /// <summary>False until the first complete load, and where the registers could not be followed for a minute. What comes later makes it behind, not unready.</summary>
    public bool Ready => Loaded && Fault is null;

    /// <summary>What is missing and for about how long, for people; null when ready.</summary>
    public string? Why => Ready ? null : Fault ?? (Load is not null ? $"{Load}." : "The gallery is loading.");
}

/// <summary>How far the references' texts are read, in pictures. <c>Failed</c>: those whose text could not be read.</summary>
public sealed record ReferenceTextStatus(int Read, int Waiting, int Failed);

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
