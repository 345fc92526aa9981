using Microsoft.EntityFrameworkCore;
using Touchstone.Cli.Frame;
using Touchstone.Screening.Storage;
using Touchstone.Tests.Crawling;

namespace Touchstone.Tests.Cli;

/// <summary>A list of shops at the command line: what is taken is searched, what is not is named.</summary>
public sealed class ShopListCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-cli-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Shops_of_a_list_are_searched_and_rows_that_are_none_are_named_with_their_line()
    {
        await using LoopbackSite shop = await LoopbackSite.StartAsync();
        shop.Html("/", CrawlHarness.List());
        await MakeInstallationAsync();
        string file = Path.Combine(_folder, "shops.csv");
        await File.WriteAllTextAsync(file, $"name;url\nOne;{shop.Url("/")}\nTwo;nowhere\n", TestContext.Current.CancellationToken);
        ProgramRun run = await ProgramRun.OfAsync("search", "--shops", file, "--allow-host", shop.Host, "--data", _folder, "--json");
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        Assert.Equal(1, run.Json.GetProperty("pages").GetInt32());
        Assert.Contains("1 shops taken", run.Error, StringComparison.Ordinal);
        Assert.Contains("line 3: it is no http or https address, and no host: nowhere", run.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("names no shop", "nowhere\n")]
    [InlineData("There is no file", null)]
    [InlineData("--shops", "")]
    public async Task A_list_without_a_shop_is_refused(string named, string? list)
    {
        await MakeInstallationAsync();
        string file = Path.Combine(_folder, "shops.csv");
        if (list is not null) await File.WriteAllTextAsync(file, list, TestContext.Current.CancellationToken);
        ProgramRun run = list is "" ? await ProgramRun.OfAsync("search", "--data", _folder) : await ProgramRun.OfAsync("search", "--shops", file, "--data", _folder);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(named, run.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private async Task MakeInstallationAsync()
    {
        var storage = new StorageOptions { DataFolder = _folder };
        var builder = new DbContextOptionsBuilder<TouchstoneDb>();
        StorageSetup.Configure(builder, storage);
        await using var db = new TouchstoneDb(builder.Options);
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
    }
}
