using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Finding;

/// <summary>A service as people may see it: never its key.</summary>
/// <param name="Problem">Why it cannot be asked, for people; null: nothing is known against it.</param>
public sealed record ProviderFacts(SearchProviderKind Kind, string Name, string? Url, bool IsSet, bool IsOn, bool HasKey, int PauseMilliseconds, string? ChangedBy, DateTimeOffset? ChangedAt, string? Problem)
{
    /// <summary>Whether it is asked.</summary>
    public bool IsUsable => IsSet && IsOn && Problem is null;
}

/// <summary>What an administrator sets.</summary>
/// <param name="Key">Null or blank: the one that is stored stays, if the address stays.</param>
/// <param name="PauseMilliseconds">Least time between two questions, 0 to 60,000.</param>
public sealed record ProviderWish(SearchProviderKind Kind, string? Url, string? Key, bool IsOn, int PauseMilliseconds);

/// <summary>The services that search the web for this installation. Each is asked through the outbound guard, at its pace. Safe for concurrent use.</summary>
/// <param name="secrets">Null: this process keeps no secrets, and asks no service that wants a key.</param>
public sealed class SearchProviders(IDbContextFactory<TouchstoneDb> databases, OutboundHttp outbound, TimeProvider clock, SecretProtection? secrets)
{
    public const string BraveUrl = "https://api.search.brave.com";

    private const int LongestPause = 60_000;

    private const string NotReadable = "The stored key cannot be read with this installation's keys. Enter it again.";

    private readonly ConcurrentDictionary<SearchProviderKind, ProviderPace> _paces = new();

    public static string NameOf(SearchProviderKind kind) => kind == SearchProviderKind.Brave ? "Brave Search" : "SearXNG";

    /// <summary>Least time between two questions where nobody set another, in milliseconds.</summary>
    public static int UsualPause(SearchProviderKind kind) => kind == SearchProviderKind.Brave ? 1_100 : 2_000;

    /// <summary>Every kind of service, set or not.</summary>
    public async Task<IReadOnlyList<ProviderFacts>> ListAsync(CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<SearchProviderRow> rows = await db.SearchProviders.AsNoTracking().ToListAsync(cancellationToken);
        return [.. Enum.GetValues<SearchProviderKind>().Select(kind => FactsOf(kind, rows.Find(r => r.Kind == kind)))];
    }

    /// <summary>The services that can be asked now, each at its pace. The caller disposes what it is given.</summary>
    internal async Task<OpenedProviders> OpenAsync(CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<SearchProviderRow> rows = await db.SearchProviders.AsNoTracking().Where(r => r.IsOn).OrderBy(r => r.Kind).ToListAsync(cancellationToken);
        return Open(rows);
    }

