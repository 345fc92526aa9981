using System.Diagnostics;
using System.Text.Json;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Tests.Fixtures;

/// <summary>
/// A real S3-compatible storage in Node on loopback, with one bucket; tests that need it skip visibly where its packages were not installed. Its account is put
/// into the environment, where the product looks for it.
/// </summary>
public sealed class ObjectStore : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;

    private ObjectStore(Process process, string folder, int port)
    {
        this.process = process;
        this.folder = folder;
        Location = S3Location.Parse($"s3://touchstone/installation?endpoint=http://127.0.0.1:{port}");
    }

    public S3Location Location { get; }

    /// <summary>The place as <c>--blobs</c> takes it.</summary>
    public string Url => $"s3://touchstone/installation?endpoint={Location.Endpoint}";

    public static async Task<ObjectStore> StartAsync()
    {
        string peers = Path.Combine(SharedData.RepositoryRoot, "tests", "Tests", "Peers");
        if (!Directory.Exists(Path.Combine(peers, "node_modules", "s3rver")))
            Assert.Skip("The object store for tests is absent: run npm ci --ignore-scripts in tests/Tests/Peers.");
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "S3RVER");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "S3RVER");
        string folder = Directory.CreateTempSubdirectory("touchstone-objects-").FullName;
        var start = new ProcessStartInfo("node", [Path.Combine(peers, "object-store.mjs"), JsonSerializer.Serialize(new { folder, bucket = "touchstone" })])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        string? first = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (first is null) throw new InvalidOperationException("The object store for tests ended at once.");
        return new(process, folder, JsonDocument.Parse(first).RootElement.GetProperty("port").GetInt32());
    }

    /// <summary>The files in which it keeps the bytes of objects.</summary>
    public IEnumerable<string> Files() => Directory.EnumerateFiles(folder, "*._S3rver_object", SearchOption.AllDirectories);

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
