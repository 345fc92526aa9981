using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Touchstone.Vision.Embedding;

/// <summary>How far a download is, in bytes.</summary>
public readonly record struct ModelDownloadProgress(long Received, long Total);

/// <summary>How a download ended.</summary>
public enum ModelDownloadResult
{
    /// <summary>The file is in the folder and its hash is the manifest's.</summary>
    Installed,

    /// <summary>It was there already; nothing was fetched.</summary>
    AlreadyThere,

    /// <summary>The manifest names no URL: the model comes with the program or from its publisher.</summary>
    NoUrl,

    /// <summary>The server refused, or the connection broke. What was received is kept and a later call goes on from there.</summary>
    Unreachable,

    /// <summary>The server sent more or other bytes than the manifest says; they were deleted.</summary>
    WrongContent,
}

/// <summary>The end of a download: <c>Path</c> is set where the file is usable, <c>Detail</c> where it is not.</summary>
public sealed record ModelDownloadOutcome(ModelDownloadResult Result, string? Path, string? Detail);

/// <summary>
/// Fetches model files named in the manifest. The bytes go to a temporary file beside the target, which gets its name only after its
/// SHA-256 is the manifest's. The caller supplies the client, and with it the outbound rules. One download of a model at a time.
/// </summary>
public sealed class ModelDownloader(HttpClient client, string folder)
{
    private const int BufferSize = 1 << 17;

    /// <exception cref="OperationCanceledException">The token was cancelled; what was received is kept.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public async Task<ModelDownloadOutcome> PullAsync(ModelEntry entry, IProgress<ModelDownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Directory.CreateDirectory(folder);
        string target = Path.Combine(folder, entry.File);
        if (File.Exists(target) && ModelCatalog.HashOf(target) == entry.Sha256) return new ModelDownloadOutcome(ModelDownloadResult.AlreadyThere, target, null);
        if (entry.Url is null) return new ModelDownloadOutcome(ModelDownloadResult.NoUrl, null, $"The manifest names no URL for {entry.Id}.");
        string part = $"{target}.{entry.Sha256[..8]}.part";
        ModelDownloadOutcome? failure = await FetchAsync(entry, part, progress, cancellationToken);
        if (failure is not null) return failure;
        string hash = await HashAsync(part, cancellationToken);
        if (hash != entry.Sha256)
        {
            File.Delete(part);
            return new ModelDownloadOutcome(ModelDownloadResult.WrongContent, null, $"The SHA-256 of what {entry.Url} sent is {hash}; the manifest says {entry.Sha256}.");
        }

        File.Move(part, target, overwrite: true);
        return new ModelDownloadOutcome(ModelDownloadResult.Installed, target, null);
    }

    private async Task<ModelDownloadOutcome?> FetchAsync(ModelEntry entry, string part, IProgress<ModelDownloadProgress>? progress, CancellationToken cancellationToken)
    {
        long have = File.Exists(part) ? new FileInfo(part).Length : 0;
        if (have == entry.Bytes) return null;
        if (have > entry.Bytes) have = 0;
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, entry.Url);
            if (have > 0) request.Headers.Range = new RangeHeaderValue(have, null);
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode) return Unreachable($"{entry.Url} answered {(int)response.StatusCode}.");
            // A server that knows no ranges sends the whole file again.
            bool goesOn = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
            if (response.StatusCode == HttpStatusCode.PartialContent && !goesOn) return Unreachable($"{entry.Url} answered with another range than the one asked for.");
            await using FileStream file = new(part, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write);
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await CopyAsync(body, file, goesOn ? have : 0, entry, progress, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            return Unreachable(e.Message);
        }
        catch (HttpIOException e)
        {
            return Unreachable(e.Message);
        }
    }

    private static async Task<ModelDownloadOutcome?> CopyAsync(Stream body, FileStream file, long received, ModelEntry entry, IProgress<ModelDownloadProgress>? progress, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferSize];
        progress?.Report(new ModelDownloadProgress(received, entry.Bytes));
        while (true)
        {
            int read = await body.ReadAsync(buffer, cancellationToken);
            if (read == 0) break;
            received += read;
            if (received > entry.Bytes)
            {
                await file.DisposeAsync();
                File.Delete(file.Name);
                return new ModelDownloadOutcome(ModelDownloadResult.WrongContent, null, $"{entry.Url} sent more than the {entry.Bytes} bytes of the manifest.");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            progress?.Report(new ModelDownloadProgress(received, entry.Bytes));
        }

        return received == entry.Bytes ? null : Unreachable($"{entry.Url} ended after {received} of {entry.Bytes} bytes.");
    }

    private static ModelDownloadOutcome Unreachable(string detail) => new(ModelDownloadResult.Unreachable, null, detail);

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }
}
