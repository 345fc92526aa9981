using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Storage;
using Touchstone.Server;
using Touchstone.Server.Security;

namespace Touchstone.Tests.Fixtures;

/// <summary>
/// The program as a process of its own over a folder, which is killed (kill -9) at random moments while a test asks its API. Whoever asks waits until it is up again and asks
/// once more, as any client does whose answer did not come.
/// </summary>
public sealed class ServedInstallation : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string folder;
    private readonly string[] arguments;
    private readonly (string Name, string Value)[] settings;
    private readonly HttpClient client;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource ended = new();
    private Process? process;
    private TimeSpan starting;
    private long started;
    private Task killing = Task.CompletedTask;

    private ServedInstallation(string folder, string key, int port, string[] arguments, (string, string)[] settings)
    {
        (this.folder, this.arguments, this.settings) = (folder, ["serve", "--json", "--url", $"http://127.0.0.1:{port}", .. arguments, "--data", folder], settings);
        Address = new Uri($"http://127.0.0.1:{port}");
        client = new HttpClient(new ConnectionFaults(new HttpClientHandler { AllowAutoRedirect = false, CheckCertificateRevocationList = true })) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(3) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Address { get; }

    /// <summary>How often it was killed so far.</summary>
    public int Kills { get; private set; }

    /// <summary>How often a request got no answer because the process was gone.</summary>
    public int Unanswered { get; private set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="arguments">Of <c>touchstone serve</c>, without folder and address.</param>
    /// <param name="settings">Environment variables.</param>
    public static async Task<ServedInstallation> StartAsync(string folder, string[] arguments, params (string, string)[] settings)
    {
        string key;
        await using (WebApplication app = TouchstoneServer.Build(new ServerOptions { Storage = new StorageOptions { DataFolder = folder }, Urls = ["http://127.0.0.1:0"] }))
        {
            await TouchstoneServer.PrepareAsync(app, Stop);
            key = (await app.Services.GetRequiredService<ApiKeys>().CreateAsync("scenario", AccountRole.Administrator, "test", null, Stop)).Key;
        }
        var served = new ServedInstallation(folder, key, FreePort(), arguments, settings);
        await served.RestartAsync();
        return served;
    }

    /// <summary>
    /// Kills the process so many times and starts it again. It lives for a fortieth of what its start took to two and a half times as long: on an idle machine some 0.15 to 15 seconds,
    /// and on a busy one more, as all that it does takes longer. The logarithm of the time is what is even: most lives are shorter than
    /// reading a page is in a process that has just begun, and every fourth is long enough that the work goes on, so that kills meet each of its steps.
    /// </summary>
    public void KillAgainAndAgain(int times, Random random) => killing = Task.Run(
        async () =>
        {
            for (int i = 0; i < times && !ended.IsCancellationRequested; i++)
            {
                await Task.Delay(starting / 40 * Math.Pow(100, random.NextDouble()), ended.Token);
                await turn.WaitAsync(ended.Token);
                try
                {
                    await KillAsync();
                    Kills++;
                    await ExpireAsync();
                    await RestartAsync();
                }
                finally
                {
                    turn.Release();
                }
            }
        },
        ended.Token);

    /// <summary>Whether all kills were made.</summary>
    public bool KillsAreOver => killing.IsCompleted;

    public Task<JsonNode> GetAsync(string path) => AskAsync(HttpMethod.Get, path, null);

    /// <summary>Asks until an answer comes, whichever it is; 200 to 299 gives its JSON, anything else fails the test unless it is among <paramref name="also"/>.</summary>
    public async Task<JsonNode> AskAsync(HttpMethod method, string path, object? body, params HttpStatusCode[] also)
    {
        (HttpStatusCode status, byte[] answer) = await SendAsync(method, path, body is null ? null : () => JsonContent.Create(body, options: Json));
        string text = System.Text.Encoding.UTF8.GetString(answer);
        Assert.True((int)status is >= 200 and < 300 || also.Contains(status), $"{method} {path}: {(int)status} {text}");
        return (text.Length == 0 ? new JsonObject() : JsonNode.Parse(text))!;
    }

    /// <summary>Sends until an answer comes, each time with a fresh body.</summary>
    public async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpMethod method, string path, Func<HttpContent>? body)
    {
        for (int attempt = 0; ; attempt++)
        {
            Stop.ThrowIfCancellationRequested();
            using var request = new HttpRequestMessage(method, path);
            request.Content = body?.Invoke();
            try
            {
                using HttpResponseMessage response = await client.SendAsync(request, Stop);
                return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(Stop));
            }
            catch (Exception e) when (e is HttpRequestException or IOException && attempt < 600)
            {
                Unanswered++;
                // Until it is up again.
                await turn.WaitAsync(Stop);
                turn.Release();
                await Task.Delay(50, Stop);
            }
        }
    }

    /// <summary>Asks until what is asked for is there, at most six minutes in which it is not killed.</summary>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> isThere, string what)
    {
        JsonNode last = new JsonObject();
        for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(Math.Max(begun, started)) < TimeSpan.FromMinutes(6);)
        {
            if (isThere(last = await GetAsync(path))) return last;
            await Task.Delay(200, Stop);
        }
        Assert.Fail($"{what} did not come within six minutes without a kill: {last.ToJsonString()}");
        return last;
    }

    /// <summary>The installation's database, beside the process.</summary>
    public TouchstoneDb Open()
    {
        var builder = new DbContextOptionsBuilder<TouchstoneDb>();
        StorageSetup.Configure(builder, new StorageOptions { DataFolder = folder });
        return new TouchstoneDb(builder.Options);
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        try
        {
            await killing;
        }
        catch (OperationCanceledException)
        {
            // It was waiting for the next kill.
        }
        await KillAsync();
        client.Dispose();
        ended.Dispose();
        turn.Dispose();
    }

    private async Task RestartAsync()
    {
        long begun = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "touchstone.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in settings) start.Environment[name] = value;
        process = Process.Start(start)!;
        var said = new ConcurrentQueue<string?>();
        // A pipe that nobody reads would stop it.
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data);
        process.BeginErrorReadLine();
        string? line = await process.StandardOutput.ReadLineAsync(ended.Token);
        (starting, started) = (Stopwatch.GetElapsedTime(begun), Stopwatch.GetTimestamp());
        if (line is not null) return;
        await process.WaitForExitAsync(ended.Token);
        Assert.Fail($"The server ended at once with {process.ExitCode}: {string.Join('\n', said)}");
    }

    private async Task KillAsync()
    {
        if (process is null) return;
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        process = null;
    }

    /// <summary>Time passes: what the killed process held is free.</summary>
    private async Task ExpireAsync()
    {
        await using TouchstoneDb db = Open();
        // Times are kept as milliseconds since 1970.
        foreach (string table in db.Model.GetEntityTypes().Where(x => x.FindProperty("LeaseUntil") is not null).Select(x => x.GetTableName()!).Distinct())
        {
            string free = $"UPDATE \"{table}\" SET \"LeaseUntil\" = 0 WHERE \"LeaseUntil\" IS NOT NULL";
            await db.Database.ExecuteSqlRawAsync(free, ended.Token);
        }
        await db.Frontier.Where(f => f.Losses > 0).ExecuteUpdateAsync(s => s.SetProperty(f => f.Losses, 0), ended.Token);
        await db.ImageJobs.Where(j => j.Attempts > 0).ExecuteUpdateAsync(s => s.SetProperty(j => j.Attempts, 0), ended.Token);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
