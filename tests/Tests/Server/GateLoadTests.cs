using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Screening.Storage;
using Touchstone.Server;
using Touchstone.Server.Security;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Server;

/// <summary>A gate that is asked for more than it can do: a real server with one place and little patience.</summary>
public sealed class GateLoadTests : IAsyncLifetime
{
    private const int Clients = 40;

    private static readonly byte[][] Pictures = [.. Enumerable.Range(0, Clients + 1).Select(i => ImageEncoder.Png(Drawn.Package(i)))];

    private readonly string folder = Directory.CreateTempSubdirectory("touchstone-load-").FullName;
    private WebApplication? app;
    private HttpClient? client;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new ServerOptions { Storage = new StorageOptions { DataFolder = folder }, Urls = ["http://127.0.0.1:0"], ScreeningsAtOnce = 1, GatePatience = TimeSpan.FromMilliseconds(300), GateRequestsPerSecond = 1000, Roles = ServerRoles.Gate };
        app = TouchstoneServer.Build(options);
        await TouchstoneServer.PrepareAsync(app, Stop);
        string key = (await app.Services.GetRequiredService<ApiKeys>().CreateAsync("load", AccountRole.Gate, "test", null, Stop)).Key;
        await app.StartAsync(Stop);
        client = new HttpClient(new SocketsHttpHandler(), disposeHandler: true) { BaseAddress = new Uri(app.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (app is not null) await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_cannot_be_answered_in_time_is_refused_with_when_to_come_again_and_an_empty_installation_allows_nothing()
    {
        (HttpStatusCode first, JsonElement answer, _) = await AskAsync(0, Stop);
        Assert.Equal((HttpStatusCode.OK, "Review"), (first, answer.GetProperty("decision").GetString()));

        var answers = await Task.WhenAll(Enumerable.Range(1, Clients).Select(i => AskAsync(i, Stop)));
        Assert.All(answers, x => Assert.True(x.Status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{x.Status}"));
        Assert.Contains(answers, x => x.Status == HttpStatusCode.OK);
        (HttpStatusCode Status, JsonElement Body, TimeSpan? RetryAfter)[] refused = [.. answers.Where(x => x.Status == HttpStatusCode.ServiceUnavailable)];
        Assert.NotEmpty(refused);
        Assert.All(refused, x => Assert.True(x.RetryAfter >= TimeSpan.FromSeconds(1)));
        Assert.All(refused, x => Assert.Contains("Retry-After", x.Body.GetProperty("detail").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clients_that_are_gone_leave_nothing_behind()
    {
        using (var gone = new CancellationTokenSource())
        {
            Task[] asked = [.. Enumerable.Range(1, Clients).Select(i => AskAsync(i, gone.Token))];
            await Task.WhenAny(asked);
            await gone.CancelAsync();
            foreach (Task one in asked) await one.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
        // Whoever comes next finds the place free as soon as the step that was going on ends.
        for (int attempt = 0; ; attempt++)
        {
            HttpStatusCode status = (await AskAsync(0, Stop)).Status;
            if (status == HttpStatusCode.OK) return;
            Assert.True(attempt < 50, $"The gate still refuses with {status}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Stop);
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Body, TimeSpan? RetryAfter)> AskAsync(int picture, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client!.PostAsJsonAsync("/api/v1/gate/listings", new { images = new[] { new { bytes = Pictures[picture] } } }, cancellationToken);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken), response.Headers.RetryAfter?.Delta);
    }
}
