namespace Touchstone.Crawling.Fetching;

/// <summary>Bounds of one fetch.</summary>
public sealed record FetchLimits
{
    /// <summary>Most bytes of the body after decompression. Default 10 MiB.</summary>
    public long MaxBytes { get; init; } = 10L << 20;

    /// <summary>Most time for the whole fetch with its redirects. Default 30 s.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most redirects that are followed. Default 5.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>True: a longer body is cut at <see cref="MaxBytes"/>; false (default): it is the failure <see cref="FetchFailure.TooManyBytes"/>.</summary>
    public bool CutAtMaxBytes { get; init; }

    /// <summary>True: of a body that the connection broke off, what came is taken; false (default): it is the failure <see cref="FetchFailure.ConnectionFailed"/>.</summary>
    public bool TakesBroken { get; init; }

    /// <summary>True: a picture that comes with "not found" or "gone" is taken, as browsers show it; a refusal of another kind may hide what others see. Default false.</summary>
    public bool TakesMissing { get; init; }

    /// <summary>Where a large body waits for its turn; null: it does not.</summary>
    public BodyPlace? Place { get; init; }

    /// <summary>The Accept header.</summary>
    public string Accept { get; init; } = "*/*";

    /// <summary>A page of a shop: 10 MiB, 30 s.</summary>
    public static FetchLimits Page { get; } = new() { TakesBroken = true, Accept = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5" };

    /// <summary>A picture: 25 MiB, 30 s.</summary>
    public static FetchLimits Image { get; } = new() { MaxBytes = 25L << 20, TakesBroken = true, TakesMissing = true, Accept = "image/avif,image/webp,image/png,image/jpeg,image/*;q=0.8,*/*;q=0.5" };

    /// <summary>A sitemap: 50 MiB, the limit of its protocol, 60 s.</summary>
    public static FetchLimits Sitemap { get; } = new() { MaxBytes = 50L << 20, Time = TimeSpan.FromSeconds(60), TakesBroken = true, Accept = "application/xml,text/xml,text/plain;q=0.9,*/*;q=0.5" };

    /// <summary>Robots rules: the first 500 KiB (RFC 9309, section 2.5) and the byte that shows whether more follow, 15 s.</summary>
    public static FetchLimits Robots { get; } = new() { MaxBytes = (500 << 10) + 1, CutAtMaxBytes = true, Time = TimeSpan.FromSeconds(15), Accept = "text/plain,*/*;q=0.5" };
}
