using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Recognition.Scoring;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Queries;

/// <summary>Which hits are wanted; null fields do not narrow. A search has the hits of what its runs saw.</summary>
public sealed record HitFilter(HitState? State = null, Relation? Relation = null, long? RegisterId = null, long? ReferenceId = null, long? SearchId = null, double? MinProbability = null, Verdict? Verdict = null);

/// <summary>Reads hits in the queue's order: most probable first, ties by id.</summary>
internal static class HitQueries
{
    public static IQueryable<HitRow> Where(TouchstoneDb db, HitFilter filter)
    {
        IQueryable<HitRow> rows = db.Hits.AsNoTracking().Include(x => x.Listing).Include(x => x.Reference).Include(x => x.Match);
        if (filter.State is { } state) rows = rows.Where(x => x.State == state);
        if (filter.Relation is { } relation) rows = rows.Where(x => x.Relation == relation);
        if (filter.Verdict is { } verdict) rows = rows.Where(x => x.Verdict == verdict);
        if (filter.RegisterId is { } register) rows = rows.Where(x => x.Reference!.RegisterId == register);
        if (filter.ReferenceId is { } reference) rows = rows.Where(x => x.ReferenceId == reference);
        if (filter.SearchId is { } search)
            rows = rows.Where(x => db.RunObservations.Any(o => o.Run!.SearchId == search && o.Observation!.ListingId == x.ListingId && o.Screening!.Matches.Any(m => m.ReferenceId == x.ReferenceId)));
        if (filter.MinProbability is { } least) rows = rows.Where(x => x.Probability >= least);
        return rows;
    }

    /// <summary>The hits after a place in the queue.</summary>
    public static Task<List<HitRow>> AfterAsync(TouchstoneDb db, HitFilter filter, (double Probability, long Id)? place, int take, CancellationToken cancellationToken)
    {
        IQueryable<HitRow> rows = Where(db, filter);
        if (place is { } at) rows = rows.Where(x => x.Probability < at.Probability || (x.Probability == at.Probability && x.Id > at.Id));
        return rows.OrderByDescending(x => x.Probability).ThenBy(x => x.Id).Take(take).ToListAsync(cancellationToken);
    }

    /// <summary>The hits before a place in the queue, in the queue's order.</summary>
    public static async Task<List<HitRow>> BeforeAsync(TouchstoneDb db, HitFilter filter, (double Probability, long Id) place, int take, CancellationToken cancellationToken)
    {
        List<HitRow> rows = await Where(db, filter).Where(x => x.Probability > place.Probability || (x.Probability == place.Probability && x.Id < place.Id))
            .OrderBy(x => x.Probability).ThenByDescending(x => x.Id).Take(take).ToListAsync(cancellationToken);
        rows.Reverse();
        return rows;
    }

    /// <summary>One hit with everything that its page shows.</summary>
    public static Task<HitRow?> FindAsync(TouchstoneDb db, long id, CancellationToken cancellationToken) => db.Hits.AsNoTracking()
        .Include(x => x.Listing!).ThenInclude(x => x.Shop)
        .Include(x => x.Reference!).ThenInclude(x => x.Register)
        .Include(x => x.Reference!).ThenInclude(x => x.Identifiers)
        .Include(x => x.Reference!).ThenInclude(x => x.Images.OrderBy(i => i.Position))
        .Include(x => x.Match!).ThenInclude(x => x.Screening!).ThenInclude(x => x.Observation!).ThenInclude(x => x.Images.OrderBy(i => i.Position))
        .AsSplitQuery().SingleOrDefaultAsync(x => x.Id == id, cancellationToken);

    /// <summary>Where the two pictures of a match look alike; null where there are not two, or nothing can be told.</summary>
    public static async Task<Likeness?> LikenessOfAsync(SimilarityMapFinder likeness, MatchRow? match, CancellationToken cancellationToken) =>
        match is { ImageSha256: { } image, ReferenceImageSha256: { } reference } ? await likeness.FindAsync(image, reference, cancellationToken) : null;

    /// <summary>What spoke for and against a match, as stored.</summary>
    public static MatchSignals SignalsOf(MatchRow? match)
    {
        if (match is null) return new MatchSignals();
        try
        {
            return JsonSerializer.Deserialize<MatchSignals>(match.Signals, JsonSerializerOptions.Web) ?? new MatchSignals();
        }
        catch (JsonException)
        {
            // Signals of an older version are shown as none; the probability beside them is kept apart and stands.
            return new MatchSignals { Against = ["What spoke for this match was stored in a form that this version does not read."] };
        }
    }
}
