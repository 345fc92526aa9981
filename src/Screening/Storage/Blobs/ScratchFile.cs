namespace Touchstone.Screening.Storage.Blobs;

/// <summary>What the files have in common that stores give to be read and written.</summary>
internal static class ScratchFile
{
    /// <summary>Of a file that is gone when it is closed.</summary>
    public static FileStreamOptions Options => new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous };

    /// <summary>The file at its beginning, once it was found to have the hash; closes it otherwise.</summary>
    public static async Task<FileStream> CheckedAsync(FileStream file, string sha256, Func<InvalidDataException> changed, CancellationToken cancellationToken)
    {
        try
        {
            file.Position = 0;
            if (await BlobName.OfAsync(file, cancellationToken) != sha256) throw changed();
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
