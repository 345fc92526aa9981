namespace Touchstone.Screening.Storage;

/// <summary>A server's claim to its folder: two servers on one folder would write the same gallery. It ends with the process, however that ends.</summary>
public sealed class FolderClaim : IDisposable
{
    private const string Name = "server.lock";

    private readonly FileStream file;

    private FolderClaim(FileStream file) => this.file = file;

    /// <summary>Claims the folder, which exists; null: another server has claimed it.</summary>
    /// <exception cref="UnauthorizedAccessException">This account may not write there.</exception>
    public static FolderClaim? Take(string folder)
    {
        try
        {
            return new FolderClaim(new FileStream(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (StorageFaults.Of(e) is null)
        {
            return null;
        }
    }

    public void Dispose() => file.Dispose();
}
