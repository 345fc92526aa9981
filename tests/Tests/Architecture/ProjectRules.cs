using System.Text.RegularExpressions;

namespace Touchstone.Tests.Architecture;

/// <summary>A use of one project or folder by another, and where it is seen.</summary>
internal sealed record Use(string By, string Of, string Where)
{
    public override string ToString() => $"{By} uses {Of} ({Where})";
}

/// <summary>Which project may use which: the walls of the solution. Pure.</summary>
internal static partial class ProjectRules
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Vision"] = [],
        ["Index"] = [],
        ["Crawling"] = [],
        ["Recognition"] = ["Vision", "Index"],
        ["Screening"] = ["Recognition", "Vision", "Index", "Crawling"],
        ["Server"] = ["Screening", "Recognition", "Vision", "Index", "Crawling"],
        ["Evaluation"] = ["Vision", "Index", "Recognition", "Crawling", "Screening"],
        // The demo market and the real shops: worlds to search, which know nothing of the product that searches them.
        ["Market"] = ["Vision", "Evaluation"],
        // The program starts the server, and evaluating is one of its commands.
        ["Cli"] = ["Screening", "Recognition", "Vision", "Index", "Crawling", "Server", "Evaluation", "Market"],
        ["Tests"] = ["Vision", "Index", "Recognition", "Crawling", "Screening", "Server", "Evaluation", "Market", "Cli"],
    };

    public static IEnumerable<string> Projects => Allowed.Keys;

    /// <summary>The uses that go through a wall, and projects that the design does not know.</summary>
    public static IEnumerable<string> Violations(IEnumerable<Use> uses)
    {
        foreach (Use use in uses)
        {
            if (use.By == use.Of) continue;
            if (!Allowed.TryGetValue(use.By, out string[]? allowed)) yield return $"{use.By} is no project of the design ({use.Where})";
            else if (!allowed.Contains(use.Of)) yield return use.ToString();
        }
    }

    /// <summary>The projects that a source text names by their namespaces; also catches what a reference lets through indirectly.</summary>
    public static IEnumerable<Use> UsesOf(string project, string path, string source) =>
        Namespaces().Matches(source).Select(x => x.Groups[1].Value).Distinct().Where(Allowed.ContainsKey).Select(x => new Use(project, x, path));

    [GeneratedRegex(@"\bTouchstone\.([A-Z]\w+)")]
    private static partial Regex Namespaces();
}
