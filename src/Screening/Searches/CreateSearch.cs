using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Touchstone.Screening.Audit;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Searches;

/// <summary>Saves a search and queues its first run. A search without alert, picture and terms compares with every reference.</summary>
public static class CreateSearch
{
    /// <param name="ShopUrls">Start URLs, http or https, at least one; one host is one shop.</param>
    /// <param name="ReferenceId">Only matches with this reference.</param>
    /// <param name="ImageSha256">Only matches with this stored picture.</param>
    /// <param name="Terms">Only listings whose text has these words; alternatives are separated by commas.</param>
    /// <param name="PageBudget">Most pages per shop, 1 to 100,000.</param>
    public sealed record Request(string? Name, IReadOnlyList<string> ShopUrls, long? ReferenceId, string? ImageSha256, string? Terms, int PageBudget = 2_000, int? RepeatEveryHours = null)
    {
        /// <inheritdoc cref="SearchWish.FindMarkets" />
        public IReadOnlyList<string> FindMarkets { get; init; } = [];

        /// <inheritdoc cref="SearchRow.RepeatAt" />
        public TimeOnly? RepeatAt { get; init; }

        /// <inheritdoc cref="SearchRow.RepeatOn" />
        public DayOfWeek? RepeatOn { get; init; }

        /// <inheritdoc cref="SearchWish.MostFoundShops" />
        public int MostFoundShops { get; init; }
    }

    public static async Task<VerbOutcome<SearchRunRow>> RunAsync(VerbContext context, Request request, CancellationToken cancellationToken)
    {
        await using IDbContextTransaction transaction = await context.Db.Database.BeginTransactionAsync(cancellationToken);
        VerbOutcome<SearchRunRow> outcome = await InTransactionAsync(context, request, cancellationToken);
        if (outcome.Done) await transaction.CommitAsync(cancellationToken);
        return outcome;
    }

    /// <summary>As <see cref="RunAsync"/>, within the caller's transaction.</summary>
    internal static async Task<VerbOutcome<SearchRunRow>> InTransactionAsync(VerbContext context, Request request, CancellationToken cancellationToken)
    {
        var wish = new SearchWish(request.Name, request.ShopUrls, request.Terms, request.PageBudget, request.RepeatEveryHours) { RepeatAt = request.RepeatAt, RepeatOn = request.RepeatOn, FindMarkets = request.FindMarkets, MostFoundShops = request.MostFoundShops };
        if ((wish.Problem() ?? (await OwnHosts.ReadAsync(context.Db, cancellationToken)).Problem(wish.Urls, wish.FindMarkets.Count > 0)) is { } problem) return Refused(problem);
        if (request.FindMarkets.Count > 0 && request.ReferenceId is null && string.IsNullOrWhiteSpace(request.Terms)) return Refused("A search that finds its shops needs a reference or words: what else would the web be asked for?");
        if (request.ReferenceId is not null && request.ImageSha256 is not null) return Refused("A search is for a reference or for a picture: give one of the two.");
        if (request.ReferenceId is { } reference)
        {
            var found = await context.Db.References.Where(r => r.Id == reference && r.RetiredAt == null && r.Kind != ReferenceKind.SearchedPicture).Select(r => new { r.Title, r.Kind, r.ExpiresOn }).FirstOrDefaultAsync(cancellationToken);
            if (found is null) return VerbOutcome.Refused<SearchRunRow>(Refusal.NotFound, $"There is no reference {reference} in the registers, or it is retired.");
            if (Rights.Expiry(found.Kind, found.ExpiresOn, context.Clock.Today()) is { } expiry) return VerbOutcome.Refused<SearchRunRow>(Refusal.Conflict, $"“{found.Title}” finds no hits: {expiry}.");
        }
        if (request.ImageSha256 is { } sha256 && !await context.Db.Images.AnyAsync(i => i.Sha256 == sha256 && i.Failure == null, cancellationToken))
            return VerbOutcome.Refused<SearchRunRow>(Refusal.NotFound, "The picture is not stored, or could not be read.");

        DateTimeOffset now = context.Clock.GetUtcNow();
        var search = new SearchRow
        {
            Name = "",
            ShopUrls = "",
            ReferenceId = request.ReferenceId,
            ImageSha256 = request.ImageSha256,
            CreatedBy = context.Actor,
            CreatedAt = now,
        };
        wish.Fill(search);
        var run = new SearchRunRow { Search = search, State = RunState.Queued, QueuedAt = now };
        context.Db.SearchRuns.Add(run);
        await context.Db.SaveChangesAsync(cancellationToken);
        var entry = new AuditEntry(context.Actor, "search.created", $"search/{search.Id}", $"{search.Name}: {search.ShopUrls.ReplaceLineEndings(" ")}{(search.FindMarkets is { } markets ? $"; finds up to {search.MostFoundShops} shops for {markets.ReplaceLineEndings(" ")}" : "")}");
        await AuditLog.SaveAsync(context.Db, context.Clock, [entry], cancellationToken);
        return VerbOutcome.Done(run);

        static VerbOutcome<SearchRunRow> Refused(string detail) => VerbOutcome.Refused<SearchRunRow>(Refusal.Invalid, detail);
    }
}
