using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Touchstone.Screening.Storage.Blobs;

/// <summary>
/// Blobs as objects of an S3-compatible storage, so that several nodes share them. Credentials come as Amazon's own programs take them (environment, profile,
/// role). A put that returned was acknowledged by the storage. What a process that was killed left in this machine's folder of temporary files goes a day later, when somebody lists the blobs.
/// </summary>
public sealed class S3BlobStore : IBlobStore, IDisposable
{
    private const string FileStart = "touchstone-", Unfinished = ".part";

    private readonly S3Location _location;
    private readonly AmazonS3Client _client;
    private readonly TimeProvider _clock;

    /// <param name="clock">Tells how long ago an object was stored; null: the system's.</param>
    public S3BlobStore(S3Location location, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(location);
        _clock = clock ?? TimeProvider.System;
        _location = location;
        var config = new AmazonS3Config
        {
            // Other storages know neither trailing checksums nor buckets as hosts.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = location.Endpoint is not null,
            Timeout = TimeSpan.FromSeconds(60),
        };
        if (location.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = location.Region ?? "us-east-1";
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(location.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1");
        }
        _client = new AmazonS3Client(config);
    }

    public Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => AskAsync("store a blob", async () =>
    {
        string sha256 = BlobName.Of(bytes.Span), key = KeyOf(sha256);
        if (await StoredAtAsync(key, cancellationToken) is { } at && _clock.GetUtcNow() - at <= StoredBlob.RefreshedAfter) return sha256;
        using var body = new MemoryStream(bytes.ToArray(), writable: false);
        await _client.PutObjectAsync(new PutObjectRequest { BucketName = _location.Bucket, Key = key, InputStream = body, ContentType = "application/octet-stream", UseChunkEncoding = false }, cancellationToken);
        return sha256;
    });

    /// <remarks>A store takes 5 GiB in one request at the most.</remarks>
    public BlobDraft Draft() => new(NewFile(), (file, sha256, cancellationToken) => AskAsync("store a blob", async () =>
    {
        string key = KeyOf(sha256);
        if (await StoredAtAsync(key, cancellationToken) is { } at && _clock.GetUtcNow() - at <= StoredBlob.RefreshedAfter) return true;
        await _client.PutObjectAsync(new PutObjectRequest { BucketName = _location.Bucket, Key = key, FilePath = file, ContentType = "application/octet-stream", UseChunkEncoding = false }, cancellationToken);
        return true;
    }));

    public FileStream Scratch() => new(NewFile(), ScratchFile.Options);

    public async Task<FileStream?> OpenAsync(string sha256, CancellationToken cancellationToken)
    {
        string key = KeyOf(sha256);
        FileStream copy = Scratch();
        bool found = false;
        try
        {
            found = await AskAsync("read a blob", () => CopyAsync(key, copy, cancellationToken));
        }
        finally
        {
            if (!found) await copy.DisposeAsync();
        }
        return found ? await ScratchFile.CheckedAsync(copy, sha256, () => Changed(key, null), cancellationToken) : null;
    }

    public Task<byte[]?> GetAsync(string sha256, CancellationToken cancellationToken)
    {
        string key = KeyOf(sha256);
        return AskAsync("read a blob", async () =>
        {
            using var copy = new MemoryStream();
            if (!await CopyAsync(key, copy, cancellationToken)) return null;
            byte[] bytes = copy.ToArray();
            return BlobName.Of(bytes) == sha256 ? bytes : throw Changed(key, null);
        });
    }

    /// <remarks>The protocol cannot look and delete at once: an object that is stored again between the two, within milliseconds, is deleted.</remarks>
    public Task<bool> DeleteAsync(string sha256, DateTimeOffset before, CancellationToken cancellationToken)
    {
        string key = KeyOf(sha256);
        return AskAsync("delete a blob", async () =>
        {
            if (await StoredAtAsync(key, cancellationToken) is not { } at || at >= before) return false;
            await _client.DeleteObjectAsync(_location.Bucket, key, cancellationToken);
            return true;
        });
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync(string start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DeleteUnfinished();
        var asked = new ListObjectsV2Request { BucketName = _location.Bucket, Prefix = $"{_location.Prefix}{BlobName.CheckedStart(start)}/" };
        do
        {
            ListObjectsV2Response part = await AskAsync("list the blobs", () => _client.ListObjectsV2Async(asked, cancellationToken));
            foreach (S3Object found in part.S3Objects ?? [])
            {
                string name = found.Key[(found.Key.LastIndexOf('/') + 1)..];
                if (BlobName.IsName(name) && found.LastModified is { } at) yield return new StoredBlob(name, Instant(at));
            }
            asked.ContinuationToken = part.IsTruncated == true ? part.NextContinuationToken : null;
        }
        while (asked.ContinuationToken is not null);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Copies an object; false where there is none.</summary>
    private async Task<bool> CopyAsync(string key, Stream copy, CancellationToken cancellationToken)
    {
        try
        {
            using GetObjectResponse found = await _client.GetObjectAsync(_location.Bucket, key, cancellationToken);
            await found.ResponseStream.CopyToAsync(copy, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return false;
        }
        catch (AmazonClientException e)
        {
            // The client compares with the hash that the storage keeps, as the body ends.
            throw Changed(key, e);
        }
    }

    private static string NewFile() => Path.Combine(Path.GetTempPath(), $"{FileStart}{Guid.NewGuid():N}{Unfinished}");

    private void DeleteUnfinished()
    {
        foreach (FileInfo file in new DirectoryInfo(Path.GetTempPath()).EnumerateFiles($"{FileStart}*{Unfinished}"))
        {
            if (_clock.GetUtcNow() - file.LastWriteTimeUtc <= StoredBlob.GivenUpAfter) continue;
            try
            {
                file.Delete();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is another account's, or in use.
            }
        }
    }

    /// <summary>When the object was stored last; null where there is none.</summary>
    private async Task<DateTimeOffset?> StoredAtAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            GetObjectMetadataResponse found = await _client.GetObjectMetadataAsync(_location.Bucket, key, cancellationToken);
            return found.LastModified is { } at ? Instant(at) : DateTimeOffset.MinValue;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static DateTimeOffset Instant(DateTime at) => new(at.ToUniversalTime(), TimeSpan.Zero);

    /// <summary>One exception for whatever the storage or the way to it does wrong.</summary>
    private async Task<T> AskAsync<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or SocketException)
        {
            throw new IOException($"Could not {what} in {_location}: {e.Message} Check that the bucket is there, the endpoint answers, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY may use it.", e);
        }
    }

    private InvalidDataException Changed(string key, Exception? inner) => new($"The object {key} in {_location} does not have its SHA-256; restore it from a backup.", inner);

    private string KeyOf(string sha256) => _location.Prefix + BlobName.PathOf(sha256);
}
