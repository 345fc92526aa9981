using System.Collections.Specialized;
using System.Web;

namespace Touchstone.Screening.Storage.Blobs;

/// <summary>A place in an S3-compatible storage: <c>s3://BUCKET/PREFIX?region=REGION&amp;endpoint=URL</c>. It names no secret: credentials come from the environment.</summary>
/// <param name="Prefix">What the keys of all blobs begin with: empty, or ending in a slash.</param>
/// <param name="Region">Null: of the environment (<c>AWS_REGION</c>), else us-east-1.</param>
/// <param name="Endpoint">A storage that is not Amazon's; buckets are then asked for as paths. Null: Amazon's of the region.</param>
public sealed record S3Location(string Bucket, string Prefix, string? Region, Uri? Endpoint)
{
    private const string Form = "s3://BUCKET/PREFIX?region=REGION&endpoint=URL";

    /// <exception cref="ArgumentException">It has another form; the message says what is wrong with it.</exception>
    public static S3Location Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme != "s3" || uri.Host.Length == 0) throw Wrong(text, "it is no such URL");
        if (uri.UserInfo.Length > 0) throw new ArgumentException("The place of blobs holds a user or a password; give them as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.", nameof(text));
        NameValueCollection query = HttpUtility.ParseQueryString(uri.Query);
        if (query.AllKeys.FirstOrDefault(key => key is not ("region" or "endpoint")) is { } unknown) throw Wrong(text, $"it has the unknown parameter '{unknown}'");
        Uri? endpoint = null;
        if (query["endpoint"] is { } named && (!Uri.TryCreate(named, UriKind.Absolute, out endpoint) || endpoint.Scheme is not ("http" or "https"))) throw Wrong(text, $"its endpoint '{named}' is no http or https URL");
        string prefix = Uri.UnescapeDataString(uri.AbsolutePath).Trim('/');
        return new S3Location(uri.Host, prefix.Length == 0 ? "" : prefix + "/", query["region"], endpoint);
    }

    public override string ToString() => $"s3://{Bucket}/{Prefix}{(Endpoint is null ? "" : $" at {Endpoint}")}";

    private static ArgumentException Wrong(string text, string why) => new($"The place of blobs '{text}' cannot be read: {why}. Its form is {Form}.", nameof(text));
}
