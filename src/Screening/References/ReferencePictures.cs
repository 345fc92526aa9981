using System.Text.RegularExpressions;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Imaging;

namespace Touchstone.Screening.References;

/// <summary>What became of one picture: exactly one of the two is set.</summary>
/// <param name="Image">The stored picture's row, not yet in the database.</param>
/// <param name="Failure">A sentence for people.</param>
internal sealed record StoredPicture(ImageRow? Image, string? Failure);

/// <summary>
/// Gets the pictures of references into the blob store: each is decoded once to see that it is one, and drawings (SVG) of an operator's own
/// import are drawn as PNG on the ground on which they show. Safe for concurrent use.
/// </summary>
internal sealed partial class ReferencePictures(IBlobStore blobs, ImageDecoder decoder, OutboundHttp? http, TimeProvider clock)
{
    /// <summary>The longer side of a drawn SVG, in px.</summary>
    public const int DrawingSide = 256;

    // Levels of 255: a picture whose samples differ by less shows nothing.
    private const int LeastContrast = 8;

    // Ground around the drawing, so that no stroke touches the edge.
    private const int DrawingMargin = 16;

    private readonly HashSet<string> _deadHosts = new(StringComparer.OrdinalIgnoreCase);

    public bool Online => http is not null;

    /// <summary>Stores the bytes of a local file or of the record itself.</summary>
    public Task<StoredPicture> StoreLocalAsync(byte[] bytes, CancellationToken cancellationToken) =>
        ImageFormats.Sniff(bytes) == ImageFormat.Svg ? StoreDrawingAsync(bytes, cancellationToken) : StoreAsync(bytes, cancellationToken);

    /// <summary>Downloads a picture through the guard. A host that cannot be reached is not tried again by this import.</summary>
    public async Task<StoredPicture> DownloadAsync(string url, CancellationToken cancellationToken)
    {
        // Half a picture is no reference, and neither is what stands where one is missing.
        FetchOutcome outcome = await FetchAsync(url, FetchLimits.Image with { TakesBroken = false, TakesMissing = false }, cancellationToken);
        return outcome.Failure is null ? await StoreAsync(outcome.Body.ToArray(), cancellationToken) : new StoredPicture(null, Describe(outcome));
    }

