using Touchstone.Screening.Storage;

namespace Touchstone.Cli.Frame;

/// <summary>Where an installation lives when the user does not say it.</summary>
public static class InstallationFolder
{
    /// <summary>
    /// The named folder, else <c>$TOUCHSTONE_DATA_DIR</c>, else <c>touchstone</c> in the user's data folder after the XDG base
    /// directory specification. Always absolute; not created here.
    /// </summary>
    /// <exception cref="CommandFailedException">Nothing names a folder: there is no home either.</exception>
    public static string Choose(string? named)
    {
        if (!string.IsNullOrEmpty(named)) return Path.GetFullPath(named);
        if (Environment.GetEnvironmentVariable("TOUCHSTONE_DATA_DIR") is { Length: > 0 } variable) return Path.GetFullPath(variable);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (home.Length == 0) throw new CommandFailedException("There is no home folder to keep the installation in: give --data DIR.", ExitCode.Usage);
        return Path.Combine(home, "touchstone");
    }

    /// <summary>Makes the folder where it is missing and returns it, for a command that writes there.</summary>
    /// <exception cref="CommandFailedException">This account may not write there.</exception>
    public static string Prepare(string folder)
    {
        if (!IsWritable(folder)) throw new CommandFailedException($"{Environment.UserName} may not write in {folder}, where the installation is to live; name another folder with --data DIR.");
        return InstallationFiles.MakeFolder(folder);
    }

    /// <summary>Whether this account may write in the folder, or make it where it is missing; leaves nothing behind.</summary>
    public static bool IsWritable(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            if (!Directory.Exists(at)) continue;
            try
            {
                string probe = Path.Combine(at, $".touchstone-{Guid.NewGuid():N}");
                File.WriteAllBytes(probe, []);
                File.Delete(probe);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
        return false;
    }
}
