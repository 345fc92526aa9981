using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Touchstone.Server.Security;

namespace Touchstone.Server.Console.Layout;

/// <summary>A form that was refused.</summary>
/// <param name="Form">Its name.</param>
/// <param name="Why">A sentence in the reader's language.</param>
/// <param name="Typed">What was typed; null where that is too long to be kept, or nothing.</param>
internal sealed record Refused<T>(string Form, string Why, T? Typed);

/// <summary>A form's fields by name.</summary>
internal sealed class TypedFields : Dictionary<string, string[]>
{
    /// <summary>What was typed into a field; null: nothing.</summary>
    public string? In(string field) => this.GetValueOrDefault(field) is [var first, ..] && first.Length > 0 ? first : null;
}

/// <summary>
/// What a page that took a form hands to the page behind its redirect, which a reload asks for again without sending the form again: in a cookie for that page alone,
/// encrypted, readable only for who is signed in and for a short time. Safe for concurrent use.
/// </summary>
internal sealed class Handover(IDataProtectionProvider protection, TimeProvider clock, IOptions<IdentityOptions> identity)
{
    private const string RefusedName = "refused";

    // A browser drops a cookie of more than 4 kB, with its name and its attributes.
    private const int MostCharacters = 3_600;
    private const int LongestWhy = 700;
    private static readonly string[] OfEveryPage = ["_handler", "__RequestVerificationToken", "shown"];
    private static readonly TimeSpan RefusedLife = TimeSpan.FromMinutes(1);
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly IDataProtector protector = protection.CreateProtector("Touchstone.Handover");

    /// <summary>Gives something to this page's next answers until its life ends or it is forgotten; false where it is too long. Call it before redirecting.</summary>
    /// <param name="name">Which of the page's things it is.</param>
    public bool Give<T>(HttpContext http, string name, T value, TimeSpan life) => Give(http, http.Request.Path, name, value, life);

    private bool Give<T>(HttpContext http, PathString page, string name, T value, TimeSpan life)
    {
        byte[] held = JsonSerializer.SerializeToUtf8Bytes(new Held<T>(Who(http, page), clock.GetUtcNow() + life, value), Written);
        string text = Base64Url.EncodeToString(protector.Protect(held));
        if (text.Length > MostCharacters) return false;
        http.Response.Cookies.Append(name, text, Options(http, page, life));
        return true;
    }

    /// <summary>What was given to this page; default where nothing was, to another person or session, or too long ago.</summary>
    public T? Look<T>(HttpContext http, string name)
    {
        if (http.Request.Cookies[name] is not { } text || !Base64Url.IsValid(text)) return default;
        try
        {
            Held<T>? held = JsonSerializer.Deserialize<Held<T>>(protector.Unprotect(Base64Url.DecodeFromChars(text)));
            return held is not null && held.Who == Who(http, http.Request.Path) && held.Until > clock.GetUtcNow() ? held.Value : default;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            // A cookie that this server did not write holds nothing.
            return default;
        }
    }

    public void Forget(HttpContext http, string name)
    {
        if (!http.Response.HasStarted) http.Response.Cookies.Delete(name, Options(http, http.Request.Path, null));
    }

    /// <summary>Notes that a form was refused; returns where to redirect to, which is the page that it is on.</summary>
    public string Refuse<T>(HttpContext http, string form, string why, T? typed)
    {
        string said = why.Length > LongestWhy ? $"{why[..LongestWhy]}…" : why;
        if (!Give(http, RefusedName, new Refused<T>(form, said, typed), RefusedLife)) Give(http, RefusedName, new Refused<T>(form, said, default), RefusedLife);
        return http.Request.Path + http.Request.QueryString.Value;
    }

    /// <summary>As <see cref="Refuse{T}"/>, of a form into which nothing is typed, or nothing that may be kept.</summary>
    public string Refuse(HttpContext http, string form, string why) => Refuse<object>(http, form, why, null);

    /// <summary>Notes that a form was refused, with all that was typed; returns where to redirect to. Null: more was typed than a cookie holds, so that the page answers at once and nothing typed is lost.</summary>
    /// <param name="address">Where it is told; null: where the form was sent to.</param>
    public async Task<string?> RefuseFormAsync(HttpContext http, string why, string? address = null)
    {
        address ??= http.Request.Path + http.Request.QueryString.Value;
        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted);
        var typed = new TypedFields();
        foreach ((string field, StringValues values) in form)
            if (!OfEveryPage.Contains(field) && !field.EndsWith(".Version", StringComparison.Ordinal) && !field.EndsWith(".Seen", StringComparison.Ordinal)) typed[field] = [.. values.Select(value => value ?? "")];
        return Give(http, address.Split('?')[0], RefusedName, new Refused<TypedFields>(form["_handler"].ToString(), why, typed), RefusedLife) ? address : null;
    }

    /// <summary>The form that the page before refused, once; null: none was. A form that is just being sent is another one.</summary>
    public Refused<T>? TakeRefused<T>(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || Look<Refused<T>>(http, RefusedName) is not { } refused) return null;
        Forget(http, RefusedName);
        return refused;
    }

    /// <summary>All that was typed into a field of a form that was refused: as the page before hands it, or of the form that this page answers at once; null: nothing.</summary>
    public static string[]? TypedAll(HttpContext http, Refused<TypedFields>? refused, string field) =>
        refused?.Typed?.GetValueOrDefault(field) ?? (HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType && http.Request.Form.TryGetValue(field, out StringValues sent) ? [.. sent.Select(x => x ?? "")] : null);

    /// <summary>What was typed into a field, as <see cref="TypedAll"/>; null: nothing.</summary>
    public static string? Typed(HttpContext http, Refused<TypedFields>? refused, string field) => TypedAll(http, refused, field) is [{ Length: > 0 } first, ..] ? first : null;

    /// <summary>On which page, who is signed in, and by which state of the account: signing out ends it.</summary>
    private string Who(HttpContext http, PathString page) => $"{page}\n{http.User.ActorName()}\n{http.User.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType)}";

    private static CookieOptions Options(HttpContext http, PathString page, TimeSpan? life) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = life, Path = page, IsEssential = true };

    private sealed record Held<T>(string Who, DateTimeOffset Until, T Value);
}
