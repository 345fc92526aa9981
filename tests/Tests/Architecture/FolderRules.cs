using System.Text.RegularExpressions;

namespace Touchstone.Tests.Architecture;

/// <summary>Which folder of a project may use which. Pure.</summary>
internal sealed class FolderRules
{
    /// <summary>Storage and Audit are leaves that every other folder may use.</summary>
    private static readonly Dictionary<string, string[]> ScreeningAllows = new(StringComparer.Ordinal)
    {
        ["Storage"] = [],
        ["Audit"] = ["Storage"],
        ["Calibration"] = ["Storage", "Audit"],
        ["References"] = ["Storage", "Audit"],
        ["Sellers"] = ["Storage", "Audit"],
        ["Fairness"] = ["Storage", "Sellers", "Targeting"],
        ["Weekly"] = ["Storage", "Audit", "Targeting", "Notifications"],
        ["Observations"] = ["Storage", "Sellers"],
        ["Notifications"] = ["Storage", "Audit"],
        ["Evidence"] = ["Storage", "Audit"],
        ["Features"] = ["Storage"],
        ["Following"] = ["Storage", "Audit", "References", "Features"],
        ["Screenings"] = ["Storage", "Audit", "References", "Calibration", "Features", "Following"],
        ["Watches"] = ["Storage", "Audit", "Sellers", "References", "Calibration", "Features", "Following"],
        ["Alike"] = ["Storage", "References", "Features", "Watches"],
        ["Clocks"] = [],
        ["Cases"] = ["Storage", "Audit", "Evidence", "Clocks", "Notifications", "Watches", "Targeting"],
        ["Samples"] = ["Storage", "Audit", "Cases", "Clocks"],
        ["Bulk"] = ["Storage", "Audit", "Cases"],
        ["Hits"] = ["Storage", "Audit", "References", "Following", "Screenings", "Cases"],
        ["LookBacks"] = ["Storage", "References", "Calibration", "Features", "Following", "Screenings", "Observations", "Hits"],
        ["Mandates"] = ["Storage", "Audit"],
        ["Targeting"] = ["Storage", "Observations"],
        ["Finding"] = ["Storage", "Audit", "References"],
        ["Searches"] = ["Storage", "Audit", "References", "Features", "Following", "Screenings", "Observations", "Hits", "LookBacks", "Targeting", "Finding", "Watches"],
        ["Retention"] = ["Storage", "Audit", "Sellers"],
        ["Subjects"] = ["Storage", "Audit", "Sellers", "Retention"],
        ["Field"] = ["Storage", "Audit", "References", "Screenings", "Notifications"],
        ["Notices"] = ["Storage", "Audit", "Cases", "Clocks", "Notifications", "Sellers", "Watches"],
        ["BlockLists"] = ["Storage", "Audit"],
    };

    private static readonly Dictionary<string, string[]> RecognitionAllows = new(StringComparer.Ordinal)
    {
        ["Text"] = [],
        ["Calibration"] = [],
        ["Features"] = ["Text"],
        ["Gallery"] = ["Features", "Text"],
        ["Scoring"] = ["Features", "Gallery", "Text", "Calibration"],
    };

    private static readonly Dictionary<string, string[]> CrawlingAllows = new(StringComparer.Ordinal)
    {
        ["Text"] = [],
        ["Frontier"] = [],
        ["Fetching"] = ["Frontier"],
        ["Politeness"] = ["Fetching", "Frontier", "Text"],
        ["Rendering"] = ["Fetching"],
        ["Capture"] = ["Fetching", "Politeness", "Rendering"],
        ["Discovery"] = ["Fetching", "Frontier", "Text"],
        ["Extraction"] = ["Frontier", "Text"],
    };

    private static readonly Dictionary<string, string[]> ExtractionAllows = new(StringComparer.Ordinal)
    {
        ["Identifiers"] = [],
        ["Price"] = [],
        ["Facts"] = ["Identifiers", "Price"],
        ["Structured"] = ["Facts", "Identifiers", "Price"],
        ["Shop"] = ["Price"],
        ["Heuristics"] = ["Facts", "Identifiers", "Price", "Structured"],
        ["Safety"] = ["Facts", "Heuristics"],
    };

    private static readonly Dictionary<string, string[]> EvaluationAllows = new(StringComparer.Ordinal)
    {
        ["Statistics"] = [],
        ["Drawing"] = [],
        ["Galleries"] = [],
        ["MarkRegister"] = ["Drawing", "Galleries"],
        ["LookBacks"] = ["Galleries", "MarkRegister", "Robustness"],
        ["VectorSearch"] = [],
        ["Crawls"] = [],
        ["Retrieval"] = ["Galleries", "Statistics"],
        ["Robustness"] = ["Drawing", "Galleries", "Statistics"],
        ["Scenes"] = ["Drawing", "Galleries", "Retrieval", "Robustness"],
        ["Siblings"] = ["Drawing", "Galleries", "Statistics"],
        ["Extraction"] = [],
        ["Calibration"] = ["Drawing", "Galleries", "Robustness", "Statistics"],
        ["Texts"] = ["Calibration", "Statistics"],
        ["Reports"] = ["Calibration", "Extraction", "Galleries", "Retrieval", "Robustness", "Siblings", "Statistics", "Texts"],
        ["Accuracy"] = ["Calibration", "Extraction", "Galleries", "Reports", "Retrieval", "Robustness", "Scenes", "Siblings", "Statistics", "Texts"],
    };

