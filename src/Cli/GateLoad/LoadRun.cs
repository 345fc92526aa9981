using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Cli.GateLoad;

/// <summary>Asks the gate of a server with many clients at once, and then, when all are gone, once more.</summary>
internal static class LoadRun
{
    private const int Warm = 20;

    public static async Task<LoadReport> RunAsync(LoadPlan plan, Action<string> tell, CancellationToken cancellationToken)
    {
        using LoadedServer server = await LoadedServer.StartAsync(plan, cancellationToken);
        byte[][] bodies = [.. server.Asked.Select(file => JsonSerializer.SerializeToUtf8Bytes(new { title = "Lamp", images = new[] { new { bytes = File.ReadAllBytes(file) } } }))];
        List<TimeSpan> alone = [];
        using (HttpClient one = Client(server))
        {
            tell("One request after the other");
            for (int i = -Warm; i < Warm; i++)
            {
                Answer answer = await AskAsync(one, bodies[(i + Warm) % bodies.Length], cancellationToken);
                if (i >= 0) alone.Add(answer.Took);
            }
        }
        tell($"{plan.Clients} clients for {plan.Duration.TotalSeconds:0} s");
        ConcurrentBag<Answer> answers = await LoadAsync(plan, server, bodies, cancellationToken);
        using HttpClient next = Client(server);
        Answer after = await AskAsync(next, bodies[0], cancellationToken);
        Latencies Of(Func<Answer, bool> wanted) => Latencies.Of(answers.Where(wanted).Select(x => x.Took));
        return new LoadReport(
            plan.Clients, plan.Duration.TotalSeconds, Latencies.Of(alone), Of(x => x.Status == HttpStatusCode.OK), Of(x => x.Status == HttpStatusCode.TooManyRequests), Of(x => x.Status == HttpStatusCode.ServiceUnavailable),
            Of(x => x.Status is not (HttpStatusCode.OK or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)), Math.Round(after.Took.TotalSeconds, 4), server.PeakMebibytes);
    }

    /// <summary>When the time is over every client breaks off what it waits for and closes its connection.</summary>
    private static async Task<ConcurrentBag<Answer>> LoadAsync(LoadPlan plan, LoadedServer server, byte[][] bodies, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(plan.Duration, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        ConcurrentBag<Answer> answers = [];
        using HttpClient client = Client(server);
        await Task.WhenAll(Enumerable.Range(0, plan.Clients).Select(async number =>
        {
            try
            {
                for (int i = number; ; i++)
                {
                    Answer answer = await AskAsync(client, bodies[i % bodies.Length], either.Token);
                    answers.Add(answer);
                    if (answer.Status != HttpStatusCode.OK && !plan.Impatient) await Task.Delay(answer.RetryAfter ?? TimeSpan.FromSeconds(1), TimeProvider.System, either.Token);
                }
            }
            catch (OperationCanceledException) when (time.IsCancellationRequested)
            {
                // The client goes.
            }
        }));
        cancellationToken.ThrowIfCancellationRequested();
        return answers;
    }

    private static async Task<Answer> AskAsync(HttpClient client, byte[] body, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await client.PostAsync(new Uri("/api/v1/gate/listings", UriKind.Relative), content, cancellationToken);
            return new Answer(response.StatusCode, Stopwatch.GetElapsedTime(started), response.Headers.RetryAfter?.Delta);
        }
        catch (HttpRequestException)
        {
            return new Answer(0, Stopwatch.GetElapsedTime(started), null);
        }
    }

    private static HttpClient Client(LoadedServer server)
    {
        var client = new HttpClient(new ConnectionFaults(new SocketsHttpHandler()), disposeHandler: true) { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Key);
        return client;
    }

    private sealed record Answer(HttpStatusCode Status, TimeSpan Took, TimeSpan? RetryAfter);
}
