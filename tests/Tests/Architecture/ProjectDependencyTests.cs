using System.Xml.Linq;

namespace Touchstone.Tests.Architecture;

/// <summary>Projects are walls: who may use whom is decided, and each rule is shown to hold by a planted violation.</summary>
public sealed class ProjectDependencyTests
{
    private static readonly string[] ProjectFolders = ["src", "eval", "tests"];

    [Theory]
    [InlineData("Vision", "Index")]
    [InlineData("Vision", "Crawling")]
    [InlineData("Vision", "Screening")]
    [InlineData("Index", "Vision")]
    [InlineData("Index", "Screening")]
    [InlineData("Crawling", "Vision")]
    [InlineData("Crawling", "Screening")]
    [InlineData("Screening", "Server")]
    [InlineData("Screening", "Cli")]
    [InlineData("Screening", "Evaluation")]
    [InlineData("Server", "Cli")]
    [InlineData("Server", "Evaluation")]
    [InlineData("Evaluation", "Server")]
    [InlineData("Evaluation", "Cli")]
    [InlineData("Evaluation", "Market")]
    [InlineData("Market", "Screening")]
    [InlineData("Market", "Cli")]
    [InlineData("Server", "Market")]
    [InlineData("Cli", "Tests")]
    [InlineData("Common", "Vision")]
    public void A_planted_violation_is_found(string project, string uses)
    {
        Assert.Single(ProjectRules.Violations([new(project, uses, "planted")]));
        if (!ProjectRules.Projects.Contains(project)) return;
        Assert.Single(ProjectRules.Violations(ProjectRules.UsesOf(project, "planted.cs", $"namespace Touchstone.{project}.Parts;\nusing Touchstone.{uses}.Parts;")));
    }

    [Fact]
    public void What_the_design_allows_is_no_violation() =>
        Assert.Empty(ProjectRules.Violations([new("Screening", "Vision", ""), new("Server", "Crawling", ""), new("Cli", "Server", ""), new("Cli", "Evaluation", ""), new("Evaluation", "Index", ""), new("Tests", "Cli", "")]));

    [Fact]
    public void The_solution_has_the_projects_of_the_design() =>
        Assert.Equal(ProjectRules.Projects.Order(StringComparer.Ordinal), SourceTree.Files(ProjectFolders, ".csproj").Select(x => Path.GetFileNameWithoutExtension(x)!).Order(StringComparer.Ordinal));

    [Fact]
    public void No_project_references_what_it_may_not()
    {
        IEnumerable<Use> uses = SourceTree.Files(ProjectFolders, ".csproj").SelectMany(path =>
            XDocument.Parse(SourceTree.Read(path)).Descendants("ProjectReference")
                .Select(x => new Use(Path.GetFileNameWithoutExtension(path), Path.GetFileNameWithoutExtension(x.Attribute("Include")!.Value), path)));
        Assert.Empty(ProjectRules.Violations(uses));
    }

    [Fact]
    public void No_source_names_what_its_project_may_not_use()
    {
        IEnumerable<Use> uses = SourceTree.Files(ProjectFolders, ".csproj").SelectMany(project =>
            SourceTree.Files([Path.GetDirectoryName(project)!], ".cs", ".razor").SelectMany(path => ProjectRules.UsesOf(Path.GetFileNameWithoutExtension(project), path, SourceTree.Read(path))));
        Assert.Empty(ProjectRules.Violations(uses));
    }
}
