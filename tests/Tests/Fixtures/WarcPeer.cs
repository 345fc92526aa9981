using System.Diagnostics;
using System.Text.Json;

namespace Touchstone.Tests.Fixtures;

/// <summary>What warcio, the archives' own library, reads in a WARC file; tests that need it skip visibly where its package was not installed.</summary>
/// <param name="Problems">Records whose bytes have not the digests that they name, and what could not be read.</param>
/// <param name="Texts">Responses with a body that could be unpacked.</param>
/// <param name="Index">Where warcio's own index says that records begin.</param>
public sealed record WarcPeer(IReadOnlyList<WarcPeer.Item> Records, IReadOnlyList<string> Problems, int Texts, IReadOnlyList<WarcPeer.Place> Index)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="Key">The address as warcio's index names it.</param>
    public sealed record Item(string Type, string? Url, string Id, string? ConcurrentTo, string? Key);

    public sealed record Place(string Url, int Offset, int Length);

    public static async Task<WarcPeer> ReadAsync(byte[] warc)
    {
        string peers = Path.Combine(SharedData.RepositoryRoot, "tests", "Tests", "Peers");
        if (!Directory.Exists(Path.Combine(peers, "node_modules", "warcio"))) Assert.Skip("warcio is absent: run npm ci --ignore-scripts in tests/Tests/Peers.");
        string file = Path.Combine(Path.GetTempPath(), $"touchstone-{Guid.NewGuid():N}.warc.gz");
        await File.WriteAllBytesAsync(file, warc, TestContext.Current.CancellationToken);
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("node", [Path.Combine(peers, "warc-check.mjs"), file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, await error);
            return JsonSerializer.Deserialize<WarcPeer>(output, Json)!;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
