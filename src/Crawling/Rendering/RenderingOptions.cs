using Touchstone.Crawling.Fetching;

namespace Touchstone.Crawling.Rendering;

/// <summary>How pages are rendered that show nothing without a browser.</summary>
public sealed class RenderingOptions
{
    /// <summary>The same names as in <c>.ci/prerequisites</c>.</summary>
    private static readonly string[] ProgramNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>Whether to render at all. Default true; false counts such pages as needing a browser.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The browser's program. Null (default): the first on the PATH of chromium, chromium-browser, google-chrome and google-chrome-stable.</summary>
    public string? ExecutablePath { get; set; }

    /// <summary>Longest time for one page. Default 20 s.</summary>
    public TimeSpan Time { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest time for a page that was not whole when its time was over and is asked once more: a busy machine looks the same as a slow page. Default 1 min.</summary>
    public TimeSpan RetryTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The page counts as settled when it asked for nothing during this time. Default 0.4 s.</summary>
    public TimeSpan Quiet { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Most bytes that one page may load. Default 30 MiB.</summary>
    public long MaxBytes { get; set; } = 30L << 20;

    /// <summary>Most requests that one page may make. Default 200.</summary>
    public int MaxRequests { get; set; } = 200;

    /// <summary>Most memory of one page, and of the browser's own process, in bytes; whichever takes more is ended. Default 1 GiB.</summary>
    public long MaxMemory { get; set; } = 1L << 30;

    /// <summary>Most pages at the same time. Default 2.</summary>
    public int MaxPages { get; set; } = 2;

    /// <summary>The program that is used, or null if there is none.</summary>
    public string? FindExecutable()
    {
        if (ExecutablePath is { } set) return File.Exists(set) ? set : null;
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return ProgramNames.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}

/// <summary>Why a page was not rendered, one sentence each.</summary>
public enum RenderFailure
{
    /// <summary>No browser is installed or rendering is switched off; the page is counted as needing one.</summary>
    BrowserMissing,

    /// <summary>The browser did not start or broke off; the next page starts it anew.</summary>
    BrowserBroken,

    /// <summary>The page did not load within its time.</summary>
    TimedOut,

    /// <summary>The page took more memory than <see cref="RenderingOptions.MaxMemory"/>, or the browser broke on it, and its process ended.</summary>
    PageCrashed,
}

/// <summary>What rendering gave: <see cref="Html"/>, or <see cref="Failure"/>, or both of a page of which a part was shown when its time was over and that offers nothing so far.</summary>
/// <param name="Html">The document's markup after scripts ran.</param>
/// <param name="Requests">How many requests the page made, refused ones included.</param>
/// <param name="Refused">How many of them were refused (guard, robots rules, limits, types that are not needed).</param>
/// <param name="Resources">What went over the wire for the scripts, styles and interfaces of the page, redirects included; their bodies are within <see cref="RenderingOptions.MaxBytes"/>. A script that an earlier page fetched is among them with its exchange of then.</param>
public sealed record RenderOutcome(string? Html, RenderFailure? Failure, string? Detail, int Requests, int Refused, IReadOnlyList<FetchExchange> Resources)
{
    /// <summary>Whether the page had come to rest within its time and every script, style and data that it asked for was answered or refused in time; otherwise <see cref="Html"/> may be a part of what it shows.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>The page from top to bottom as PNG, at most <see cref="ChromiumRenderer.TallestScreenshot"/> pixels; empty unless it was asked for.</summary>
    public ReadOnlyMemory<byte> Screenshot { get; init; }

    /// <summary>What the page asked for that changes how it looks and was not given: styles, scripts, pictures, typefaces, films and frames, each address once, in the order in which they were asked for.</summary>
    public IReadOnlyList<string> Lacking { get; init; } = [];
}

/// <summary>A printed page: exactly one of both is set.</summary>
/// <param name="Detail">Why there is none, for people.</param>
public sealed record PrintOutcome(byte[]? Pdf, string? Detail);
