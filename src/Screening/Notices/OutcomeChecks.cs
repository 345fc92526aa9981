using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Crawling;
using Touchstone.Crawling.Extraction;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Politeness;
using Touchstone.Crawling.Rendering;
using Touchstone.Crawling.Text;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;

namespace Touchstone.Screening.Notices;

/// <summary>
/// Fetches the links of notices again, as politely as a search does: at the day to answer by, after a reply that says removed, and then once a day while looks are left.
/// Each link is leased, so that any number of workers may do so. Safe for concurrent use.
/// </summary>
public sealed class OutcomeChecks(IDbContextFactory<TouchstoneDb> databases, PoliteFetcher fetcher, ChromiumRenderer renderer, PageReader reader, IBlobStore blobs, TimeProvider clock)
{
    /// <summary>The name by which a case's history calls this work.</summary>
    public const string Actor = "touchstone";

    private const int Batch = 50;
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>Fetches up to 50 links that are due, the longest due first; returns how many were.</summary>
    /// <param name="worker">Names the worker in the leases.</param>
    public async Task<int> RunDueAsync(string worker, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        long[] due = await Due(db.NoticeLinks, now).OrderBy(x => x.NextCheckAt).ThenBy(x => x.Id).Select(x => x.Id).Take(Batch).ToArrayAsync(cancellationToken);
        int done = 0;
        foreach (long id in due)
            if (await CheckAsync(id, worker, cancellationToken)) done++;
        return done;
    }

    /// <summary>Links to be looked at now. Of a notice that was taken back none is, whoever asked for it.</summary>
    private static IQueryable<NoticeLinkRow> Due(IQueryable<NoticeLinkRow> links, DateTimeOffset now) =>
        links.Where(x => x.NextCheckAt != null && x.NextCheckAt <= now && !x.Notice!.Replies.Any(r => r.Upheld == false)).Free(now);

