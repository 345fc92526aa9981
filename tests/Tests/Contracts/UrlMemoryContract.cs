using System.Text;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Tests.Contracts;

/// <summary>What every memory of URLs does, whatever keeps it.</summary>
public abstract class UrlMemoryContract
{
    private const string Url = "https://a.example/p";
    private static readonly DateTimeOffset Asked = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IUrlMemory> CreateAsync();

    protected static FetchExchange Answer(string tag, string body) => new()
    {
        Url = Url + "?utm_source=x",
        RequestHead = Encoding.Latin1.GetBytes("GET /p?utm_source=x HTTP/1.1\r\nHost: a.example\r\n\r\n"),
        ResponseHead = Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nETag: {tag}\r\n\r\n"),
        Body = Encoding.UTF8.GetBytes(body),
        IsWhole = true,
        Address = "192.0.2.7",
        AskedAt = Asked,
        EndedAt = Asked.AddSeconds(2),
    };

    [Fact]
    public async Task An_answer_comes_back_as_it_was_kept()
    {
        IUrlMemory memory = await CreateAsync();
        Assert.Null(await memory.FindAsync(Url, Token));
        FetchExchange kept = Answer("\"1\"", "one");
        await memory.KeepAsync(Url, kept, Token);
        RememberedUrl known = (await memory.FindAsync(Url, Token))!;
        Assert.Equal(kept.RequestHead.ToArray(), known.Answer.RequestHead.ToArray());
        Assert.Equal(kept.ResponseHead.ToArray(), known.Answer.ResponseHead.ToArray());
        Assert.Equal(kept.Body.ToArray(), known.Answer.Body.ToArray());
        Assert.Equal((kept.Url, kept.Address, true, kept.AskedAt, kept.EndedAt, kept.EndedAt), (known.Answer.Url, known.Answer.Address, known.Answer.IsWhole, known.Answer.AskedAt, known.Answer.EndedAt, known.CheckedAt));
        Assert.Null(await memory.FindAsync("https://a.example/other", Token));
    }

    [Fact]
    public async Task A_newer_answer_replaces_the_older_and_a_confirmation_moves_only_its_date()
    {
        IUrlMemory memory = await CreateAsync();
        await memory.KeepAsync(Url, Answer("\"1\"", "one"), Token);
        await memory.KeepAsync(Url, Answer("\"2\"", "two"), Token);
        await memory.ConfirmAsync(Url, Asked.AddDays(3), Token);
        await memory.ConfirmAsync("https://a.example/unknown", Asked, Token);
        RememberedUrl known = (await memory.FindAsync(Url, Token))!;
        Assert.Equal(("\"2\"", "two", Asked.AddSeconds(2), Asked.AddDays(3)), (known.Answer.Header("ETag"), Encoding.UTF8.GetString(known.Answer.Body.Span), known.Answer.EndedAt, known.CheckedAt));
        Assert.Null(await memory.FindAsync("https://a.example/unknown", Token));
    }

    [Fact]
    public async Task Many_workers_may_keep_one_url_at_once()
    {
        IUrlMemory memory = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => memory.KeepAsync(Url, Answer($"\"{i}\"", $"body {i}"), Token)));
        RememberedUrl known = (await memory.FindAsync(Url, Token))!;
        Assert.Equal(known.Answer.Header("ETag"), $"\"{Encoding.UTF8.GetString(known.Answer.Body.Span)[5..]}\"");
    }
}