    private static readonly Dictionary<string, string[]> MarketAllows = new(StringComparer.Ordinal)
    {
        ["Products"] = [],
        ["Drawing"] = ["Products"],
        ["Photography"] = ["Products", "Drawing"],
        ["Catalogue"] = ["Products", "Drawing", "Photography"],
        ["Shops"] = ["Catalogue"],
        ["RealShops"] = ["Drawing"],
    };

    private static readonly Dictionary<string, string[]> CliAllows = new(StringComparer.Ordinal)
    {
        ["Frame"] = [],
        ["Searching"] = ["Frame"],
        ["Demo"] = ["Frame", "Searching"],
        ["GateLoad"] = ["Frame"],
        ["Commands"] = ["Frame", "Searching", "Demo", "GateLoad"],
    };

    private static readonly Dictionary<string, string[]> ServerAllows = new(StringComparer.Ordinal)
    {
        ["Assets"] = [],
        ["Security"] = [],
        ["Workers"] = [],
        ["Health"] = ["Workers"],
        ["Telemetry"] = ["Gate", "Security", "Workers"],
        ["Queries"] = ["Workers"],
        ["Api"] = ["Queries", "Security", "Workers"],
        ["Gate"] = ["Api", "Security"],
        ["Replies"] = ["Assets", "Security"],
        ["Console"] = ["Api", "Assets", "Health", "Queries", "Security", "Workers"],
        ["Field"] = ["Api", "Assets", "Console", "Queries", "Security"],
    };

    private readonly Dictionary<string, string[]> _allowed;

    private FolderRules(string path, Dictionary<string, string[]> allowed)
    {
        Path = path;
        _allowed = allowed;
    }

    public static FolderRules Screening { get; } = new("src/Screening", ScreeningAllows);

    public static FolderRules Recognition { get; } = new("src/Recognition", RecognitionAllows);

    public static FolderRules Crawling { get; } = new("src/Crawling", CrawlingAllows);

    public static FolderRules Extraction { get; } = new("src/Crawling/Extraction", ExtractionAllows);

    public static FolderRules Evaluation { get; } = new("eval/Evaluation", EvaluationAllows);

    public static FolderRules Market { get; } = new("eval/Market", MarketAllows);

    public static FolderRules Cli { get; } = new("src/Cli", CliAllows);

    public static FolderRules Server { get; } = new("src/Server", ServerAllows);

    public static IReadOnlyList<FolderRules> All { get; } = [Screening, Recognition, Crawling, Extraction, Evaluation, Market, Cli, Server];

    /// <summary>Where the project lies, from the root.</summary>
    public string Path { get; }

    public IReadOnlyCollection<string> Folders => _allowed.Keys;

    public static FolderRules Of(string path) => All.Single(x => x.Path == path);

    public IEnumerable<string> Violations(IEnumerable<Use> uses)
    {
        foreach (Use use in uses)
        {
            if (use.By == use.Of) continue;
            if (!_allowed.TryGetValue(use.By, out string[]? allowed)) yield return $"{use.By} is no folder of the design ({use.Where})";
            else if (!allowed.Contains(use.Of)) yield return use.ToString();
        }
    }

    /// <summary>The folders of a project that a source text names by their namespaces.</summary>
    /// <param name="project">The project's path from the root; its last part is its name.</param>
    /// <param name="folder">The folder that the text lies in.</param>
    public static IEnumerable<Use> UsesOf(string project, IReadOnlyCollection<string> folders, string folder, string path, string source) =>
        Regex.Matches(source, $@"\b{Regex.Escape(project[(project.LastIndexOf('/') + 1)..])}\.([A-Z]\w+)", RegexOptions.None, TimeSpan.FromSeconds(5))
            .Select(x => x.Groups[1].Value).Distinct().Where(folders.Contains).Select(x => new Use(folder, x, path));

    /// <summary>The types at the root of a project, which puts the parts together, that a text of one of its folders names.</summary>
    public static IEnumerable<Use> RootUsesOf(IEnumerable<string> rootTypes, string folder, string path, string source)
    {
        string code = Regex.Replace(source, @"//.*|""(\\.|[^""\\\n])*""", "", RegexOptions.None, TimeSpan.FromSeconds(5));
        return rootTypes.Where(x => Regex.IsMatch(code, $@"(?<![\w.]){x}\b", RegexOptions.None, TimeSpan.FromSeconds(5))).Select(x => new Use(folder, x, path));
    }

    /// <summary>The names of the types that a source text declares outside of others.</summary>
    public static IEnumerable<string> TypesOf(string source) =>
        Regex.Matches(source, @"^(?:public|internal) [\w ]*?\b(?:class|record struct|record|struct|enum|interface) (\w+)", RegexOptions.Multiline, TimeSpan.FromSeconds(5)).Select(x => x.Groups[1].Value);

    /// <summary>Each folder that uses itself by way of others, with one such way; a folder's use of itself is none.</summary>
    public static IEnumerable<string> Cycles(IEnumerable<Use> uses)
    {
        ILookup<string, string> used = uses.Where(x => x.By != x.Of).Select(x => (x.By, x.Of)).Distinct().ToLookup(x => x.By, x => x.Of, StringComparer.Ordinal);
        foreach (string start in used.Select(x => x.Key).Order(StringComparer.Ordinal))
        {
            var ways = new Queue<string[]>([[start]]);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (ways.TryDequeue(out string[]? way))
            {
                if (used[way[^1]].Contains(start))
                {
                    yield return string.Join(" uses ", [.. way, start]);
                    break;
                }
                foreach (string next in used[way[^1]].Where(seen.Add)) ways.Enqueue([.. way, next]);
            }
        }
    }
}
