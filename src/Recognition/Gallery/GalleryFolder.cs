using System.Globalization;
using Touchstone.Index.Segments;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Embedding;

namespace Touchstone.Recognition.Gallery;

/// <summary>
/// The folder of a gallery's generations, one subfolder each, and a file that names the one in use. A generation is complete before it is named, and the
/// name is replaced as a whole: whoever is killed at any moment leaves the old or the new one in use. Safe for concurrent use by several
/// processes: one of them merges at a time.
/// </summary>
public sealed class GalleryFolder(string path)
{
    private const string NameFile = "current", LockFile = "merging", Unfinished = ".part";

    // A generation may be replaced and deleted between its name being read and its files being opened.
    private const int Attempts = 3;

    /// <summary>
    /// Makes a generation of these images and no others and puts it into use: a whole register taken over, without holding it in memory beside its vectors (about
    /// a kilobyte each). A gallery that is open uses it when it is opened again.
    /// </summary>
    /// <param name="model">Whose features they are.</param>
    /// <param name="images">Each id once; asked for one after the other.</param>
    /// <param name="progress">Told the share of the vectors that are linked, 0..1, once all are there; from any thread.</param>
    /// <returns>False where another process is at the folder.</returns>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public async Task<bool> FillAsync(ModelEntry model, IAsyncEnumerable<(GalleryImage Image, ImageFeatures Features)> images, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        return await FillAsync(GalleryContents.OfReferences(model), images, progress, cancellationToken);
    }

    /// <summary>The same with other contents than references have.</summary>
    internal async Task<bool> FillAsync(GalleryContents contents, IAsyncEnumerable<(GalleryImage Image, ImageFeatures Features)> images, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using GalleryGeneration? filled = await ReplaceAsync(contents, folder => GalleryGeneration.WriteAsync(folder, contents, null, _ => true, images, progress, cancellationToken));
        if (filled is null) return false;
        DeleteOld();
        return true;
    }

    /// <summary>The generation in use; null where there is none.</summary>
    /// <param name="fault">Why the one that is named cannot be used, for people; null where it can, or none is named.</param>
    internal GalleryGeneration? Open(GalleryContents contents, out string? fault)
    {
        fault = null;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (Current() is not { } number) return null;
            try
            {
                return GalleryGeneration.Open(FolderOf(number), contents);
            }
            catch (SegmentFileException e)
            {
                fault = e.Message;
            }
        }
        return null;
    }

    /// <summary>Makes a generation and puts it into use; null where another process is at it.</summary>
    /// <param name="write">Fills the folder that it is given.</param>
    internal async Task<GalleryGeneration?> ReplaceAsync(GalleryContents contents, Func<string, Task> write)
    {
        Directory.CreateDirectory(path);
        using FileStream? merging = TryLock();
        if (merging is null) return null;
        long number = (Current() ?? 0) + 1;
        foreach (string left in Directory.EnumerateDirectories(path, "*" + Unfinished)) Directory.Delete(left, recursive: true);
        string unfinished = FolderOf(number) + Unfinished, folder = FolderOf(number);
        await write(unfinished);
        // A folder of that number is one that was never named.
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(unfinished, folder);
        Name(number);
        return GalleryGeneration.Open(folder, contents);
    }

    /// <summary>Deletes the generations that are not in use; one that another process still reads may stay where the system does not delete open files.</summary>
    internal void DeleteOld()
    {
        long? current = Current();
        foreach (string folder in Directory.EnumerateDirectories(path))
        {
            if (!long.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number >= current) continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // The next merge tries again.
            }
            catch (UnauthorizedAccessException)
            {
            }
        }
    }

    private FileStream? TryLock()
    {
        try
        {
            return new FileStream(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private long? Current()
    {
        try
        {
            return long.TryParse(File.ReadAllText(Path.Combine(path, NameFile)), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void Name(long number)
    {
        string name = Path.Combine(path, NameFile), unfinished = name + Unfinished;
        using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, name, overwrite: true);
    }

    private string FolderOf(long number) => Path.Combine(path, number.ToString(CultureInfo.InvariantCulture));
}
