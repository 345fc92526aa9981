namespace Touchstone.Screening.Storage.Rows;

/// <summary>A service that searches the web.</summary>
public enum SearchProviderKind
{
    /// <summary>An instance of SearXNG that gives its results as JSON.</summary>
    SearXng,

    /// <summary>Brave Search's API.</summary>
    Brave,
}

/// <summary>How a service that searches the web is asked: one row for each kind that an administrator set.</summary>
public sealed class SearchProviderRow
{
    public SearchProviderKind Kind { get; set; }

    /// <summary>Where it is asked, without its path.</summary>
    public required string Url { get; set; }

    /// <summary>Encrypted by the installation's keys; null: it wants none.</summary>
    public string? ProtectedKey { get; set; }

    public bool IsOn { get; set; }

    /// <summary>Least time between two questions, in milliseconds.</summary>
    public int PauseMilliseconds { get; set; }

    public required string ChangedBy { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

public enum FindingState { Queued, Running, Finished, Failed }

/// <summary>That shops were looked for on the web, with which words, and what came of it.</summary>
public sealed class FindingRow : ILeasedRow
{
    public long Id { get; set; }

    /// <summary>The reference whose shops are looked for; null: none was named.</summary>
    public long? ReferenceId { get; set; }

    public ReferenceRow? Reference { get; set; }

    /// <summary>The search that asked by itself; null: a person did.</summary>
    public long? SearchId { get; set; }

    /// <summary>The words, one question a line, with its language in front where it has one: <c>da: ansigtsmaske</c>.</summary>
    public required string Terms { get; set; }

    /// <summary>ISO 3166-1 alpha-2 codes, one a line.</summary>
    public required string Markets { get; set; }

    /// <summary>Most shops to propose.</summary>
    public int MostShops { get; set; }

    public FindingState State { get; set; }

    /// <summary>Why it failed, or what part of it did, one sentence a line; null: nothing did.</summary>
    public string? Problems { get; set; }

    /// <summary>Questions that were answered.</summary>
    public int Asked { get; set; }

    /// <summary>Results of all answers.</summary>
    public int Results { get; set; }

    /// <summary>Results on hosts that are left out.</summary>
    public int LeftOut { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public long Fence { get; set; }

    public ICollection<FoundShopRow> Shops { get; } = [];
}

public enum FoundShopState { Proposed, Accepted, Rejected }

/// <summary>A shop that a finding proposes, and why. One a site and finding.</summary>
public sealed class FoundShopRow
{
    public long Id { get; set; }

    public long FindingId { get; set; }

    public FindingRow? Finding { get; set; }

    /// <summary>Lower case, without <c>www.</c>, with the port if it is not the scheme's default.</summary>
    public required string Host { get; set; }

    /// <summary>The page that was found.</summary>
    public required string Url { get; set; }

    public string? Title { get; set; }

    /// <summary>Who named it: a service, or the alert.</summary>
    public required string Provider { get; set; }

    /// <summary>The words that it was asked; of the alert, the trader that it names.</summary>
    public required string Query { get; set; }

    /// <summary>The market that was asked for; null: none.</summary>
    public string? Market { get; set; }

    /// <summary>Among the answers to the question, from 1.</summary>
    public int Rank { get; set; }

    public DateTimeOffset FoundAt { get; set; }

    public FoundShopState State { get; set; }

    public string? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>The search that took it.</summary>
    public long? SearchId { get; set; }
}

/// <summary>What a person changed in the table of words: how a subject is called in a language.</summary>
public sealed class SearchTermRow
{
    public long Id { get; set; }

    /// <summary>ISO 639-1.</summary>
    public required string Language { get; set; }

    /// <summary>A category of alerts, or what alerts call a product, in English; unique with the language.</summary>
    public required string Subject { get; set; }

    /// <summary>Separated by commas; empty: nothing is asked for it in the language.</summary>
    public required string Words { get; set; }

    public required string ChangedBy { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>What a person said of a host: that no shop is ever found there, or that one may be, though the built-in list leaves it out.</summary>
public sealed class IgnoredHostRow
{
    /// <summary>Lower case; what lies below it is meant, too.</summary>
    public required string Host { get; set; }

    public bool IsIgnored { get; set; }

    public string? Reason { get; set; }

    public required string ChangedBy { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}
