using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Touchstone.Server.Api;

/// <summary>A part of a list. <c>Next</c> is the cursor of the following part; null on the last one.</summary>
public sealed record ApiPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>
/// Cursor paging, the same for every list: <c>?after=CURSOR&amp;limit=N</c>; the answer carries <c>next</c> and a Link header. A cursor
/// is the place of the last row, so rows that come or go between two requests are neither skipped nor repeated.
/// </summary>
internal static class Cursor
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    public static int Limit(int? limit) => limit switch
    {
        null => DefaultLimit,
        >= 1 and <= MaxLimit => limit.Value,
        _ => throw new InvalidValueException("limit", limit, $"within 1 and {MaxLimit}"),
    };

    /// <summary>The id of the last row of the previous part; null at the start.</summary>
    public static long? Id(string? after) => after is null ? null : long.TryParse(Decode(after), NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : throw Bad(after);

    /// <summary>The sort value and id of the last row of the previous part; null at the start.</summary>
    public static (double Value, long Id)? ValueAndId(string? after)
    {
        if (after is null) return null;
        string[] parts = Decode(after).Split(':');
        return parts.Length == 2 && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long id)
            ? (value, id)
            : throw Bad(after);
    }

    public static string Of(long id) => Encode(id.ToString(CultureInfo.InvariantCulture));

    public static string Of(double value, long id) => Encode(string.Create(CultureInfo.InvariantCulture, $"{value:R}:{id}"));

    /// <summary>Cuts a part from rows that were read with one more than the limit.</summary>
    public static ApiPage<TItem> Cut<TRow, TItem>(IReadOnlyList<TRow> rows, int limit, Func<TRow, string> cursor, Func<TRow, TItem> item) =>
        new([.. rows.Take(limit).Select(item)], rows.Count > limit ? cursor(rows[limit - 1]) : null);

    /// <summary>The answer with its Link header.</summary>
    public static Ok<ApiPage<T>> Answer<T>(HttpContext http, ApiPage<T> page)
    {
        if (page.Next is not null)
        {
            Dictionary<string, string?> query = http.Request.Query.ToDictionary(x => x.Key, x => (string?)x.Value.ToString(), StringComparer.Ordinal);
            query["after"] = page.Next;
            http.Response.Headers.Link = $"<{QueryHelpers.AddQueryString(http.Request.Path, query)}>; rel=\"next\"";
        }
        return TypedResults.Ok(page);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Decode(string after)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(after));
        }
        catch (FormatException)
        {
            throw Bad(after);
        }
    }

    private static InvalidValueException Bad(string after) => new("after", after, "a cursor that this list gave as next");
}
