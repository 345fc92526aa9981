using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Cli.Searching;
using Touchstone.Crawling;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Politeness;
using Touchstone.Crawling.Text;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening;
using Touchstone.Screening.Following;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone screen FILE|FOLDER|URL</c>: what pictures show, or the pictures of one listing.</summary>
public static class ScreenCommand
{
    private static readonly string[] PictureEndings = [".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".gif", ".tif", ".tiff", ".bmp"];
    private const int MostNamed = 5;
    private static readonly Argument<string> What = new("WHAT") { Description = "A picture file, a folder of pictures, or the URL of a picture or of a listing's page" };

    public static Command Create() => new Command("screen", "Says what a picture, a folder of pictures or a listing shows of the registers' references")
    {
        What, OutboundChoice.AllowHost, OutboundChoice.Contact,
    }.OnInstallation().Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string what = context.Arguments.GetValue(What)!;
        bool isUrl = Uri.TryCreate(what, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https";
        if (!isUrl && !File.Exists(what) && !Directory.Exists(what)) throw new CommandFailedException($"There is neither a file nor a folder {what}.", ExitCode.Usage);
        await using ServiceProvider services = await Engine.OpenAsync(context, Installation.Existing(context), x => OutboundChoice.Apply(context, x), cancellationToken);
        OwnHosts own = await OwnHostsAsync(services, cancellationToken);
        if (isUrl && own.Problem([what], looksForShops: false) is { } foreign) throw new CommandFailedException(foreign);
        await SearchExecution.ShowAsync(context, "Loading the gallery", tell => services.GetRequiredService<GalleryFollower>().RefreshAsync(
            new SearchExecution.Told<GalleryStatus>(x => tell(x.Why ?? $"{x.Images} reference pictures")), cancellationToken));
        await SearchExecution.ShowAsync(context, "Reading the references' texts", tell => services.GetRequiredService<GalleryFollower>().ReadTextsAsync(
            new SearchExecution.Told<GalleryStatus>(x => tell($"{x.Texts.Read} read, {x.Texts.Waiting} to read")), cancellationToken));
        if (isUrl)
        {
            await PrintAsync(context, services, what, await FetchAsync(services, what, own, cancellationToken), cancellationToken);
            return ExitCode.Done;
        }
        List<string> unread = [];
        foreach (string file in FilesOf(what, unread))
        {
            if (await ReadAsync(file, cancellationToken) is { } input) await PrintAsync(context, services, file, input, cancellationToken);
            else unread.Add(file);
        }
        if (unread.Count == 0) return ExitCode.Done;
        throw new CommandFailedException($"Not screened, because {Environment.UserName} cannot read {(unread.Count == 1 ? "it" : $"them ({unread.Count})")}: {string.Join(", ", unread.Take(MostNamed))}{(unread.Count > MostNamed ? ", …" : "")}. Give this account the right to read, and screen again.");
    }

    /// <summary>A picture file; null where this account cannot read it.</summary>
    private static async Task<ScreeningInput?> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return new ScreeningInput { Images = [new ScreeningImage(null, await File.ReadAllBytesAsync(file, cancellationToken))] };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The file, or the pictures below the folder in their order; folders that this account cannot read are noted.</summary>
    private static List<string> FilesOf(string path, List<string> unread)
    {
        if (File.Exists(path)) return [path];
        List<string> files = [];
        Stack<string> folders = new([path]);
        while (folders.TryPop(out string? folder))
        {
            try
            {
                files.AddRange(Directory.EnumerateFiles(folder).Where(x => PictureEndings.Contains(Path.GetExtension(x).ToLowerInvariant())));
                // A link may lead back to where it lies.
                foreach (DirectoryInfo below in new DirectoryInfo(folder).EnumerateDirectories().Where(x => x.LinkTarget is null)) folders.Push(Path.Combine(folder, below.Name));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                unread.Add(folder);
            }
        }
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private static async Task<OwnHosts> OwnHostsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        return await OwnHosts.ReadAsync(db, cancellationToken);
    }

    /// <summary>Follows redirects as far as the operator may search.</summary>
    private static async Task<FetchOutcome> FollowAsync(PoliteFetcher fetcher, string url, OwnHosts own, CancellationToken cancellationToken)
    {
        FetchLimits limits = FetchLimits.Page with { MaxBytes = FetchLimits.Image.MaxBytes, Accept = "*/*" };
        Visit visit = new();
        string at = url;
        for (int redirects = 0; ; redirects++)
        {
            if (own.Problem([at], looksForShops: false) is { } foreign) throw new CommandFailedException(foreign);
            FetchHop hop = await fetcher.FetchOnceAsync(at, limits, null, visit, cancellationToken);
            if (hop.RedirectTo is not { } next) return hop.Outcome;
            if (redirects == limits.MaxRedirects) throw new CommandFailedException($"{url} could not be fetched: {FetchFailure.TooManyRedirects} (more than {limits.MaxRedirects} redirects).");
            at = next;
        }
    }

    private static async Task<ScreeningInput> FetchAsync(IServiceProvider services, string url, OwnHosts own, CancellationToken cancellationToken)
    {
        var fetcher = services.GetRequiredService<PoliteFetcher>();
        FetchOutcome page = await FollowAsync(fetcher, url, own, cancellationToken);
        if (page.Failure is { } failure) throw new CommandFailedException($"{url} could not be fetched: {failure}{(page.Detail is null ? "" : $" ({page.Detail})")}.");
        if (page.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true) return new ScreeningInput { Images = [new ScreeningImage(url, page.Body)] };
        ExtractionOutcome extraction = await ReadAsync(services.GetRequiredService<PageReader>(), page);
        if (extraction.Listing is not { } facts) throw new CommandFailedException($"{url} offers no product: {extraction.Reason}{(extraction.Detail is null ? "" : $" ({extraction.Detail})")}.");
        List<ScreeningImage> images = [];
        Visit visit = new(page.FinalUrl);
        foreach (string image in facts.Images)
        {
            FetchOutcome fetched = await fetcher.FetchPictureAsync(image, null, visit, cancellationToken);
            images.Add(new ScreeningImage(image, fetched.Failure is null ? fetched.Body : default, fetched.Failure is null ? null : $"{fetched.Failure}: {fetched.Detail}"));
        }
        return new ScreeningInput { Images = images, Title = facts.Name, Description = facts.Description, Brand = facts.Brand, Mpn = facts.Mpn, Gtin = facts.Gtin, VariantGtins = [.. facts.Variants.Select(v => v.Gtin).OfType<string>()], VariantMpns = [.. facts.Variants.Select(v => v.Mpn).OfType<string>()] };
    }

    private static async Task<ExtractionOutcome> ReadAsync(PageReader reader, FetchOutcome page)
    {
        try
        {
            return (await reader(PageText.Decode(page.Body.Span, page.ContentType), page.FinalUrl, page.ContentType)).Extraction;
        }
        catch (InvalidDataException e)
        {
            throw new CommandFailedException($"{page.FinalUrl} cannot be read: {e.Message}", cause: e);
        }
    }

    private static async Task PrintAsync(CommandContext context, IServiceProvider services, string what, ScreeningInput input, CancellationToken cancellationToken)
    {
        long started = context.Clock.GetTimestamp();
        ScreeningOutcome outcome = await services.GetRequiredService<ScreeningPipeline>().ScreenAsync(input, cancellationToken);
        double seconds = Math.Round(context.Clock.GetElapsedTime(started).TotalSeconds, 3);
        Dictionary<long, ReferenceRow> references = await ReferencesAsync(services, outcome, cancellationToken);
        if (context.Json)
        {
            context.WriteJson(new
            {
                What = what,
                outcome.Verdict,
                outcome.Reason,
                outcome.Detail,
                Matches = outcome.Matches.Select(x => new
                {
                    Register = references[x.ReferenceId].Register!.Name,
                    Reference = references[x.ReferenceId].ExternalId,
                    references[x.ReferenceId].Title,
                    x.Relation,
                    Probability = x.Probability.Value,
                    x.Verdict,
                    x.Signals.For,
                    x.Signals.Against,
                    x.Signals.Text,
                }),
                Images = outcome.Images.Select(x => new { x.Url, x.Sha256, x.Failure, x.Text }),
                outcome.ModelId,
                outcome.ProfileId,
                Seconds = seconds,
            });
            return;
        }
        context.Output.WriteLine($"{outcome.Verdict,-12} {what}{(outcome.Reason is null ? "" : $"  {outcome.Reason}: {outcome.Detail}")}");
        foreach (FoundMatch match in outcome.Matches)
            context.Output.WriteLine($"  {match.Verdict,-6} {match.Probability,6}  {match.Relation,-14} {references[match.ReferenceId].Register!.Name} {references[match.ReferenceId].ExternalId}  {references[match.ReferenceId].Title}");
    }

    private static async Task<Dictionary<long, ReferenceRow>> ReferencesAsync(IServiceProvider services, ScreeningOutcome outcome, CancellationToken cancellationToken)
    {
        long[] ids = [.. outcome.Matches.Select(x => x.ReferenceId)];
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        return await db.References.AsNoTracking().Include(x => x.Register).Where(x => ids.Contains(x.Id)).ToDictionaryAsync(x => x.Id, cancellationToken);
    }
}