    /// <summary>Downloads anything through the guard, with the same memory of dead hosts.</summary>
    public async Task<FetchOutcome> FetchAsync(string url, FetchLimits limits, CancellationToken cancellationToken)
    {
        string host = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) ? uri.Authority : "";
        FetchOutcome failed = new() { Url = url, FinalUrl = url, At = clock.GetUtcNow(), Failure = FetchFailure.ConnectionFailed };
        if (http is null) return failed with { Detail = "This import has no way out." };
        lock (_deadHosts)
            if (_deadHosts.Contains(host)) return failed with { Detail = $"{host} could not be reached earlier in this import" };
        FetchOutcome outcome = await http.GetAsync(url, limits, cancellationToken);
        if (outcome.Failure is FetchFailure.NameNotResolved or FetchFailure.ConnectionFailed or FetchFailure.TimedOut or FetchFailure.ForbiddenAddress || outcome.Status == 429)
            lock (_deadHosts) _deadHosts.Add(host);
        return outcome;
    }

    /// <summary>Why a fetch failed, without what differs from URL to URL, so that equal reasons can be counted.</summary>
    public static string Describe(FetchOutcome outcome)
    {
        string host = Uri.TryCreate(outcome.Url, UriKind.Absolute, out Uri? uri) ? uri.Authority : outcome.Url;
        return outcome.Failure switch
        {
            FetchFailure.HttpStatus => $"{host} answered with status {outcome.Status}",
            FetchFailure.BadUrl => "The URL is malformed",
            FetchFailure.TooManyBytes => "The picture is too large",
            FetchFailure.TooManyRedirects => $"{host} redirects without end",
            FetchFailure.ForbiddenAddress => $"{host} has an internal address, which is not asked unless an administrator allows it at the start (touchstone serve --allow-host)",
            _ => $"{host} could not be reached",
        };
    }

    /// <summary>Why a fetch failed, as a sentence: as exactly as it is known, and of an address that is not allowed what to do.</summary>
    public static string Explain(FetchOutcome outcome)
    {
        string why = outcome.Failure == FetchFailure.ForbiddenAddress || outcome.Detail is null ? Describe(outcome) : outcome.Detail;
        return why.EndsWith('.') ? why : $"{why}.";
    }

    private async Task<StoredPicture> StoreAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        DecodeOutcome decoded = decoder.Decode(bytes, new DecodeOptions { MaxSide = 64 });
        if (decoded.Failure is { } failure) return new StoredPicture(null, $"The picture was not decoded: {failure}");
        if (IsBlank(decoded.Image!)) return new StoredPicture(null, "The picture is blank");
        string sha256 = await blobs.PutAsync(bytes, cancellationToken);
        return new StoredPicture(RowOf(sha256, bytes.Length, decoded.MediaType, decoded.OriginalWidth, decoded.OriginalHeight), null);
    }

    private async Task<StoredPicture> StoreDrawingAsync(byte[] svg, CancellationToken cancellationToken)
    {
        RgbImage drawn;
        try
        {
            drawn = Draw(System.Text.Encoding.UTF8.GetString(svg));
        }
        catch (Exception e) when (e is NetVips.VipsException or ArgumentException or RegexMatchTimeoutException)
        {
            return new StoredPicture(null, "The SVG was not drawn");
        }
        byte[] png = ImageEncoder.Png(drawn);
        string sha256 = await blobs.PutAsync(png, cancellationToken);
        return new StoredPicture(RowOf(sha256, png.Length, "image/png", drawn.Width, drawn.Height), null);
    }

    private static RgbImage Draw(string svg)
    {
        (double width, double height) = SizeOf(svg);
        double scale = (DrawingSide - (2 * DrawingMargin)) / Math.Max(width, height);
        int w = Math.Max(1, (int)Math.Round(width * scale)), h = Math.Max(1, (int)Math.Round(height * scale));
        RgbaImage drawing = ImageOperations.RasteriseSvg(svg, w, h);
        byte[] ground = new byte[(w + (2 * DrawingMargin)) * (h + (2 * DrawingMargin)) * 3];
        Array.Fill(ground, TransparentGround.Under(drawing.Pixels) == RgbColour.White ? byte.MaxValue : byte.MinValue);
        RgbImage paper = new(w + (2 * DrawingMargin), h + (2 * DrawingMargin), ground);
        return ImageOperations.CompositeOver(paper, drawing, DrawingMargin, DrawingMargin);
    }

    private static bool IsBlank(RgbImage image)
    {
        (byte least, byte most) = (image.Pixels.Min(), image.Pixels.Max());
        return most - least < LeastContrast;
    }

    private static (double Width, double Height) SizeOf(string svg)
    {
        Match box = ViewBox().Match(svg);
        if (box.Success && Number(box.Groups[1]) is > 0 and var w && Number(box.Groups[2]) is > 0 and var h) return (w, h);
        Match width = WidthAttribute().Match(svg), height = HeightAttribute().Match(svg);
        return width.Success && height.Success && Number(width.Groups[1]) is > 0 and var ww && Number(height.Groups[1]) is > 0 and var hh ? (ww, hh) : (1, 1);
    }

    private static double Number(Group group) => double.TryParse(group.Value, System.Globalization.CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : 0;

    private ImageRow RowOf(string sha256, int bytes, string? mediaType, int width, int height) =>
        new() { Sha256 = sha256, Bytes = bytes, MediaType = mediaType, Width = width, Height = height, StoredAt = clock.GetUtcNow() };

    [GeneratedRegex("""<svg\b[^>]*?\bviewBox\s*=\s*["']\s*[-\d.eE]+[\s,]+[-\d.eE]+[\s,]+([\d.eE]+)[\s,]+([\d.eE]+)""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ViewBox();

    [GeneratedRegex("""<svg\b[^>]*?\bwidth\s*=\s*["']\s*([\d.]+)""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WidthAttribute();

    [GeneratedRegex("""<svg\b[^>]*?\bheight\s*=\s*["']\s*([\d.]+)""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex HeightAttribute();
}
