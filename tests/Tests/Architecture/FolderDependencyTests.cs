namespace Touchstone.Tests.Architecture;

/// <summary>Inside the projects folders have directions too, and no two use each other.</summary>
public sealed class FolderDependencyTests
{
    public static TheoryData<string> ProjectsWithRules => [.. FolderRules.All.Select(x => x.Path)];

    public static TheoryData<string> ProjectsWithoutCycles => [.. FolderRules.All.Select(x => x.Path), "src/Vision", "src/Index"];

    [Theory]
    [InlineData("Storage", "Audit")]
    [InlineData("Audit", "Cases")]
    [InlineData("Evidence", "Cases")]
    [InlineData("Cases", "Searches")]
    [InlineData("Cases", "Screenings")]
    [InlineData("Screenings", "Searches")]
    [InlineData("Screenings", "Cases")]
    [InlineData("Screenings", "Hits")]
    [InlineData("Observations", "Hits")]
    [InlineData("Cases", "Hits")]
    [InlineData("References", "Screenings")]
    [InlineData("Calibration", "Screenings")]
    [InlineData("Hits", "Searches")]
    [InlineData("Searches", "Field")]
    [InlineData("Notifications", "Cases")]
    [InlineData("Audit", "Notifications")]
    [InlineData("Field", "Searches")]
    [InlineData("Helpers", "Storage")]
    public void A_planted_violation_is_found(string folder, string uses) => AssertFound(FolderRules.Screening, folder, uses);

    [Theory]
    [InlineData("Products", "Drawing")]
    [InlineData("Drawing", "Photography")]
    [InlineData("Photography", "Catalogue")]
    [InlineData("Catalogue", "Shops")]
    [InlineData("Shops", "Drawing")]
    [InlineData("RealShops", "Shops")]
    [InlineData("Helpers", "Products")]
    public void A_planted_violation_in_the_market_is_found(string folder, string uses) => AssertFound(FolderRules.Market, folder, uses);

    [Theory]
    [InlineData("Frame", "Searching")]
    [InlineData("Searching", "Demo")]
    [InlineData("Demo", "Commands")]
    [InlineData("Helpers", "Frame")]
    public void A_planted_violation_in_the_program_is_found(string folder, string uses) => AssertFound(FolderRules.Cli, folder, uses);

    [Theory]
    [InlineData("Telemetry", "Api")]
    [InlineData("Gate", "Telemetry")]
    [InlineData("Workers", "Telemetry")]
    [InlineData("Health", "Telemetry")]
    [InlineData("Api", "Console")]
    [InlineData("Api", "Gate")]
    [InlineData("Gate", "Field")]
    [InlineData("Security", "Api")]
    [InlineData("Helpers", "Security")]
    public void A_planted_violation_in_the_server_is_found(string folder, string uses) => AssertFound(FolderRules.Server, folder, uses);

    [Theory]
    [InlineData("Fetching", "Politeness")]
    [InlineData("Fetching", "Rendering")]
    [InlineData("Politeness", "Rendering")]
    [InlineData("Politeness", "Extraction")]
    [InlineData("Rendering", "Politeness")]
    [InlineData("Frontier", "Fetching")]
    [InlineData("Discovery", "Extraction")]
    [InlineData("Extraction", "Discovery")]
    [InlineData("Text", "Extraction")]
    [InlineData("Helpers", "Text")]
    public void A_planted_violation_in_the_crawler_is_found(string folder, string uses) => AssertFound(FolderRules.Crawling, folder, uses);

    [Theory]
    [InlineData("Identifiers", "Facts")]
    [InlineData("Price", "Identifiers")]
    [InlineData("Facts", "Structured")]
    [InlineData("Structured", "Heuristics")]
    [InlineData("Helpers", "Facts")]
    public void A_planted_violation_in_the_extraction_is_found(string folder, string uses) => AssertFound(FolderRules.Extraction, folder, uses);

