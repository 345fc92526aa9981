using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Touchstone.Server.Security;

namespace Touchstone.Server.Console.Layout;

/// <summary>One sentence that says what was done, on the page that follows a redirect.</summary>
/// <param name="Text">A whole sentence in the reader's language.</param>
/// <param name="Tone"><c>good</c>, <c>warn</c> or <c>danger</c>.</param>
/// <param name="Href">Where one can go on from here; null for nowhere.</param>
/// <param name="Link">The words of that link.</param>
/// <param name="Undo">What takes it back; the page says it with a button that does. Null: nothing.</param>
public sealed record Toast(string Text, string Tone = "good", string? Href = null, string? Link = null, MarkUndo? Undo = null)
{
    private const string Cookie = "toast";

    // A browser drops a cookie of more than 4 kB, with its name, its attributes and a third more for Base64.
    private const int MostBytes = 2_700;
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Says it on the next page that this browser opens, once. Call it before redirecting.</summary>
    public static void Say(HttpContext http, string text, string tone = "good", string? href = null, string? link = null, MarkUndo? undo = null)
    {
        byte[] toast = JsonSerializer.SerializeToUtf8Bytes(new Toast(text, tone, href, link, undo), Written);
        for (int kept = text.Length; toast.Length > MostBytes && kept > 0;)
        {
            kept = Math.Min(kept - 1, (int)((long)kept * MostBytes / toast.Length));
            toast = JsonSerializer.SerializeToUtf8Bytes(new Toast(text[..kept] + "…", tone, href, link, undo), Written);
        }
        http.Response.Cookies.Append(Cookie, Base64Url.EncodeToString(toast), Options(http));
    }

    /// <summary>What the page before wanted said; null for nothing. A second call, and the next page, get nothing.</summary>
    public static Toast? Take(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { } value || http.Response.HasStarted) return null;
        http.Response.Cookies.Delete(Cookie, Options(http));
        if (!Base64Url.IsValid(value)) return null;
        try
        {
            return JsonSerializer.Deserialize<Toast>(Base64Url.DecodeFromChars(value)) is { Text.Length: > 0 } toast ? toast with { Href = toast.Href is null ? null : LocalPath.Or(toast.Href, "/") } : null;
        }
        catch (JsonException)
        {
            // A cookie that this server did not write says nothing.
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromMinutes(1), IsEssential = true };
}

/// <summary>What takes a mark on hits back: the action of the hits' form, and the hits.</summary>
public sealed record MarkUndo(string Action, IReadOnlyList<long> Hits);
