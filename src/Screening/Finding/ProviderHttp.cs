using System.Globalization;
using System.Net;
using System.Text.Json;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Screening.Finding;

/// <summary>Asks a service for JSON through the outbound guard, without following redirects: a key goes to the host that was named and no other.</summary>
internal sealed class ProviderHttp(HttpClient client, TimeProvider clock)
{
    public const long MostBytes = 4 << 20;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    /// <param name="read">Reads the answer; throws <see cref="JsonException"/>, <see cref="InvalidOperationException"/> or <see cref="KeyNotFoundException"/> where it is not in the service's format.</param>
    public async Task<ProviderAnswer> GetAsync(string url, string? keyHeader, string? key, Func<JsonElement, ProviderAnswer> read, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (keyHeader is not null) request.Headers.TryAddWithoutValidation(keyHeader, key);
        using var deadline = new CancellationTokenSource(LongestWait, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, linked.Token);
            if (!response.IsSuccessStatusCode) return Refused(response);
            using JsonDocument document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(linked.Token), new JsonDocumentOptions { MaxDepth = 64 }, linked.Token);
            return read(document.RootElement);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProviderAnswer.Failed(ProviderFailure.Unreachable, string.Create(CultureInfo.InvariantCulture, $"no answer within {LongestWait.TotalSeconds:0} s"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return ProviderAnswer.Failed(ProviderFailure.NotUnderstood, "the answer is not in the service's format");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Forbidden(e) is { } forbidden ? ProviderAnswer.Failed(ProviderFailure.NotAllowed, forbidden) : ProviderAnswer.Failed(ProviderFailure.Unreachable, e.InnerException?.Message ?? e.Message);
        }
    }

    private ProviderAnswer Refused(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        string said = $"{status} {response.ReasonPhrase}";
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => ProviderAnswer.Failed(ProviderFailure.TooOften, said, WaitOf(response)),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.PaymentRequired or HttpStatusCode.UnprocessableEntity => ProviderAnswer.Failed(ProviderFailure.Refused, said),
            >= HttpStatusCode.InternalServerError => ProviderAnswer.Failed(ProviderFailure.Unreachable, said, WaitOf(response)),
            _ => ProviderAnswer.Failed(ProviderFailure.NotUnderstood, said),
        };
    }

    /// <summary>Retry-After, or of several windows ("1;w=1, 2000;w=2592000") when the one that is used up begins anew.</summary>
    private TimeSpan? WaitOf(HttpResponseMessage response)
    {
        if (RetryAfterHeader.Read(response.Headers, clock.GetUtcNow()) is { } said) return said;
        int[] left = Numbers(response, "X-RateLimit-Remaining"), reset = Numbers(response, "X-RateLimit-Reset");
        int[] waits = [.. left.Zip(reset).Where(w => w.First <= 0).Select(w => w.Second)];
        return waits.Length > 0 ? TimeSpan.FromSeconds(waits.Max()) : reset.Length > 0 ? TimeSpan.FromSeconds(reset.Min()) : null;
    }

    private static int[] Numbers(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out IEnumerable<string>? values) ? [.. string.Join(',', values).Split(',', StringSplitOptions.TrimEntries).Select(v => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : 0)] : [];

    private static string? Forbidden(Exception e)
    {
        for (Exception? at = e; at is not null; at = at.InnerException)
            if (at is ForbiddenAddressException) return at.Message;
        return null;
    }
}
