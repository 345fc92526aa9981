namespace Touchstone.Tests.Fixtures;

/// <summary>Finds the folder of real pictures and web data that lies beside a checkout; tests that need it skip visibly where it is absent.</summary>
public static class SharedData
{
    private static readonly Lazy<string?> Folder = new(Find);

    /// <summary>The root of the checkout under test.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The path of a file or folder under the data folder; skips the calling test where it is absent.</summary>
    public static string Require(string relative)
    {
        string? folder = Folder.Value;
        if (folder is null) Assert.Skip("The data folder is absent: put it at ../shared/data or name it in TOUCHSTONE_DATA.");
        string path = Path.Combine(folder!, relative);
        if (!File.Exists(path) && !Directory.Exists(path)) Assert.Skip($"The data folder has no {relative}.");
        return path;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("TOUCHSTONE_DATA") is { Length: > 0 } named) return Directory.Exists(named) ? named : null;
        for (DirectoryInfo? at = new(RepositoryRoot); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "shared", "data");
            if (Directory.Exists(path)) return path;
        }
        return null;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Touchstone.slnx"))) return at.FullName;
        throw new DirectoryNotFoundException("The tests run from a checkout: no Touchstone.slnx was found above the test program.");
    }
}
