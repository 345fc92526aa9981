using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Touchstone.Server.Assets;

/// <summary>The console's style sheets, scripts, typeface and icons, held in the assembly. Immutable; safe for concurrent use.</summary>
public static class EmbeddedAssets
{
    private const string Prefix = "assets/";
    private const string IconFolder = "icons/";
    private static readonly FrozenDictionary<string, Asset> All = Load();

    /// <summary>Stands in each address, so that files that name each other relatively are kept and replaced together.</summary>
    private static readonly string Version = VersionOf(All);

    /// <summary>The address of an asset; it changes with the content, so that browsers may keep it for ever.</summary>
    /// <exception cref="ArgumentException">There is no such asset.</exception>
    public static string UrlOf(string name) =>
        All.ContainsKey(name) ? $"/assets/{Version}/{name}" : throw new ArgumentException($"There is no asset {name}; there are {string.Join(", ", All.Keys)}.", nameof(name));

    /// <summary>An asset's bytes; not to be changed.</summary>
    /// <exception cref="KeyNotFoundException">There is no such asset.</exception>
    public static byte[] ContentOf(string name) => All[name].Content;

    /// <summary>The style rules of the typeface with its files in them, for a document that fetches nothing.</summary>
    public static string TypefaceAsData() => All.Where(x => x.Key.EndsWith(".woff2", StringComparison.Ordinal))
        .Aggregate(Encoding.UTF8.GetString(ContentOf("inter.css")), (css, file) => css.Replace($"./{file.Key}", $"data:font/woff2;base64,{Convert.ToBase64String(file.Value.Content)}", StringComparison.Ordinal));

    public static void MapAssets(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{version}/{**name}", (string version, string name, HttpContext http) =>
        {
            if (Find(name) is not { } asset) return Results.NotFound();
            // A page of an older version gets what there is now, and keeps it under no name that is not its own.
            http.Response.Headers.CacheControl = version == Version ? "public, max-age=31536000, immutable" : "no-store";
            return Results.Bytes(asset.Content, asset.MediaType);
        }).AllowAnonymous().ExcludeFromDescription();

    private static Asset? Find(string name)
    {
        if (All.TryGetValue(name, out Asset? asset)) return asset;
        return name.StartsWith(IconFolder, StringComparison.Ordinal) && Path.GetExtension(name) == ".svg" && Icons.FileOf(name[IconFolder.Length..^4]) is { } icon
            ? new Asset(Encoding.UTF8.GetBytes(icon), MediaTypeOf(name))
            : null;
    }

    private static FrozenDictionary<string, Asset> Load()
    {
        Assembly assembly = typeof(EmbeddedAssets).Assembly;
        return assembly.GetManifestResourceNames().Where(x => x.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(x => x[Prefix.Length..], x =>
        {
            using Stream stream = assembly.GetManifestResourceStream(x)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            return new Asset(content, MediaTypeOf(x));
        }, StringComparer.Ordinal);
    }

    private static string VersionOf(FrozenDictionary<string, Asset> assets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, Asset asset) in assets.OrderBy(x => x.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(asset.Content);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private static string MediaTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".webmanifest" => "application/manifest+json",
        ".woff2" => "font/woff2",
        string other => throw new InvalidOperationException($"The asset {name} has the unknown extension {other}."),
    };

    private sealed record Asset(byte[] Content, string MediaType);
}
