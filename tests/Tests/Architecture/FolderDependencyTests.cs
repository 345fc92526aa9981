namespace Touchstone.Tests.Architecture;

/// <summary>Inside the Screening project folders have directions too.</summary>
public sealed class FolderDependencyTests
{
    private const string Screening = "src/Screening";

    [Theory]
    [InlineData("Storage", "Audit")]
    [InlineData("Audit", "Cases")]
    [InlineData("Evidence", "Cases")]
    [InlineData("Cases", "Searches")]
    [InlineData("Cases", "Pipeline")]
    [InlineData("Pipeline", "Searches")]
    [InlineData("Pipeline", "Cases")]
    [InlineData("Pipeline", "Listings")]
    [InlineData("References", "Pipeline")]
    [InlineData("Calibration", "Pipeline")]
    [InlineData("Listings", "Searches")]
    [InlineData("Searches", "Field")]
    [InlineData("Notifications", "Cases")]
    [InlineData("Notifications", "Audit")]
    [InlineData("Field", "Searches")]
    [InlineData("Helpers", "Storage")]
    public void A_planted_violation_is_found(string folder, string uses)
    {
        Assert.Single(FolderRules.Violations([new(folder, uses, "planted")]));
        if (!FolderRules.Folders.Contains(folder)) return;
        string source = $"using Touchstone.Screening.{folder};\nclass Planted {{ Screening.{uses}.Thing thing; }}";
        Assert.Single(FolderRules.Violations(FolderRules.UsesOf(folder, "planted.cs", source)));
    }

    [Fact]
    public void No_folder_uses_what_it_may_not()
    {
        IEnumerable<Use> uses = SourceTree.Files([Screening], ".cs").SelectMany(path =>
        {
            string[] parts = path.Split('/');
            return parts.Length < 4 ? [] : FolderRules.UsesOf(parts[2], path, SourceTree.Read(path));
        });
        Assert.Empty(FolderRules.Violations(uses));
    }

    [Fact]
    public void Every_folder_is_one_of_the_design() =>
        Assert.Empty(Directory.GetDirectories(Path.Combine(SourceTree.Root, Screening)).Select(x => Path.GetFileName(x)!).Except([.. FolderRules.Folders, "bin", "obj"]));
}
