using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening;

/// <summary>
/// Where an operator may search. An authority and a right holder search any shop; a marketplace searches its own hosts, which an administrator names, and what lies below them. Immutable; safe for
/// concurrent use.
/// </summary>
public sealed class OwnHosts
{
    /// <summary>Most hosts that a marketplace names.</summary>
    public const int Most = 200;

    private readonly string[]? _sites;

    private OwnHosts(string[]? sites) => _sites = sites;

    /// <summary>Whether only own hosts are searched.</summary>
    public bool AreAll => _sites is not null;

    /// <summary>Those of the installation's operator; where nobody said who operates it, any host.</summary>
    public static async Task<OwnHosts> ReadAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var from = await db.Operators.Select(x => new { x.Role, x.Hosts }).SingleOrDefaultAsync(cancellationToken);
        return new OwnHosts(from is { Role: OperatorRole.Marketplace } ? [.. (from.Hosts ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)] : null);
    }

    /// <summary>Reads what a person typed, separated by spaces, commas or lines: hosts in one spelling, each once, without <c>www.</c>, and the words that are none.</summary>
    public static (IReadOnlyList<string> Hosts, IReadOnlyList<string> Wrong) Read(string? text)
    {
        List<string> hosts = [], wrong = [];
        foreach (string word in (text ?? "").Split((char[])[' ', ',', ';', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (CanonicalUrl.TryCreate(word.Contains("://", StringComparison.Ordinal) ? word : $"https://{word}") is { } url) hosts.Add(CanonicalUrl.SiteOf(url.Host));
            else wrong.Add(word);
        }
        return ([.. hosts.Distinct(StringComparer.Ordinal)], wrong);
    }

    /// <summary>Whether a host may be searched.</summary>
    /// <param name="host">With its port if that is not the usual one.</param>
    public bool Allow(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (_sites is null) return true;
        string site = CanonicalUrl.SiteOf(host);
        return _sites.Any(own => site == own || site.EndsWith($".{own}", StringComparison.Ordinal));
    }

    /// <summary>Why a search is refused, for people; null: it is not.</summary>
    /// <param name="urls">Where it begins; what is no address is another rule's matter.</param>
    /// <param name="looksForShops">Whether it looks for shops on the web.</param>
    public string? Problem(IEnumerable<string> urls, bool looksForShops)
    {
        ArgumentNullException.ThrowIfNull(urls);
        if (_sites is null) return null;
        if (looksForShops) return "A marketplace searches its own hosts, and looks for no shops on the web.";
        return urls.Select(url => CanonicalUrl.TryCreate(url)).FirstOrDefault(url => url is not null && !Allow(url.Host)) is { } foreign
            ? $"“{foreign.Host}” is none of the marketplace's own hosts, and a marketplace searches no others. An administrator names them under System, Operator."
            : null;
    }
}
