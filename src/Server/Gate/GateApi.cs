using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Frontier;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening;
using Touchstone.Screening.References;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;
using Touchstone.Server.Api;
using Touchstone.Server.Security;

namespace Touchstone.Server.Gate;

/// <summary>The listing gate: a marketplace's back end asks, and is answered in the same request.</summary>
internal static class GateApi
{
    private const int MostImages = 8;
    private const int MostMarkets = 250;
    private const int LongestText = 20_000;

    // The marketplace waits for the answer: a picture that does not come soon is a reason to review, not to wait.
    private static readonly FetchLimits Limits = FetchLimits.Image with { Time = TimeSpan.FromSeconds(5), MaxRedirects = 2 };

    public static void AddGate(this IServiceCollection services)
    {
        services.AddSingleton<Idempotency>();
        services.AddSingleton<GateDesk>();
    }

    public static void MapGate(this RouteGroupBuilder gate) => gate.MapPost("/gate/listings", AskAsync).RequireAuthorization(Policies.Gate).RequireRateLimiting(SecuritySetup.GateLimit).WithTags("Gate")
        .WithName("AskGate").WithSummary("Allow, review or block a listing before it is visible.")
        .WithDescription("Send an Idempotency-Key header to repeat a request safely: the same key with the same body gives the same answer for 7 days (or as the operator sets it), with another body 422. Name the markets where the listing is to be visible, so that designs and marks of other countries do not count.")
        .Accepts<GateRequest>("application/json").Produces<GateAnswer>().ProducesProblem(422).ProducesProblem(429).ProducesProblem(503)
        .WithMetadata(new RequestHeader("Idempotency-Key", "The caller's name for the request, at most 200 characters.", IsRequired: false));

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> AskAsync(HttpContext http, GateDesk desk, Admission admission, Idempotency idempotency, ServerOptions options, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json, CancellationToken cancellationToken)
    {
        using Admission.Visit visit = admission.Enter(options.GatePatience);
        byte[] body = await RequestBytes.ReadAsync(http.Request, options.MaxRequestBytes, visit, cancellationToken);
        string? key = KeyOf(http);
        string hash = BlobName.Of(body);
        string actor = http.User.ActorName();
        Remembered? remembered = key is null ? null : await idempotency.FindAsync(actor, key, hash, cancellationToken);
        if (remembered is null)
        {
            GateAnswer answer = await desk.AnswerAsync(Parse(body, json.Value.SerializerOptions), actor, visit, cancellationToken);
            remembered = key is null
                ? new Remembered(JsonSerializer.Serialize(answer, json.Value.SerializerOptions), StatusCodes.Status200OK, null)
                : await idempotency.KeepAsync(actor, key, hash, answer, cancellationToken);
        }
        return remembered.Refusal is { } refusal
            ? TypedResults.Problem(refusal, statusCode: remembered.Status)
            : TypedResults.Content(remembered.Json, "application/json", statusCode: remembered.Status);
    }

