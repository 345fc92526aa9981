using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Architecture;

/// <summary>The files of the checkout under test, without what was built or fetched.</summary>
internal static class SourceTree
{
    private static readonly HashSet<string> Passed = new(StringComparer.Ordinal) { "bin", "obj", "node_modules", "artifacts", "TestResults", "dist", ".git", ".vs", ".idea", "__pycache__" };

    public static string Root => SharedData.RepositoryRoot;

    /// <summary>Paths with forward slashes, relative to the root, of files with one of the endings in one of the folders (the root's own files for ".").</summary>
    public static IEnumerable<string> Files(IEnumerable<string> folders, params string[] endings) =>
        folders.Where(x => Directory.Exists(Path.Combine(Root, x))).SelectMany(x => Walk(Path.Combine(Root, x), deep: x != "."))
            .Where(x => endings.Any(e => x.EndsWith(e, StringComparison.Ordinal)))
            .Select(x => Path.GetRelativePath(Root, x).Replace('\\', '/')).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Every folder at the root that belongs to the project.</summary>
    public static IEnumerable<string> TopFolders => Directory.GetDirectories(Root).Select(x => Path.GetFileName(x)!).Where(x => !Passed.Contains(x)).Order(StringComparer.Ordinal);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string folder, bool deep)
    {
        foreach (string file in Directory.EnumerateFiles(folder)) yield return file;
        if (!deep) yield break;
        foreach (string below in Directory.EnumerateDirectories(folder))
            if (!Passed.Contains(Path.GetFileName(below)))
                foreach (string file in Walk(below, deep)) yield return file;
    }
}
