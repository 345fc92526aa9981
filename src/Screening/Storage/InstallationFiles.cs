using System.Runtime.Versioning;

namespace Touchstone.Screening.Storage;

/// <summary>Keeps the files of an installation to the account that owns them: they hold hashes of passwords, keys of sessions and of signatures, and what authorities work on.</summary>
public static class InstallationFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder where it is missing, for its owner alone (0700), and returns its full path. One that is there is left as somebody made it.</summary>
    public static string MakeFolder(string folder) =>
        (OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute)).FullName;

    /// <summary>Makes the database file where it is missing, and takes everybody else's rights to it and to what SQLite keeps beside it (0600).</summary>
    public static void KeepDatabaseToOwner(string file)
    {
        if (OperatingSystem.IsWindows()) return;
        if (!File.Exists(file)) OpenOrMake(file, FileShare.ReadWrite).Dispose();
        foreach (string part in (string[])[file, $"{file}-wal", $"{file}-shm"])
            if (File.Exists(part) && File.GetUnixFileMode(part) != Owner) Narrow(part);
    }

    /// <summary>Opens a file for writing, and makes it where it is missing, for its owner alone (0600).</summary>
    internal static FileStream OpenOrMake(string file, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        return new FileStream(file, options);
    }

    [UnsupportedOSPlatform("windows")]
    private static void Narrow(string file)
    {
        try
        {
            File.SetUnixFileMode(file, Owner);
        }
        catch (UnauthorizedAccessException)
        {
            // It is another account's, which shares it with this one.
        }
        catch (FileNotFoundException)
        {
            // SQLite has just put it away.
        }
    }
}
