namespace Touchstone.Screening.Storage;

/// <summary>A claim to a folder: two servers on one would write the same gallery, and migrations take turns. It ends with the process, however that ends.</summary>
public sealed class FolderClaim : IDisposable
{
    private readonly FileStream file;

    private FolderClaim(FileStream file) => this.file = file;

    /// <summary>Claims the folder, which exists; null: another process has claimed it.</summary>
    /// <param name="name">The file that stands for the claim; claims by different names do not know of each other.</param>
    /// <exception cref="UnauthorizedAccessException">This account may not write there.</exception>
    public static FolderClaim? Take(string folder, string name = "server.lock")
    {
        try
        {
            return new FolderClaim(InstallationFiles.OpenOrMake(Path.Combine(folder, name), FileShare.None));
        }
        catch (IOException e) when (StorageFaults.Of(e) is null)
        {
            return null;
        }
    }

    public void Dispose() => file.Dispose();
}
