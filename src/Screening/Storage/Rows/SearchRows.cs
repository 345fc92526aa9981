using Touchstone.Crawling.Frontier;

namespace Touchstone.Screening.Storage.Rows;

public enum RunState { Queued, Running, Paused, Finished, Failed, Cancelled }

public static class RunStates
{
    /// <summary>The states of a run that has not ended; a search has one such run at most.</summary>
    public static RunState[] Unfinished { get; } = [RunState.Queued, RunState.Running, RunState.Paused];

    /// <summary>Whether nothing of a run in this state is ever done again.</summary>
    public static bool HasEnded(this RunState state) => !Unfinished.Contains(state);
}

/// <summary>A saved search: by an alert, a picture, terms, or everything in the registers, over shops.</summary>
public sealed class SearchRow
{
    public long Id { get; set; }

    public required string Name { get; set; }

    /// <summary>Only hits on this reference; null: on every reference.</summary>
    public long? ReferenceId { get; set; }

    /// <summary>Hits are listings that show what this picture shows; null: none given. Only this search asks with it.</summary>
    public string? ImageSha256 { get; set; }

    /// <summary>Only listings whose text has these words; null: none given.</summary>
    public string? Terms { get; set; }

    /// <summary>Start URLs, one a line.</summary>
    public required string ShopUrls { get; set; }

    /// <summary>Most pages to fetch per shop.</summary>
    public int PageBudget { get; set; }

    /// <summary>The markets for which each run looks for shops on the web, ISO 3166-1 alpha-2 codes, one a line; null: it does not.</summary>
    public string? FindMarkets { get; set; }

    /// <summary>Most shops that it takes up by itself, in all its runs.</summary>
    public int MostFoundShops { get; set; }

    /// <summary>Hours between runs; null: once.</summary>
    public int? RepeatEveryHours { get; set; }

    /// <summary>The time of day, in the installation's time zone, at which a search that repeats by days or weeks begins; null: as soon as the hours have passed.</summary>
    public TimeOnly? RepeatAt { get; set; }

    /// <summary>The day of a weekly search that has a time of day; null: any.</summary>
    public DayOfWeek? RepeatOn { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Grows with each change; a verb that saw an older version is refused.</summary>
    public long Version { get; set; } = 1;

    /// <summary>Since when nothing of it runs, and no repetition begins; null: not paused.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    /// <summary>Since when it is in no list and runs no more; what it found stays. Null: not deleted.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    public string? DeletedBy { get; set; }

    public ICollection<SearchRunRow> Runs { get; } = [];
}

/// <summary>One run of a search, with its live numbers.</summary>
public sealed class SearchRunRow : ILeasedRow
{
    public long Id { get; set; }

    public long SearchId { get; set; }

    public SearchRow? Search { get; set; }

    public RunState State { get; set; }

    public DateTimeOffset QueuedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public string? Error { get; set; }

    public int Shops { get; set; }

    public int Pages { get; set; }

    /// <summary>Of the pages, those of which the server said that they have not changed.</summary>
    public int NotModified { get; set; }

    public int Rendered { get; set; }

    public int Listings { get; set; }

    public int Images { get; set; }

    /// <summary>Pictures described in this run; the rest were known.</summary>
    public int ImagesDescribed { get; set; }

    public int ListingsUnchanged { get; set; }

    public int Hits { get; set; }

    public int Undetermined { get; set; }

    public int Skipped { get; set; }

    public int Failed { get; set; }

    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public long Fence { get; set; }
}

/// <summary>That a run saw an observation, and the screening that told what it shows: its own, or an earlier one of the same content and references.</summary>
public sealed class RunObservationRow
{
    public long RunId { get; set; }

    public SearchRunRow? Run { get; set; }

    public long ObservationId { get; set; }

    public ObservationRow? Observation { get; set; }

    public long ScreeningId { get; set; }

    public ScreeningRow? Screening { get; set; }

    public DateTimeOffset SeenAt { get; set; }
}

/// <summary>A URL of a run's frontier.</summary>
public sealed class FrontierRow : ILeasedRow
{
    public long Id { get; set; }

    public long RunId { get; set; }

    public required string Url { get; set; }

    public required string Host { get; set; }

    public FrontierKind Kind { get; set; }

    public int Priority { get; set; }

    public int Depth { get; set; }

    public string? DiscoveredFrom { get; set; }

    public FrontierState State { get; set; }

    public string? Reason { get; set; }

    public int HttpStatus { get; set; }

    public int Attempts { get; set; }

    /// <summary>How often a worker ended, or lost touch, while it held the URL.</summary>
    public int Losses { get; set; }

    /// <summary>Whether the run's numbers hold what the page gave; a page that is read once more, because its worker ended, is not counted again.</summary>
    public bool Counted { get; set; }

    public DateTimeOffset NotBefore { get; set; }

    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public long Fence { get; set; }
}
