using System.Globalization;
using System.Text.Json;

namespace Touchstone.Screening.Finding;

/// <summary>An instance of SearXNG. Source: docs.searxng.org, Search API. The instance must have <c>json</c> among its formats; one that has not refuses with 403.</summary>
internal sealed class SearxNgProvider(ProviderHttp http, string url) : ISearchProvider
{
    public string Name => "SearXNG";

    public Task<ProviderAnswer> AskAsync(ProviderQuery query, CancellationToken cancellationToken)
    {
        string language = (query.Language, query.Market) switch
        {
            ({ } spoken, { } market) => $"{spoken}-{market}",
            ({ } spoken, null) => spoken,
            _ => "all",
        };
        string asked = string.Create(CultureInfo.InvariantCulture, $"{url.TrimEnd('/')}/search?q={Uri.EscapeDataString(query.Text)}&format=json&categories=general&safesearch=0&language={language}&pageno={query.Page}");
        return http.GetAsync(asked, null, null, Read, cancellationToken);
    }

    private static ProviderAnswer Read(JsonElement answer)
    {
        ProviderResult[] results = [.. answer.GetProperty("results").EnumerateArray().Where(r => r.TryGetProperty("url", out JsonElement u) && u.ValueKind == JsonValueKind.String)
            .Select(r => new ProviderResult(r.GetProperty("url").GetString()!, r.TryGetProperty("title", out JsonElement t) && t.ValueKind == JsonValueKind.String ? t.GetString() : null))];
        string? silent = results.Length == 0 && answer.TryGetProperty("unresponsive_engines", out JsonElement engines) && engines.ValueKind == JsonValueKind.Array && engines.GetArrayLength() > 0
            ? $"engines that did not answer: {string.Join(", ", engines.EnumerateArray().Select(Engine))}"
            : null;
        return new ProviderAnswer(results, results.Length > 0, null, silent);
    }

    private static string Engine(JsonElement engine) =>
        engine.ValueKind == JsonValueKind.Array ? string.Join(": ", engine.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.String).Select(p => p.GetString())) : engine.ToString();
}
