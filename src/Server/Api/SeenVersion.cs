using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Touchstone.Screening;

namespace Touchstone.Server.Api;

/// <summary>Versions as ETags: what was read is named when it is changed, so that nobody undoes what he did not see.</summary>
internal static class SeenVersion
{
    /// <summary>What the description says of the header.</summary>
    public static RequestHeader Header(string what) => new("If-Match", $"The ETag of the {what} as it was read: the change is refused with 412 if somebody else was faster.", IsRequired: false);

    public static string TagOf(long version) => $"\"{version}\"";

    /// <summary>The version that the caller saw; null: any.</summary>
    /// <exception cref="InvalidValueException">The header holds no version.</exception>
    public static long? Of(HttpContext http, string what)
    {
        string text = http.Request.Headers.IfMatch.ToString();
        if (text.Length == 0 || text == "*") return null;
        return long.TryParse(text.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : throw new InvalidValueException("If-Match", text, $"the ETag of the {what} as it was read");
    }

    /// <summary>The answer to a refused change: 412 where the caller named what was seen and somebody else was faster.</summary>
    public static ProblemHttpResult Refused<T>(VerbOutcome<T> outcome, long? seen)
        where T : class =>
        outcome.Refusal == Refusal.Overtaken && seen is not null ? TypedResults.Problem(outcome.Detail, statusCode: StatusCodes.Status412PreconditionFailed) : Problems.Of(outcome);
}
