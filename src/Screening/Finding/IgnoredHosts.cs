using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Finding;

/// <summary>Hosts on which nothing is offered: encyclopedias, news, social networks, authorities. A built-in list, and over it what people said. Immutable; safe for concurrent use.</summary>
public sealed class IgnoredHosts
{
    private const int MostRows = 10_000, LongestReason = 300;

    // What lies below is meant, too. A whole ending, such as "gov", begins with a dot.
    private static readonly HashSet<string> BuiltInHosts = new(
        """
        wikipedia.org wikimedia.org wikidata.org wiktionary.org wikihow.com fandom.com britannica.com youtube.com youtu.be vimeo.com dailymotion.com facebook.com instagram.com threads.net twitter.com x.com
        linkedin.com pinterest.com pinterest.de pinterest.fr pinterest.es pinterest.it pinterest.dk pinterest.se tumblr.com reddit.com quora.com medium.com blogspot.com wordpress.com substack.com telegram.org t.me discord.com
        google.com bing.com duckduckgo.com yahoo.com yandex.com baidu.com brave.com archive.org github.com gitlab.com stackexchange.com stackoverflow.com slideshare.net scribd.com issuu.com
        europa.eu bund.de gouv.fr gov.uk gov.pl gov.it gob.es sik.dk sst.dk mst.dk baua.de rapex.eu cpsc.gov fda.gov who.int oecd.org nhs.uk
        bbc.com bbc.co.uk cnn.com nytimes.com theguardian.com reuters.com apnews.com forbes.com businessinsider.com dailymail.co.uk independent.co.uk telegraph.co.uk spiegel.de zeit.de faz.net sueddeutsche.de welt.de bild.de focus.de stern.de n-tv.de tagesschau.de heise.de chip.de t-online.de
        lemonde.fr lefigaro.fr liberation.fr leparisien.fr 20minutes.fr bfmtv.com francetvinfo.fr elpais.com elmundo.es abc.es lavanguardia.com 20minutos.es corriere.it repubblica.it ilsole24ore.com ansa.it nu.nl nos.nl telegraaf.nl ad.nl volkskrant.nl nrc.nl
        gazeta.pl onet.pl wp.pl interia.pl tvn24.pl rmf24.pl dr.dk tv2.dk politiken.dk berlingske.dk jyllands-posten.dk jp.dk bt.dk ekstrabladet.dk svt.se dn.se svd.se aftonbladet.se expressen.se naver.com daum.net chosun.com joongang.co.kr donga.com hani.co.kr yna.co.kr
        test.de which.co.uk quechoisir.org 60millions-mag.com consumentenbond.nl altroconsumo.it ocu.org taenk.dk radron.se trustpilot.com productsafety.gov.au leo.org linguee.com dict.cc pons.com deepl.com collinsdictionary.com merriam-webster.com cambridge.org
        """.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        StringComparer.Ordinal);

    private static readonly HashSet<string> BuiltInEndings = new(["gov", "edu", "int", "mil"], StringComparer.Ordinal);

    private readonly Dictionary<string, bool> said;

    private IgnoredHosts(IEnumerable<IgnoredHostRow> rows) => said = rows.ToDictionary(r => r.Host, r => r.IsIgnored, StringComparer.Ordinal);

    /// <summary>The built-in list, in the order of the alphabet.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [.. BuiltInHosts.Order(StringComparer.Ordinal)];

    public static async Task<IgnoredHosts> ReadAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return new IgnoredHosts(await db.IgnoredHosts.AsNoTracking().OrderBy(r => r.Host).Take(MostRows).ToListAsync(cancellationToken));
    }

    /// <summary>Whether a host is left out: what was said of the nearest host above it, or of itself, holds.</summary>
    public bool Has(string host)
    {
        string name = host.Split(':')[0];
        // With its port, as a shop on a test machine is named.
        if (said.TryGetValue(host, out bool own)) return own;
        for (string at = name; ;)
        {
            if (said.TryGetValue(at, out bool ignored)) return ignored;
            if (BuiltInHosts.Contains(at)) return true;
            int dot = at.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0) return BuiltInEndings.Contains(at);
            at = at[(dot + 1)..];
        }
    }

    /// <summary>Says of a host that it is no shop, or that it may be one; null: what the built-in list says.</summary>
    public static async Task<VerbOutcome<IgnoredHostRow>> SetAsync(VerbContext context, string host, bool? ignored, string? reason, CancellationToken cancellationToken)
    {
        if (HostOf(host) is not { } name) return Invalid($"“{host}” is no host; write it as shop.example.");
        if (reason?.Contains('\0', StringComparison.Ordinal) == true) return Invalid("The reason holds a NUL character.");
        if (reason?.Trim().Length > LongestReason) return Invalid($"The reason has more than {LongestReason} characters.");
        IgnoredHostRow? row = await context.Db.IgnoredHosts.SingleOrDefaultAsync(r => r.Host == name, cancellationToken);
        if (row is null && ignored is null) return VerbOutcome.Refused<IgnoredHostRow>(Refusal.NotFound, $"Nobody said anything of {name}.");
        if (row is null && await context.Db.IgnoredHosts.CountAsync(cancellationToken) >= MostRows) return Invalid($"More than {MostRows} hosts are not kept.");
        string? why = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
        if (ignored is not { } says) context.Db.IgnoredHosts.Remove(row!);
        else if (row is null) context.Db.IgnoredHosts.Add(row = new IgnoredHostRow { Host = name, IsIgnored = says, Reason = why, ChangedBy = context.Actor, ChangedAt = context.Clock.GetUtcNow() });
        else (row.IsIgnored, row.Reason, row.ChangedBy, row.ChangedAt) = (says, why, context.Actor, context.Clock.GetUtcNow());
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.IgnoredHostChanged, $"host/{name}", ignored switch { true => "left out", false => "may be a shop", _ => "as built in" }), cancellationToken);
        return VerbOutcome.Done(row!);

        static VerbOutcome<IgnoredHostRow> Invalid(string detail) => VerbOutcome.Refused<IgnoredHostRow>(Refusal.Invalid, detail);
    }

    private static string? HostOf(string? text)
    {
        string written = text?.Trim() ?? "";
        if (written.Length is 0 or > 253 || written.Any(char.IsWhiteSpace)) return null;
        return CanonicalUrl.TryCreate(written.Contains("://", StringComparison.Ordinal) ? written : $"https://{written}") is { } url && url.Host.Contains('.', StringComparison.Ordinal) ? CanonicalUrl.SiteOf(url.Host) : null;
    }
}
