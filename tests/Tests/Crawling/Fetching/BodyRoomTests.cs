using System.Collections.Concurrent;
using System.IO.Compression;
using Touchstone.Crawling.Fetching;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Fetching;

/// <summary>However many large bodies come at once, few are in memory.</summary>
public sealed class BodyRoomTests : IAsyncLifetime
{
    private LoopbackSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await LoopbackSite.StartAsync();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Large_bodies_wait_for_each_other_until_they_were_read(bool packed)
    {
        byte[] large = new byte[6 << 20];
        _site.On("/large", async context =>
        {
            if (packed) context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(packed ? Gzip(large) : large, context.RequestAborted);
        });
        OutboundOptions options = new() { MaxConnectionsPerHost = 8 };
        options.AllowedInternalHosts.Add(_site.Host);
        using OutboundHttp http = new(options, TimeProvider.System);
        BodyRoom room = new();
        int held = 0, most = 0;
        ConcurrentBag<int> lengths = [];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using BodyPlace place = room.Enter();
            FetchOutcome outcome = await http.GetAsync(_site.Url("/large"), FetchLimits.Page with { Place = place, Time = TimeSpan.FromMinutes(2) }, TestContext.Current.CancellationToken);
            int now = Interlocked.Increment(ref held);
            InterlockedMax(ref most, now);
            lengths.Add(outcome.Body.Length);
            await Task.Delay(20, TestContext.Current.CancellationToken);
            Interlocked.Decrement(ref held);
        }));
        Assert.All(lengths, length => Assert.Equal(large.Length, length));
        Assert.InRange(most, 1, BodyRoom.Places);
    }

    [Fact]
    public async Task Small_bodies_wait_for_nobody()
    {
        BodyRoom room = new();
        BodyPlace[] large = [.. Enumerable.Range(0, BodyRoom.Places).Select(_ => room.Enter())];
        foreach (BodyPlace place in large) await place.GrowAsync(BodyRoom.Small + 1, TestContext.Current.CancellationToken);
        using BodyPlace small = room.Enter(), next = room.Enter();
        Assert.True(small.GrowAsync(BodyRoom.Small, TestContext.Current.CancellationToken).IsCompleted);
        Task waiting = next.GrowAsync(BodyRoom.Small + 1, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        large[0].Dispose();
        await waiting.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        large[1].Dispose();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, value, seen);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
