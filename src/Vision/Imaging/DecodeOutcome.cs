namespace Touchstone.Vision.Imaging;

/// <summary>Why a picture was not decoded. Closed: a new reason needs a new name here.</summary>
public enum DecodeFailure
{
    /// <summary>No bytes were given.</summary>
    Empty,

    /// <summary>The bytes are of no format that is read, or of one that is blocked for untrusted input.</summary>
    UnsupportedFormat,

    /// <summary>More bytes than <see cref="DecodeOptions.MaxBytes"/>.</summary>
    TooManyBytes,

    /// <summary>The header announces more pixels than <see cref="DecodeOptions.MaxPixels"/>.</summary>
    TooManyPixels,

    /// <summary>The header announces more frames than <see cref="DecodeOptions.MaxFrames"/>.</summary>
    TooManyFrames,

    /// <summary>Decoding did not end within <see cref="DecodeOptions.Timeout"/>.</summary>
    TimedOut,

    /// <summary>Decoding took more memory than an isolated process is given (<see cref="Isolation.IsolatedWorker.MaxMemory"/>).</summary>
    TooMuchMemory,

    /// <summary>Two isolated processes ended over the picture: it is given up.</summary>
    EndedProcesses,

    /// <summary>The bytes are damaged: much is missing at the end, or the header lies.</summary>
    Corrupt,
}

/// <summary>The limits of one decoding.</summary>
public sealed record DecodeOptions
{
    /// <summary>Largest input in bytes. Default 32 MiB.</summary>
    public long MaxBytes { get; init; } = 32L << 20;

    /// <summary>Largest announced width × height; four times as many of a sequential JPEG that is shrunk while it is read. Default 64 million.</summary>
    public long MaxPixels { get; init; } = 64_000_000;

    /// <summary>Largest announced frame count. Default 2,000.</summary>
    public int MaxFrames { get; init; } = 2_000;

    /// <summary>Longest time for one picture of at most <see cref="MaxPixels"/>; a larger one is given more in proportion. Default 2 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longer side of the result in px; larger pictures are shrunk while loading. Default 1,024.</summary>
    public int MaxSide { get; init; } = 1_024;

    /// <summary>Whether SVG is read. Only for registers that the operator trusts. Default false.</summary>
    public bool AllowSvg { get; init; }
}

/// <summary>What decoding gave: exactly one of <see cref="Image"/> and <see cref="Failure"/> is set.</summary>
public sealed record DecodeOutcome
{
    /// <summary>The decoded picture, its longer side at most <see cref="DecodeOptions.MaxSide"/>.</summary>
    public RgbImage? Image { get; init; }

    public DecodeFailure? Failure { get; init; }

    /// <summary>Whether decoding the same bytes again gives the same. What ended for want of time, or with its process, may end otherwise on a machine that is less busy.</summary>
    public bool IsLasting => Failure is not (DecodeFailure.TimedOut or DecodeFailure.EndedProcesses);

    /// <summary>A sentence for people: what is wrong with these bytes.</summary>
    public string? Detail { get; init; }

    /// <summary>The media type read from the bytes, such as <c>image/jpeg</c>.</summary>
    public string? MediaType { get; init; }

    /// <summary>Width in px as stored, upright, before shrinking.</summary>
    public int OriginalWidth { get; init; }

    /// <summary>Height in px as stored, upright, before shrinking.</summary>
    public int OriginalHeight { get; init; }
}