    private async Task<bool> CheckAsync(long id, string worker, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        NoticeLinkRow? link = await Due(db.NoticeLinks.AsNoTracking().Include(x => x.Notice).Include(x => x.Hit!.Match!.Screening!.Observation).Include(x => x.Checks), now).FirstOrDefaultAsync(x => x.Id == id, cancellationToken);
        if (link is null) return false;
        IQueryable<NoticeLinkRow> row = db.NoticeLinks.Where(x => x.Id == id);
        if (!await row.TakeAsync(link.Fence, worker, now + Lease, _ => { }, cancellationToken)) return false;
        long fence = link.Fence + 1;
        OutcomeCheckRow check;
        try
        {
            check = await LookAsync(link, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The worker stops: another may take the link at once.
            await row.EndAsync(fence, _ => { }, CancellationToken.None);
            throw;
        }
        await WriteDownAsync(db, link, fence, check);
        return true;
    }

    private async Task<OutcomeCheckRow> LookAsync(NoticeLinkRow link, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = new(Longest, clock);
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            FetchOutcome answer = await fetcher.FetchAsync(link.Url, FetchLimits.Page, null, linked.Token);
            (SeenOutcome seen, string detail) = OutcomeReading.OfAnswer(answer) ?? await ReadAsync(link, answer, linked.Token);
            return new OutcomeCheckRow { LinkId = link.Id, At = clock.GetUtcNow(), Seen = seen, Detail = Cut(detail), Status = answer.Status, FinalUrl = answer.FinalUrl, ExchangeSha256 = await KeepAsync(answer, cancellationToken) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new OutcomeCheckRow { LinkId = link.Id, At = clock.GetUtcNow(), Seen = SeenOutcome.NotChecked, Detail = $"The shop did not answer within {Longest.TotalSeconds:0} s.", FinalUrl = link.Url };
        }
    }

    private async Task<(SeenOutcome Seen, string Detail)> ReadAsync(NoticeLinkRow link, FetchOutcome answer, CancellationToken cancellationToken)
    {
        ObservationRow? before = link.Hit?.Match?.Screening?.Observation;
        PageReading page = await reader(PageText.Decode(answer.Body.Span, answer.ContentType), answer.FinalUrl, answer.ContentType);
        if (page.Extraction.Reason == NoListingReason.ClientRendered && renderer.IsAvailable)
        {
            var visit = new Visit(answer.FinalUrl);
            RenderOutcome drawn = await renderer.RenderAsync(answer, (part, limits, token) => fetcher.FetchPartAsync(part, limits, null, visit, token), 1, cancellationToken);
            if (drawn.Html is { } html && await reader(html, answer.FinalUrl, null) is { } shown && (drawn.IsWhole || shown.Extraction.Listing is not null)) page = shown;
        }
        return OutcomeReading.OfPage(link.Url, answer.FinalUrl, page, before);
    }

    /// <summary>Keeps what went over the wire, byte for byte, one exchange after the other.</summary>
    private async Task<string?> KeepAsync(FetchOutcome answer, CancellationToken cancellationToken)
    {
        IReadOnlyList<FetchExchange> exchanges = [.. answer.Exchanges, .. answer.Remembered is { } known ? [known] : Array.Empty<FetchExchange>()];
        if (exchanges.Count == 0) return null;
        using var bytes = new MemoryStream();
        foreach (FetchExchange exchange in exchanges)
        {
            bytes.Write(exchange.RequestHead.Span);
            bytes.Write(exchange.ResponseHead.Span);
            bytes.Write(exchange.Body.Span);
        }
        return await blobs.PutAsync(bytes.ToArray(), cancellationToken);
    }

    /// <summary>Writes a look down, even while the worker is being stopped; whoever lost the lease writes nothing.</summary>
    private async Task WriteDownAsync(TouchstoneDb db, NoticeLinkRow link, long fence, OutcomeCheckRow check)
    {
        int left = Math.Max(0, link.ChecksLeft - 1);
        DateTimeOffset? next = left > 0 ? check.At + Every : null;
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        if (!await db.NoticeLinks.Where(x => x.Id == link.Id).EndAsync(fence, x => x.SetProperty(l => l.NextCheckAt, next).SetProperty(l => l.ChecksLeft, left), CancellationToken.None)) return;
        db.OutcomeChecks.Add(check);
        // A case is told of what changed, not of each day.
        if (link.Checks.OrderBy(x => x.Id).LastOrDefault()?.Seen != check.Seen) NoticeHistory.Tell(db, link.Notice!.CaseId, Actor, check.At, CaseEventKind.LinkChecked, TextOf(link, check.Seen));
        await db.SaveChangesAsync(CancellationToken.None);
        var context = new VerbContext(db, Actor, clock);
        // What is gone is watched for from now on; what is watched for already stays so.
        if (check.Seen is SeenOutcome.Gone or SeenOutcome.NoOffer) await new StartWatch(link.HitId, $"Notice {link.NoticeId}: {check.Detail}", check.At).RunAsync(context, CancellationToken.None);
        if (NoticeOutcomes.Ends.Contains(check.Seen) && !await db.NoticeLinks.AnyAsync(x => x.NoticeId == link.NoticeId && !x.Checks.OrderByDescending(c => c.Id).Take(1).Any(c => NoticeOutcomes.Ends.Contains(c.Seen)), CancellationToken.None))
        {
            await NoticeClocks.MeetAsync(context, link.Notice!, CaseClocks.OffersGone, CancellationToken.None);
            await db.SaveChangesAsync(CancellationToken.None);
        }
        await transaction.CommitAsync(CancellationToken.None);
    }

    private static string TextOf(NoticeLinkRow link, SeenOutcome seen) => seen switch
    {
        SeenOutcome.Gone => $"Notice {link.NoticeId}: {link.Url} is gone.",
        SeenOutcome.NoOffer => $"Notice {link.NoticeId}: {link.Url} leads to a page that offers nothing.",
        SeenOutcome.NotOrderable => $"Notice {link.NoticeId}: {link.Url} cannot be ordered any more.",
        SeenOutcome.StillOffered => $"Notice {link.NoticeId}: {link.Url} is still offered.",
        _ => $"Notice {link.NoticeId}: {link.Url} could not be checked.",
    };

    private static string Cut(string detail) => detail.Length <= 1000 ? detail : $"{WholeCharacters.Cut(detail, 1000)}…";
}
