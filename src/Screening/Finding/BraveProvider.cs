using System.Globalization;
using System.Text.Json;

namespace Touchstone.Screening.Finding;

/// <summary>Brave Search's API for the web. Source: api-dashboard.search.brave.com, Web search: at most 20 results a page and ten pages.</summary>
internal sealed class BraveProvider(ProviderHttp http, string url, string key) : ISearchProvider
{
    private const int Count = 20, LastPage = 10;

    // What the service knows; another language or country is asked for as any.
    private static readonly HashSet<string> Languages = new("ar bg ca cs da de en es et eu fi fr gl gu he hi hr hu is it kn ko lt lv ml mr ms nb nl pa pl ro ru sk sl sr sv ta te th tr uk vi".Split(' '), StringComparer.Ordinal);

    private static readonly HashSet<string> Countries = new("AR AU AT BE BR CA CL DK FI FR DE HK IN ID IT JP KR MY MX NL NZ NO CN PL PT PH RU SA ZA ES SE CH TW TR GB US".Split(' '), StringComparer.Ordinal);

    public string Name => "Brave Search";

    public Task<ProviderAnswer> AskAsync(ProviderQuery query, CancellationToken cancellationToken)
    {
        if (query.Page > LastPage) return Task.FromResult(new ProviderAnswer([], false));
        string? language = query.Language switch { "no" => "nb", "ja" => "jp", "pt" => query.Market == "BR" ? "pt-br" : "pt-pt", "zh" => "zh-hans", { } other when Languages.Contains(other) => other, _ => null };
        string country = query.Market is { } market && Countries.Contains(market) ? market : "ALL";
        string asked = string.Create(CultureInfo.InvariantCulture, $"{url.TrimEnd('/')}/res/v1/web/search?q={Uri.EscapeDataString(query.Text)}&count={Count}&offset={query.Page - 1}&country={country}&safesearch=off&result_filter=web{(language is null ? "" : $"&search_lang={language}")}");
        return http.GetAsync(asked, "X-Subscription-Token", key, Read, cancellationToken);
    }

    private static ProviderAnswer Read(JsonElement answer)
    {
        if (answer.GetProperty("type").GetString() != "search") throw new JsonException("No answer to a search.");
        // Without results there is no "web".
        ProviderResult[] results = answer.TryGetProperty("web", out JsonElement web) && web.ValueKind == JsonValueKind.Object
            ? [.. web.GetProperty("results").EnumerateArray().Where(r => r.GetProperty("url").ValueKind == JsonValueKind.String).Select(r => new ProviderResult(r.GetProperty("url").GetString()!, r.TryGetProperty("title", out JsonElement t) && t.ValueKind == JsonValueKind.String ? t.GetString() : null))]
            : [];
        bool more = answer.TryGetProperty("query", out JsonElement query) && query.TryGetProperty("more_results_available", out JsonElement available) && available.ValueKind == JsonValueKind.True;
        return new ProviderAnswer(results, more);
    }
}