    private static string? KeyOf(HttpContext http)
    {
        string key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > Idempotency.LongestKey) throw new InvalidValueException("Idempotency-Key", $"{key.Length} characters", $"at most {Idempotency.LongestKey} characters");
        return key.Length == 0 ? null : key;
    }

    private static GateRequest Parse(byte[] body, JsonSerializerOptions options)
    {
        GateRequest? request;
        try
        {
            request = JsonSerializer.Deserialize<GateRequest>(body, options);
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException($"The body is no listing: {e.Message}", e);
        }
        if (request is null) throw new InvalidValueException("body", "null", "a listing");
        if (request.Images is not { Count: >= 1 and <= MostImages } images) throw new InvalidValueException("images", $"{request.Images?.Count ?? 0} pictures", $"1 to {MostImages} pictures");
        foreach (GateImage? image in images)
            if (image is null || (image.Bytes is { Length: > 0 }) == !string.IsNullOrEmpty(image.Url)) throw new InvalidValueException("images", image?.Url ?? "a picture", "either bytes or a url for each picture");
        if (request.Markets is { } markets)
        {
            if (markets.Count > MostMarkets) throw new InvalidValueException("markets", $"{markets.Count} markets", $"at most {MostMarkets}");
            foreach (string? market in markets)
                if (!Markets.IsKnown(market)) throw new InvalidValueException("markets", market ?? "null", "ISO 3166-1 alpha-2 codes in capital letters (GB and GR rather than UK and EL), or EU");
        }
        foreach ((string name, string? text) in new[] { ("title", request.Title), ("description", request.Description), ("brand", request.Brand), ("mpn", request.Mpn), ("gtin", request.Gtin), ("listingId", request.ListingId), ("url", request.Url) })
            if (text?.Length > LongestText) throw new InvalidValueException(name, $"{text.Length} characters", $"at most {LongestText} characters");
        if (request.Url is { } at && !(Uri.TryCreate(at, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp))) throw new InvalidValueException("url", at, "an address that begins with https:// or http://");
        // A listing's address has an index, in its one spelling.
        if (request.Url is { } named && CanonicalUrl.TryCreate(named) is { Text.Length: > StoredText.LongestUrl } spelled) throw new InvalidValueException("url", $"{spelled.Text.Length} characters with what is not ASCII escaped", $"at most {StoredText.LongestUrl} characters");
        return request;
    }

    /// <summary>Fetches what is to be fetched, screens, and decides. Safe for concurrent use.</summary>
    internal sealed class GateDesk(OutboundHttp outbound, ScreeningPipeline pipeline, WatchQueue watches, WatchGallery watched, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock) : IDisposable
    {
        // Pictures that are on their way at once, each as large as the limit allows.
        private readonly SemaphoreSlim fetches = new(16);

        public async Task<GateAnswer> AnswerAsync(GateRequest request, string actor, Admission.Visit visit, CancellationToken cancellationToken)
        {
            ScreeningImage[] images = await Task.WhenAll(request.Images!.Select(x => ReadAsync(x, cancellationToken)));
            foreach (ScreeningImage fetched in images.Where(x => x.Url is not null)) visit.Hold(fetched.Bytes.Length);
            var input = new ScreeningInput { Images = images, Title = request.Title, Description = request.Description, Brand = request.Brand, Mpn = request.Mpn, Gtin = request.Gtin, Text = TextReading.Never, AllowsEarlyExit = true, AsksForMore = watched.AsksForMore };
            ScreeningOutcome outcome = await visit.RunAsync(token => pipeline.ScreenAsync(input, token), cancellationToken);
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            ScreeningAnswer screening = await ScreeningAnswers.OfAsync(db, outcome, clock.Today(), cancellationToken);
            GateRuling ruling = GateRules.Decide(screening, [.. (request.Markets ?? []).Distinct()], clock.Today());
            GateMetrics.Decided(ruling.Decision);
            await watches.SightedAtGateAsync(SightingOf(request, actor, outcome), cancellationToken);
            return new GateAnswer(request.ListingId, ruling.Decision, ruling.Markets, ruling.Reasons, screening.Verdict, screening.Reason, screening.Matches, screening.Images.Count(x => x.ExitedEarly), screening.ModelId, screening.ProfileId, screening.GallerySequence);
        }

        /// <summary>What is compared with removed offers, once the marketplace has its answer. Pictures that a first look passed are near none of them.</summary>
        private static GateSightingRow SightingOf(GateRequest request, string actor, ScreeningOutcome outcome) => new()
        {
            Actor = actor, Number = request.ListingId, Url = request.Url, Title = request.Title, Description = request.Description, Brand = request.Brand, Mpn = request.Mpn, Gtin = request.Gtin,
            Pictures = string.Join(',', outcome.Images.Where(x => !x.ExitedEarly && x.Failure is null).Select(x => x.Sha256).OfType<string>().Distinct(StringComparer.Ordinal)),
        };

        private async Task<ScreeningImage> ReadAsync(GateImage image, CancellationToken cancellationToken)
        {
            if (image.Url is not { Length: > 0 } url) return new ScreeningImage(null, image.Bytes);
            await fetches.WaitAsync(cancellationToken);
            try
            {
                FetchOutcome outcome = await outbound.GetAsync(url, Limits, cancellationToken);
                return outcome.Failure is { } failure ? new ScreeningImage(url, default, $"{failure}: {outcome.Detail}") : new ScreeningImage(url, outcome.Body);
            }
            finally
            {
                fetches.Release();
            }
        }

        public void Dispose() => fetches.Dispose();
    }
}
