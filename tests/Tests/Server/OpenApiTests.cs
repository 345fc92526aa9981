using System.Text.Json;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

[Collection(ServerSet.Name)]
public sealed class OpenApiTests(ServerFixture server)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>What clients are generated from is changed on purpose only: with TOUCHSTONE_ACCEPT=1 the snapshot is written anew.</summary>
    [Fact]
    public async Task The_description_is_the_committed_one()
    {
        using HttpClient client = server.Client(null);
        using JsonDocument document = JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json"));
        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        string now = JsonSerializer.Serialize(document.RootElement, Indented).ReplaceLineEndings("\n") + "\n";
        string path = Path.Combine(SharedData.RepositoryRoot, "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("TOUCHSTONE_ACCEPT") == "1") await File.WriteAllTextAsync(path, now, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(path), "docs/openapi.json is absent: run this test with TOUCHSTONE_ACCEPT=1.");
        Assert.Equal(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), now);
    }
}
