using System.Net.Http.Headers;

namespace Touchstone.Crawling.Fetching;

/// <summary>Reads Retry-After (RFC 9110, section 10.2.3): seconds, or a date that is compared with the clock.</summary>
public static class RetryAfterHeader
{
    /// <summary>The wait from now on, never negative; null if the header is absent or malformed.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        TimeSpan? wait = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
