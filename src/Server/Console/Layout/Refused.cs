using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Touchstone.Server.Console.Layout;

/// <summary>
/// Why a form was refused, and what was typed into it, on the page that the refusal leads back to: a redirect, so that reading the page again sends nothing again. It is told once.
/// </summary>
/// <param name="Path">The page that it is told on.</param>
/// <param name="Text">Whole sentences in the reader's language.</param>
/// <param name="Form">The form's name.</param>
/// <param name="Typed">The form's fields by name, but for those that every page of the form has.</param>
public sealed record Refused(string Path, string Text, string Form, IReadOnlyDictionary<string, string[]> Typed)
{
    private const string Cookie = "refused";

    // A browser drops a cookie of more than 4 kB, with its name, its attributes and a third more for Base64.
    private const int MostBytes = 2_700;
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] OfEveryPage = ["_handler", "__RequestVerificationToken", "shown"];

    /// <summary>Keeps a refusal for the page's next answer; gives the address to lead to. Null: more was typed than a cookie holds, so that the page answers at once and nothing typed is lost.</summary>
    /// <param name="address">Where it is told; null: where the form was sent to.</param>
    public static async Task<string?> KeepAsync(HttpContext http, string text, string? address = null)
    {
        address ??= http.Request.Path + http.Request.QueryString;
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = form.Where(x => !OfEveryPage.Contains(x.Key) && !x.Key.EndsWith(".Version", StringComparison.Ordinal) && !x.Key.EndsWith(".Seen", StringComparison.Ordinal))
            .ToDictionary(x => x.Key, x => x.Value.Select(v => v ?? "").ToArray(), StringComparer.Ordinal);
        byte[] kept = JsonSerializer.SerializeToUtf8Bytes(new Refused(address.Split('?')[0], text, form["_handler"].ToString(), typed), Written);
        if (kept.Length > MostBytes) return null;
        http.Response.Cookies.Append(Cookie, Base64Url.EncodeToString(kept), Options(http));
        return address;
    }

    /// <summary>What was refused on this page just now; null: nothing. The next page gets nothing.</summary>
    public static Refused? Take(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || http.Request.Cookies[Cookie] is not { } value || http.Response.HasStarted) return null;
        http.Response.Cookies.Delete(Cookie, Options(http));
        if (!Base64Url.IsValid(value)) return null;
        try
        {
            return JsonSerializer.Deserialize<Refused>(Base64Url.DecodeFromChars(value)) is { Text.Length: > 0, Typed: not null } kept && kept.Path == http.Request.Path ? kept : null;
        }
        catch (JsonException)
        {
            // A cookie that this server did not write says nothing.
            return null;
        }
    }

    /// <summary>What was typed into a field; null: nothing.</summary>
    public string? TypedIn(string field) => Typed.GetValueOrDefault(field) is [var first, ..] && first.Length > 0 ? first : null;

    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = TimeSpan.FromMinutes(1), IsEssential = true };
}
