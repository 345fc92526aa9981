using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Retention;

/// <summary>What a rule did.</summary>
/// <param name="Table">The table, or <see cref="RetentionJob.Blobs"/>.</param>
/// <param name="Kept">How long its rows are kept, for people.</param>
/// <param name="Rows">Rows that went, or would go now; of what goes with these rows nothing is counted.</param>
public sealed record RetentionLine(string Table, string Kept, string Why, long Rows);

/// <summary>
/// Applies the retention rules, in statements of some hundred rows, so that nobody waits for them. Safe for concurrent use, also by several processes: what one deleted,
/// the other does not find.
/// </summary>
public sealed class RetentionJob(IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, RetentionOptions options, TimeProvider clock)
{
    /// <summary>How a report names the blob store.</summary>
    public const string Blobs = "(blob store)";

    /// <summary>How a report names what names a person, before how far the offer got.</summary>
    public const string Persons = "(personal data)";

    private const int Batch = 500;
    private const int HoursOfDay = 24;

    private readonly PictureSweep sweep = new(databases, blobs);

    /// <summary>Applies each rule to all rows.</summary>
    /// <param name="dryRun">Nothing is deleted; what would go now is counted. What goes only after other rows went is not in it.</param>
    public Task<IReadOnlyList<RetentionLine>> RunAsync(bool dryRun, CancellationToken cancellationToken) => RunAsync(dryRun, [.. Enumerable.Range(0, PictureSweep.Shares)], cancellationToken);

    /// <summary>Applies each rule, and looks for blobs that nothing refers to in that share of the store which is this hour's: within a day in all of it.</summary>
    public Task<IReadOnlyList<RetentionLine>> RunShareAsync(CancellationToken cancellationToken) =>
        RunAsync(dryRun: false, [.. Enumerable.Range(0, PictureSweep.Shares).Where(share => share % HoursOfDay == clock.GetUtcNow().Hour)], cancellationToken);

    private async Task<IReadOnlyList<RetentionLine>> RunAsync(bool dryRun, int[] shares, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var lines = new List<RetentionLine>();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        OperatorRole role = await PersonalData.RoleAsync(db, cancellationToken);
        IReadOnlyList<RetentionLine> persons = await PersonsAsync(db, role, dryRun, cancellationToken);
        foreach (RetentionRule rule in RetentionRules.Of(options, role))
            lines.Add(new RetentionLine(rule.TableOf(db), rule.Kept, rule.Why, dryRun ? await rule.CountAsync(db, now, cancellationToken) : await DeleteAsync(db, rule, now, cancellationToken)));
        var swept = new SweepCounts(0, 0);
        foreach (int share in shares) swept += await sweep.RunAsync(share, now.AddDays(-options.UnusedPictureDays), dryRun, cancellationToken);
        string images = db.Model.FindEntityType(typeof(ImageRow))!.GetTableName()!;
        return
        [
            .. lines.Select(line => line.Table == images ? line with { Rows = swept.Pictures } : line),
            new RetentionLine(Blobs, $"{options.UnusedPictureDays} days, where nothing refers to it; none that was erased", "Pictures, pages and bodies; rows name those that are needed.", swept.Blobs),
            .. persons,
        ];
    }

    private async Task<IReadOnlyList<RetentionLine>> PersonsAsync(TouchstoneDb db, OperatorRole role, bool dryRun, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<OfferState, long> offers = dryRun
            ? (await PersonalData.CountAsync(db, options, role, clock.GetUtcNow(), cancellationToken)).ToDictionary(x => x.State, x => x.Offers)
            : await PersonalData.TakeAsync(db, options, role, clock, cancellationToken);
        return [.. Enum.GetValues<OfferState>().Select(state => new RetentionLine(
            Persons, FormattableString.Invariant($"{state}: {RoleLimits.Of(role, state, options)} days (most for {role}: {RoleLimits.Of(role, state)})"), "Sellers' names become keyed hashes; contacts and pages go.", offers.GetValueOrDefault(state)))];
    }

    private static async Task<long> DeleteAsync(TouchstoneDb db, RetentionRule rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        long deleted = 0;
        int last;
        do
        {
            last = await rule.DeleteAsync(db, now, Batch, cancellationToken);
            deleted += last;
        }
        while (last > 0);
        return deleted;
    }
}
