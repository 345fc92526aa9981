using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Cli.Frame;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Cli;

public sealed class ScreenCommandTests
{
    [Theory]
    [InlineData("screen", ".")]
    [InlineData("search", "--shop", "https://shop.example/")]
    public async Task A_folder_without_an_installation_is_named_and_left_as_it_was(params string[] arguments)
    {
        string folder = Directory.CreateTempSubdirectory("touchstone-none-").FullName, data = Path.Combine(folder, "mistyped");
        try
        {
            ProgramRun run = await ProgramRun.OfAsync([.. arguments, "--data", data]);
            Assert.Equal(ExitCode.Failed, run.ExitCode);
            Assert.Contains($"There is no installation in {data}", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("No contact", run.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(data));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_marketplace_screens_no_page_of_another_shop()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using (TouchstoneDb db = database.CreateDbContext())
        {
            db.Operators.Add(new OperatorRow { Name = "Market", Address = "A", ContactName = "C", ContactEmail = "c@market.test", Language = "en", ChangedBy = "anna", Role = OperatorRole.Marketplace, Hosts = "market.example" });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        ProgramRun run = await ProgramRun.OfAsync("screen", "https://shop.example/lamp", "--data", database.Storage.DataFolder);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("“shop.example” is none of the marketplace's own hosts", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_counted_and_the_others_are_screened()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        string folder = Directory.CreateDirectory(Path.Combine(database.Storage.DataFolder, "photos")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "1.jpg"), Path.Combine(folder, "gone.jpg"));
        foreach (int i in (int[])[0, 2]) await File.WriteAllBytesAsync(Path.Combine(folder, $"{i}.jpg"), ImageEncoder.Jpeg(Drawn.Package(i)), TestContext.Current.CancellationToken);
        ProgramRun run = await ProgramRun.OfAsync("screen", folder, "--json", "--data", database.Storage.DataFolder);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains($"{folder}/1.jpg", run.Error, StringComparison.Ordinal);
        string[] screened = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("what").GetString()!)];
        Assert.Equal([$"{folder}/0.jpg", $"{folder}/2.jpg"], screened);
        // Nothing is cleared by an installation that holds nothing.
        Assert.Contains("\"verdict\":\"Undetermined\",\"reason\":\"NothingToCompare\"", run.Output, StringComparison.Ordinal);
    }
}
