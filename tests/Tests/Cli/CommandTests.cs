using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Touchstone.Cli.Frame;
using Touchstone.Index.Keypoints;
using Touchstone.Screening.Storage;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Cli;

public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-cli-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("--port 0", "demo", "--exit", "--port", "0")]
    [InlineData("blue", "serve", "--roles", "blue")]
    [InlineData("--postgresql", "demo", "--exit", "--postgresql", "Host=db")]
    [InlineData("no connection string", "references", "list", "--postgresql", "nonsense")]
    [InlineData("unknown parameter 'regoin'", "screen", ".", "--blobs", "s3://bucket?regoin=x")]
    [InlineData("--images", "evaluate", "calibrate", "--out", "profile.json")]
    [InlineData("page budget", "search", "--shop", "http://127.0.0.1/", "--pages", "0")]
    [InlineData("no http or https URL", "search", "--shop", "shop.example")]
    [InlineData("neither a file nor a folder", "screen", "nothing-here")]
    [InlineData("There is no model", "models", "pull", "nothing-here")]
    [InlineData("at least 1", "bench", "index", "--vectors", "0")]
    [InlineData("There is no folder", "bench", "reading", "--images", "nothing-here")]
    [InlineData("There is no folder", "models", "vocabulary", "--images", "nothing-here", "--out", "vocabulary.bin")]
    public async Task A_wrong_value_is_named_on_standard_error(string named, params string[] arguments)
    {
        await MakeInstallationAsync();
        ProgramRun run = await ProgramRun.OfAsync([.. arguments, "--data", _folder]);
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_said_with_the_remedy()
    {
        // Taken, so that nobody else answers there, and not listened on.
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        ProgramRun run = await ProgramRun.OfAsync("references", "list", "--postgresql", $"Host=127.0.0.1;Port={((IPEndPoint)closed.LocalEndPoint!).Port};Password=secret", "--data", _folder);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("does not answer", run.Error, StringComparison.Ordinal);
        Assert.Contains("TOUCHSTONE_POSTGRESQL", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_measures_each_vector_index()
    {
        ProgramRun run = await ProgramRun.OfAsync("bench", "index", "--vectors", "2000", "--dimension", "32", "--queries", "20", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        System.Text.Json.JsonElement[] systems = [.. run.Json.GetProperty("systems").EnumerateArray()];
        Assert.Equal(["exact, 32 bits", "exact, 8 bits", "graph, 8 + 4 bits"], systems.Select(x => x.GetProperty("system").GetString()));
        Assert.All(systems, x => Assert.InRange(x.GetProperty("recall").GetDouble(), 0.95, 1));
        Assert.All(systems, x => Assert.True(x.GetProperty("queriesPerSecond").GetDouble() > 0));
    }

    [Fact]
    public async Task Bench_times_each_step_of_a_reading_and_a_vocabulary_is_learnt_from_pictures()
    {
        for (int i = 0; i < 12; i++) await File.WriteAllBytesAsync(Path.Combine(_folder, $"{i:00}.jpg"), ImageEncoder.Jpeg(Drawn.Package(i)), TestContext.Current.CancellationToken);
        ProgramRun bench = await ProgramRun.OfAsync("bench", "reading", "--images", _folder, "--pictures", "5", "--references", "200", "--json");
        Assert.Equal(5, bench.Json.GetProperty("pictures").GetInt32());
        System.Text.Json.JsonElement median = bench.Json.GetProperty("median");
        foreach (string step in new[] { "decode", "hash", "embedding", "localFeatures", "recognition", "earlyExit", "whole" }) Assert.True(median.GetProperty(step).GetDouble() > 0, step);

        string vocabulary = Path.Combine(_folder, "vocabulary.bin");
        ProgramRun learnt = await ProgramRun.OfAsync("models", "vocabulary", "--images", _folder, "--out", vocabulary, "--json");
        Assert.Equal(12, learnt.Json.GetProperty("pictures").GetInt32());
        Assert.Equal(VisualVocabulary.Shipped.Bytes.Length, new FileInfo(vocabulary).Length);
    }

    [Fact]
    public async Task Models_lists_the_shipped_models_as_ready_and_one_as_the_default()
    {
        ProgramRun run = await ProgramRun.OfAsync("models", "list", "--json", "--data", _folder);
        System.Text.Json.JsonElement[] models = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement)];
        Assert.All(models, model => Assert.Equal("Ready", model.GetProperty("state").GetString()));
        Assert.Single(models, model => model.GetProperty("default").GetBoolean());
    }

    [Fact]
    public async Task Models_pulls_a_named_model_from_its_server()
    {
        byte[] weights = RandomNumberGenerator.GetBytes(300_000);
        await using WebApplication server = await ServeAsync(weights);
        string manifest = Path.Combine(_folder, "manifest");
        string shipped = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "models", "manifest.json"), TestContext.Current.CancellationToken);
        var entries = System.Text.Json.Nodes.JsonNode.Parse(shipped)!;
        var entry = entries["embeddings"]![0]!;
        entry["url"] = $"{server.Urls.Single()}/weights.onnx";
        entry["sha256"] = Convert.ToHexStringLower(SHA256.HashData(weights));
        entry["bytes"] = weights.Length;
        Directory.CreateDirectory(manifest);
        await File.WriteAllTextAsync(Path.Combine(manifest, "manifest.json"), entries.ToJsonString(), TestContext.Current.CancellationToken);

        string id = entry["id"]!.GetValue<string>(), host = new Uri(server.Urls.Single()).Authority;
        string[] pull = ["models", "pull", id, "--manifest", manifest, "--data", _folder, "--json"];
        ProgramRun refused = await ProgramRun.OfAsync(pull);
        Assert.Equal(ExitCode.Failed, refused.ExitCode); // the guard opens no internal address by itself
        ProgramRun pulled = await ProgramRun.OfAsync([.. pull, "--allow-host", host]);
        Assert.Equal("Installed", pulled.Json.GetProperty("result").GetString());
        Assert.Equal(weights, await File.ReadAllBytesAsync(pulled.Json.GetProperty("path").GetString()!, TestContext.Current.CancellationToken));
        Assert.Equal("AlreadyThere", (await ProgramRun.OfAsync(pull)).Json.GetProperty("result").GetString());
    }

    private async Task MakeInstallationAsync()
    {
        var builder = new DbContextOptionsBuilder<TouchstoneDb>();
        StorageSetup.Configure(builder, new StorageOptions { DataFolder = _folder });
        await using TouchstoneDb db = new(builder.Options);
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<WebApplication> ServeAsync(byte[] content)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(x => x.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.MapGet("/weights.onnx", () => Results.Bytes(content));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