    /// <summary>Sets a service; the key is encrypted, and no answer and no log entry holds it.</summary>
    public async Task<VerbOutcome<SearchProviderRow>> SetAsync(VerbContext context, ProviderWish wish, CancellationToken cancellationToken)
    {
        string url = (wish.Kind == SearchProviderKind.Brave && string.IsNullOrWhiteSpace(wish.Url) ? BraveUrl : wish.Url?.Trim() ?? "").TrimEnd('/');
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0) return Invalid($"“{url}” is no http or https address of a service.");
        if (wish.PauseMilliseconds is < 0 or > LongestPause) return Invalid($"The pause of {wish.PauseMilliseconds} ms is not within 0 and {LongestPause}.");
        SearchProviderRow? row = await context.Db.SearchProviders.SingleOrDefaultAsync(r => r.Kind == wish.Kind, cancellationToken);
        // A key is told to nobody but the host that it was entered for.
        string? kept = row?.Url == url ? row.ProtectedKey : null;
        bool given = !string.IsNullOrWhiteSpace(wish.Key);
        if (given && secrets is null) return VerbOutcome.Refused<SearchProviderRow>(Refusal.Conflict, "This process keeps no secrets; set the service in the console.");
        string? key = given ? secrets!.Protect(SecretKind.SearchKey, wish.Key!.Trim()) : kept;
        if (wish.Kind == SearchProviderKind.Brave && key is null) return Invalid("Brave Search wants a key.");
        if (wish.Kind == SearchProviderKind.SearXng) key = null;
        if (row is null) context.Db.SearchProviders.Add(row = new SearchProviderRow { Kind = wish.Kind, Url = "", ChangedBy = "" });
        (row.Url, row.ProtectedKey, row.IsOn, row.PauseMilliseconds, row.ChangedBy, row.ChangedAt) = (url, key, wish.IsOn, wish.PauseMilliseconds, context.Actor, context.Clock.GetUtcNow());
        string detail = $"{url}, {(wish.IsOn ? "on" : "off")}, {wish.PauseMilliseconds} ms between two questions{(given && key is not null ? ", new key" : "")}";
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.SettingsChanged, SubjectOf(wish.Kind), detail), cancellationToken);
        return VerbOutcome.Done(row);

        static VerbOutcome<SearchProviderRow> Invalid(string detail) => VerbOutcome.Refused<SearchProviderRow>(Refusal.Invalid, detail);
    }

    /// <summary>Forgets a service and its key.</summary>
    public static async Task<VerbOutcome<SearchProviderRow>> RemoveAsync(VerbContext context, SearchProviderKind kind, CancellationToken cancellationToken)
    {
        if (await context.Db.SearchProviders.SingleOrDefaultAsync(r => r.Kind == kind, cancellationToken) is not { } row) return VerbOutcome.Refused<SearchProviderRow>(Refusal.NotFound, $"{NameOf(kind)} is not set.");
        context.Db.SearchProviders.Remove(row);
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.SettingsChanged, SubjectOf(kind), $"{row.Url} was removed"), cancellationToken);
        return VerbOutcome.Done(row);
    }

    /// <summary>Asks a service one question at once and gives its answer; null where it is not set.</summary>
    public async Task<ProviderAnswer?> TestAsync(SearchProviderKind kind, string text, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.SearchProviders.AsNoTracking().SingleOrDefaultAsync(r => r.Kind == kind, cancellationToken) is not { } row) return null;
        using OpenedProviders opened = Open([row]);
        return opened.Providers is [var provider] ? await provider.AskAsync(new ProviderQuery(text, null, null, 1), cancellationToken) : ProviderAnswer.Failed(ProviderFailure.Refused, opened.Problems[0]);
    }

    private OpenedProviders Open(IReadOnlyList<SearchProviderRow> rows)
    {
        HttpClient client = outbound.CreateClient(followRedirects: false);
        client.MaxResponseContentBufferSize = ProviderHttp.MostBytes;
        var http = new ProviderHttp(client, clock);
        List<ISearchProvider> providers = [];
        List<string> problems = [];
        foreach (SearchProviderRow row in rows)
        {
            (string? key, string? problem) = Revealed(row);
            if (problem is not null)
            {
                problems.Add($"{NameOf(row.Kind)}: {problem}");
                continue;
            }
            ISearchProvider provider = row.Kind == SearchProviderKind.Brave ? new BraveProvider(http, row.Url, key!) : new SearxNgProvider(http, row.Url);
            providers.Add(new PacedProvider(provider, _paces.GetOrAdd(row.Kind, _ => new ProviderPace(clock)), TimeSpan.FromMilliseconds(row.PauseMilliseconds)));
        }
        return new OpenedProviders(client, providers, problems);
    }

    private ProviderFacts FactsOf(SearchProviderKind kind, SearchProviderRow? row) => row is null
        ? new ProviderFacts(kind, NameOf(kind), kind == SearchProviderKind.Brave ? BraveUrl : null, false, false, false, UsualPause(kind), null, null, null)
        : new ProviderFacts(kind, NameOf(kind), row.Url, true, row.IsOn, row.ProtectedKey is not null, row.PauseMilliseconds, row.ChangedBy, row.ChangedAt, Revealed(row).Problem);

    private (string? Key, string? Problem) Revealed(SearchProviderRow row)
    {
        if (row.ProtectedKey is null) return (null, row.Kind == SearchProviderKind.Brave ? NotReadable : null);
        if (secrets is null) return (null, "This process keeps no secrets.");
        try
        {
            return (secrets.Reveal(SecretKind.SearchKey, row.ProtectedKey), null);
        }
        catch (CryptographicException)
        {
            return (null, NotReadable);
        }
    }

    private static string SubjectOf(SearchProviderKind kind) => $"search-provider/{NameOf(kind)}";
}

/// <summary>Services that are ready to be asked, and why others are not.</summary>
internal sealed record OpenedProviders(HttpClient Client, IReadOnlyList<ISearchProvider> Providers, IReadOnlyList<string> Problems) : IDisposable
{
    public void Dispose() => Client.Dispose();
}
