using System.Security.Cryptography;

namespace Touchstone.Screening.Storage.Blobs;

/// <summary>
/// Bytes of any size on their way into a store: they go to a file of this machine and are hashed meanwhile. Nothing is stored before <see cref="KeepAsync"/> returns, and what is
/// not kept goes with the draft. Not safe for concurrent use.
/// </summary>
public sealed class BlobDraft : IAsyncDisposable
{
    private readonly string path;
    private readonly Func<string, string, CancellationToken, Task> keep;
    private readonly FileStream file;
    private readonly SHA256 hash = SHA256.Create();
    private readonly CryptoStream content;

    /// <param name="path">The file to write; there is none yet.</param>
    /// <param name="keep">Stores the whole file under its hash, and may move it.</param>
    internal BlobDraft(string path, Func<string, string, CancellationToken, Task> keep)
    {
        (this.path, this.keep) = (path, keep);
        file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous });
        content = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true);
    }

    /// <summary>Whether bytes of a hash are not to be stored; null: all are.</summary>
    internal Func<string, CancellationToken, Task<bool>>? IsErased { get; set; }

    /// <summary>Takes the bytes, from the first to the last.</summary>
    public Stream Content => content;

    /// <summary>How many were written.</summary>
    public long Length => file.Position;

    /// <summary>Stores what was written and gives its hash; nothing more is written then.</summary>
    /// <exception cref="IOException">It cannot be stored; the message says where and why.</exception>
    public async Task<string> KeepAsync(CancellationToken cancellationToken)
    {
        await content.FlushFinalBlockAsync(cancellationToken);
        await file.FlushAsync(cancellationToken);
        file.Flush(flushToDisk: true);
        await file.DisposeAsync();
        string sha256 = Convert.ToHexStringLower(hash.Hash!);
        if (IsErased is null || !await IsErased(sha256, cancellationToken)) await keep(path, sha256, cancellationToken);
        return sha256;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Writes what is left, for which a full disk has no room.
            await content.DisposeAsync();
        }
        finally
        {
            hash.Dispose();
            try
            {
                await file.DisposeAsync();
            }
            finally
            {
                File.Delete(path);
            }
        }
    }
}
