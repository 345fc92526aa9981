using System.Diagnostics;
using System.Text.Json;

namespace Touchstone.Tests.Fixtures;

/// <summary>A message that the mail server took.</summary>
/// <param name="Raw">The message as received: headers, empty line, body.</param>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, bool Secure, string? User, string Raw);

/// <summary>What the mail server shall do (see Peers/mail-server.mjs).</summary>
public sealed record MailServerWish(bool Tls = false, string? User = null, string? Password = null, int? Refuse = null);

/// <summary>A real mail server in Node on loopback; tests that need it skip visibly where its packages were not installed.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Process process;

    private MailServer(Process process, int port)
    {
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<MailServer> StartAsync(MailServerWish? wish = null)
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "tests", "Tests", "Peers");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "smtp-server")))
            Assert.Skip("The mail server for tests is absent: run npm ci --ignore-scripts in tests/Tests/Peers.");
        var start = new ProcessStartInfo("node", [Path.Combine(folder, "mail-server.mjs"), JsonSerializer.Serialize(wish ?? new(), Json)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        string? first = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (first is null) throw new InvalidOperationException("The mail server for tests ended at once.");
        return new(process, JsonDocument.Parse(first).RootElement.GetProperty("port").GetInt32());
    }

    /// <summary>The next message; waits for it.</summary>
    public async Task<ReceivedMail> ReceiveAsync(CancellationToken cancellationToken)
    {
        string? line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return JsonSerializer.Deserialize<ReceivedMail>(line ?? throw new InvalidOperationException("The mail server ended."), Json)!;
    }

    /// <summary>Stops the server and gives the messages that nobody received yet.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> StopAsync()
    {
        process.StandardInput.Close();
        string rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return [.. rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => JsonSerializer.Deserialize<ReceivedMail>(x, Json)!)];
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await StopAsync();
        process.Dispose();
    }
}
