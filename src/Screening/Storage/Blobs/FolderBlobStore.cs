using System.Runtime.CompilerServices;

namespace Touchstone.Screening.Storage.Blobs;

/// <summary>Blobs in a folder of the installation. A put that returned is on disk, under its name. What a put that was broken off left behind goes a day later, when somebody lists the blobs.</summary>
/// <param name="clock">Dates the files; null: the system's.</param>
public sealed class FolderBlobStore(string folder, TimeProvider? clock = null) : IBlobStore
{
    private const string Unfinished = ".part";

    private readonly TimeProvider clock = clock ?? TimeProvider.System;

    public async Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        string sha256 = BlobName.Of(bytes.Span);
        string path = PathOf(sha256);
        if (IsKept(path)) return sha256;
        await using BlobDraft draft = Draft();
        await draft.Content.WriteAsync(bytes, cancellationToken);
        return await draft.KeepAsync(cancellationToken);
    }

    public BlobDraft Draft() => new(NewFile(), (file, sha256, _) =>
    {
        string path = PathOf(sha256);
        if (IsKept(path)) return Task.CompletedTask;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.SetLastWriteTimeUtc(file, clock.GetUtcNow().UtcDateTime);
        File.Move(file, path, overwrite: true);
        FlushName(path);
        return Task.CompletedTask;
    });

    public FileStream Scratch() => new(NewFile(), ScratchFile.Options);

    /// <summary>A name where a listing finds the file, should nobody end it.</summary>
    private string NewFile()
    {
        string name = $"{Guid.NewGuid():N}";
        return Path.Combine(Directory.CreateDirectory(Path.Combine(folder, name[..2])).FullName, name + Unfinished);
    }

    /// <summary>
    /// Puts the new name on disk. .NET cannot flush a folder; renaming changes the file's own times, too, and a journaling file system that flushes these flushes the
    /// new name.
    /// </summary>
    private static void FlushName(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        try
        {
            using var renamed = File.OpenHandle(path);
            RandomAccess.FlushToDisk(renamed);
        }
        catch (FileNotFoundException)
        {
            // It was deleted just now.
        }
    }

    public async Task<byte[]?> GetAsync(string sha256, CancellationToken cancellationToken)
    {
        string path = PathOf(sha256);
        if (!File.Exists(path)) return null;
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (FileNotFoundException)
        {
            // It was deleted just now.
            return null;
        }
        return BlobName.Of(bytes) == sha256 ? bytes : throw Changed(sha256);
    }

    public async Task<FileStream?> OpenAsync(string sha256, CancellationToken cancellationToken)
    {
        string path = PathOf(sha256);
        FileStream file;
        try
        {
            file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        return await ScratchFile.CheckedAsync(file, sha256, () => Changed(sha256), cancellationToken);
    }

    public Task<bool> DeleteAsync(string sha256, DateTimeOffset before, CancellationToken cancellationToken)
    {
        string path = PathOf(sha256);
        if (!File.Exists(path) || File.GetLastWriteTimeUtc(path) >= before.UtcDateTime) return Task.FromResult(false);
        // Under another name nobody can date it anew between the look and the deletion; who puts it then writes a new file.
        string aside = $"{path}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            File.Move(path, aside);
        }
        catch (FileNotFoundException)
        {
            return Task.FromResult(false);
        }
        if (File.GetLastWriteTimeUtc(aside) >= before.UtcDateTime)
        {
            File.Move(aside, path, overwrite: true);
            return Task.FromResult(false);
        }
        File.Delete(aside);
        return Task.FromResult(true);
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync(string start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string part = Path.Combine(folder, BlobName.CheckedStart(start));
        if (!Directory.Exists(part)) yield break;
        foreach (FileInfo file in new DirectoryInfo(part).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Name.EndsWith(Unfinished, StringComparison.Ordinal) && clock.GetUtcNow() - file.LastWriteTimeUtc > StoredBlob.GivenUpAfter) file.Delete();
            else if (BlobName.IsName(file.Name)) yield return new StoredBlob(file.Name, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
        }
        await Task.CompletedTask;
    }

    /// <summary>Whether the bytes are there, dated anew where they were stored long ago.</summary>
    private bool IsKept(string path)
    {
        if (!File.Exists(path)) return false;
        DateTime now = clock.GetUtcNow().UtcDateTime;
        if (now - File.GetLastWriteTimeUtc(path) <= StoredBlob.RefreshedAfter) return true;
        try
        {
            File.SetLastWriteTimeUtc(path, now);
            return true;
        }
        catch (FileNotFoundException)
        {
            // It was deleted just now.
            return false;
        }
    }

    private static InvalidDataException Changed(string sha256) => new($"The stored file {BlobName.PathOf(sha256)} of the folder of blobs does not have its SHA-256; restore it from a backup.");

    private string PathOf(string sha256) => Path.Combine(folder, BlobName.PathOf(sha256));
}
