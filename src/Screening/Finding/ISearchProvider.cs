namespace Touchstone.Screening.Finding;

/// <summary>A question to a service that searches the web.</summary>
/// <param name="Text">At most 300 characters.</param>
/// <param name="Language">ISO 639-1; null: any.</param>
/// <param name="Market">ISO 3166-1 alpha-2; null: any.</param>
/// <param name="Page">From 1.</param>
public sealed record ProviderQuery(string Text, string? Language, string? Market, int Page);

/// <summary>Why a service gave no answer.</summary>
public enum ProviderFailure
{
    /// <summary>Its address is internal, and nobody allowed it.</summary>
    NotAllowed,

    /// <summary>It did not answer.</summary>
    Unreachable,

    /// <summary>It wants another key, or does not give its answers to programs.</summary>
    Refused,

    /// <summary>It was asked too often.</summary>
    TooOften,

    /// <summary>What it answered is not in its format.</summary>
    NotUnderstood,
}

/// <summary>One page that a service found.</summary>
public sealed record ProviderResult(string Url, string? Title);

/// <summary>What a service answered: results, or why there are none.</summary>
/// <param name="HasMore">Whether there may be another page of results.</param>
/// <param name="Detail">For people: of a failure what was answered, of an answer what was missing in it.</param>
/// <param name="RetryAfter">When it may be asked again, where it says so.</param>
public sealed record ProviderAnswer(IReadOnlyList<ProviderResult> Results, bool HasMore, ProviderFailure? Failure = null, string? Detail = null, TimeSpan? RetryAfter = null)
{
    public static ProviderAnswer Failed(ProviderFailure failure, string detail, TimeSpan? retryAfter = null) => new([], false, failure, detail, retryAfter);
}

/// <summary>A service that searches the web. Implementations are safe for concurrent use and throw only what cancels them.</summary>
public interface ISearchProvider
{
    /// <summary>As people know it.</summary>
    string Name { get; }

    Task<ProviderAnswer> AskAsync(ProviderQuery query, CancellationToken cancellationToken);
}
