using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace Touchstone.Server.Assets;

/// <summary>The console's style sheets, scripts and icons, held in the assembly. Immutable; safe for concurrent use.</summary>
public static class EmbeddedAssets
{
    private static readonly FrozenDictionary<string, Asset> All = Load();

    /// <summary>The address of an asset; it changes with the content, so that browsers may keep it for ever.</summary>
    /// <exception cref="ArgumentException">There is no such asset.</exception>
    public static string UrlOf(string name) =>
        All.TryGetValue(name, out Asset? asset) ? $"/assets/{name}?v={asset.Version}" : throw new ArgumentException($"There is no asset {name}; there are {string.Join(", ", All.Keys)}.", nameof(name));

    /// <summary>An asset's bytes; not to be changed.</summary>
    /// <exception cref="KeyNotFoundException">There is no such asset.</exception>
    public static byte[] ContentOf(string name) => All[name].Content;

    public static void MapAssets(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{name}", (string name, HttpContext http) =>
        {
            if (!All.TryGetValue(name, out Asset? asset)) return Results.NotFound();
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Bytes(asset.Content, asset.MediaType);
        }).AllowAnonymous().ExcludeFromDescription();

    private static FrozenDictionary<string, Asset> Load()
    {
        Assembly assembly = typeof(EmbeddedAssets).Assembly;
        const string Prefix = "assets/";
        return assembly.GetManifestResourceNames().Where(x => x.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(x => x[Prefix.Length..], x =>
        {
            using Stream stream = assembly.GetManifestResourceStream(x)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            return new Asset(content, MediaTypeOf(x), Convert.ToHexStringLower(SHA256.HashData(content))[..12]);
        }, StringComparer.Ordinal);
    }

    private static string MediaTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".webmanifest" => "application/manifest+json",
        string other => throw new InvalidOperationException($"The asset {name} has the unknown extension {other}."),
    };

    private sealed record Asset(byte[] Content, string MediaType, string Version);
}