    [Theory]
    [InlineData("class Planted(Crawler crawler);", "Crawler")]
    [InlineData("class Planted { string s = \"Crawler\"; /// <see cref=\"Crawler\"/>\n }", "")]
    [InlineData("class Planted(CrawlerSettings s);", "")]
    public void A_planted_use_of_the_root_is_found(string source, string found) =>
        Assert.Equal(found, string.Join(' ', FolderRules.RootUsesOf(FolderRules.TypesOf("public sealed class Crawler(\ninternal sealed record CrawlStep(\n  public class Inner"), "Fetching", "planted.cs", source).Select(x => x.Of)));

    [Theory]
    [InlineData("A>B B>A", "A uses B uses A", "B uses A uses B")]
    [InlineData("A>B B>C C>D D>B", "B uses C uses D uses B", "C uses D uses B uses C", "D uses B uses C uses D")]
    [InlineData("A>B A>C B>D C>D D>D")]
    public void A_planted_cycle_is_found(string uses, params string[] cycles) =>
        Assert.Equal(cycles, FolderRules.Cycles(uses.Split(' ').Select(x => new Use(x[..1], x[2..], "planted"))));

    [Theory]
    [MemberData(nameof(ProjectsWithRules))]
    public void No_folder_uses_what_it_may_not(string project) => Assert.Empty(FolderRules.Of(project).Violations(UsesIn(project, FolderRules.Of(project).Folders)));

    [Theory]
    [MemberData(nameof(ProjectsWithRules))]
    public void Every_folder_is_one_of_the_design(string project) => Assert.Empty(FoldersOf(project).Except(FolderRules.Of(project).Folders));

    [Theory]
    [MemberData(nameof(ProjectsWithoutCycles))]
    public void No_folder_uses_itself_by_way_of_others(string project) => Assert.Empty(FolderRules.Cycles(UsesIn(project, FoldersOf(project))));

    /// <summary>What lies at the root uses every folder, so that a folder that used it would use them all.</summary>
    [Theory]
    [InlineData("src/Crawling")]
    [InlineData("src/Crawling/Extraction")]
    public void No_folder_uses_the_root(string project)
    {
        string[] types = [.. SourceTree.Files([project], ".cs").Where(x => FolderOf(project, x) is null).SelectMany(x => FolderRules.TypesOf(SourceTree.Read(x)))];
        Assert.NotEmpty(types);
        Assert.Empty(SourceTree.Files([project], ".cs").SelectMany(x => FolderOf(project, x) is { } folder ? FolderRules.RootUsesOf(types, folder, x, SourceTree.Read(x)) : []));
    }

    private static void AssertFound(FolderRules rules, string folder, string uses)
    {
        Assert.Single(rules.Violations([new(folder, uses, "planted")]));
        if (!rules.Folders.Contains(folder)) return;
        string project = rules.Path[(rules.Path.LastIndexOf('/') + 1)..];
        string source = $"using Touchstone.{project}.{folder};\nclass Planted {{ {project}.{uses}.Thing thing; }}";
        Assert.Single(rules.Violations(FolderRules.UsesOf(rules.Path, rules.Folders, folder, "planted.cs", source)));
    }

    private static string[] FoldersOf(string project) => [.. Directory.GetDirectories(Path.Combine(SourceTree.Root, project)).Select(x => Path.GetFileName(x)!).Where(x => x is not ("bin" or "obj"))];

    /// <summary>A file at the root of a project, which puts the parts together, may use each of them.</summary>
    private static IEnumerable<Use> UsesIn(string project, IReadOnlyCollection<string> folders) => SourceTree.Files([project], ".cs").SelectMany(path =>
        FolderOf(project, path) is { } folder ? FolderRules.UsesOf(project, folders, folder, path, SourceTree.Read(path)) : []);

    /// <summary>The folder of a project in which a file lies; null for a file at its root.</summary>
    private static string? FolderOf(string project, string path)
    {
        string inside = path[(project.Length + 1)..];
        int end = inside.IndexOf('/', StringComparison.Ordinal);
        return end < 0 ? null : inside[..end];
    }
}
