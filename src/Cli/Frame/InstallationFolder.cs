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
}
