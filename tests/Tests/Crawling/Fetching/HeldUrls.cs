using System.Collections.Concurrent;
using Touchstone.Crawling.Fetching;
using Touchstone.Tests.Contracts;

namespace Touchstone.Tests.Crawling.Fetching;

/// <summary>The memory of URLs in its simplest form: the oracle of the contract, and one for tests of the crawler that outlives one crawler.</summary>
public sealed class HeldUrls : IUrlMemory
{
    private readonly ConcurrentDictionary<string, RememberedUrl> _known = new(StringComparer.Ordinal);

    public Task<RememberedUrl?> FindAsync(string url, CancellationToken cancellationToken) => Task.FromResult(_known.GetValueOrDefault(url));

    public Task KeepAsync(string url, FetchExchange answer, CancellationToken cancellationToken)
    {
        _known[url] = new RememberedUrl(answer, answer.EndedAt);
        return Task.CompletedTask;
    }

    public Task ConfirmAsync(string url, DateTimeOffset checkedAt, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(url, out RememberedUrl? known)) _known[url] = known with { CheckedAt = checkedAt };
        return Task.CompletedTask;
    }
}

public sealed class HeldUrlsTests : UrlMemoryContract
{
    protected override Task<IUrlMemory> CreateAsync() => Task.FromResult<IUrlMemory>(new HeldUrls());
}
