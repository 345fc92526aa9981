using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Notices;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Assets;
using Touchstone.Server.Security;

namespace Touchstone.Server.Replies;

/// <summary>
/// The page behind the reply link of a notice, for whoever has the link: the notice, its links and a form, and nothing else of the installation. There is no cookie and no
/// session, so another site's page could only send what it knows the link of; the link itself is the permission.
/// </summary>
internal static class ReplyPages
{
    private const int MostBytes = ReceiveReply.MostBytes + (1 << 20);

    public static void MapReplies(this WebApplication app)
    {
        RouteGroupBuilder replies = app.MapGroup("/r/{token}").AllowAnonymous().RequireRateLimiting(SecuritySetup.ReplyLimit).ExcludeFromDescription();
        replies.MapGet("/", ShowAsync);
        replies.MapPost("/", TakeAsync).WithMetadata(new RequestSizeLimitAttribute(MostBytes));
    }

    private static async Task<IResult> ShowAsync(string token, HttpContext http, IDbContextFactory<TouchstoneDb> databases, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await ReplyToken.OpenAsync(db, clock, token, cancellationToken) is not { } notice) return Nothing(http);
        ReplyTexts texts = ReplyTexts.Of(notice.Language);
        return Page(http, texts, StatusCodes.Status200OK, Notice(notice, texts, http.Request.Query.ContainsKey("done") ? texts.Done : null, null, null, null));
    }

    private static async Task<IResult> TakeAsync(string token, HttpContext http, IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await ReplyToken.OpenAsync(db, clock, token, cancellationToken) is not { } notice) return Nothing(http);
        ReplyTexts texts = ReplyTexts.Of(notice.Language);
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or BadHttpRequestException { StatusCode: not StatusCodes.Status413PayloadTooLarge })
        {
            return Refused(texts.NotTaken, StatusCodes.Status400BadRequest, null, null);
        }
        catch (BadHttpRequestException)
        {
            return Refused(Filled(texts.BadFile, ReceiveReply.MostBytes >> 20), StatusCodes.Status413PayloadTooLarge, null, null);
        }
        string text = form["text"].ToString(), email = form["email"].ToString();
        if (!Enum.TryParse(form["kind"].ToString(), out ReplyKind kind) || !Enum.IsDefined(kind)) return Refused(texts.NotTaken, StatusCodes.Status400BadRequest, text, email);
        if (string.IsNullOrWhiteSpace(text) || text.Length > ReceiveReply.LongestText) return Refused(Filled(texts.BadText, ReceiveReply.LongestText), StatusCodes.Status400BadRequest, text, email);
        if (!string.IsNullOrWhiteSpace(email) && EmailAddress.TryParse(email.Trim()) is null) return Refused(texts.BadEmail, StatusCodes.Status400BadRequest, text, email);
        IFormFile? file = form.Files.GetFile("file");
        if (file?.Length > ReceiveReply.MostBytes) return Refused(Filled(texts.BadFile, ReceiveReply.MostBytes >> 20), StatusCodes.Status413PayloadTooLarge, text, email);
        ReplyAttachment? attachment = file is { Length: > 0 } ? new(file.FileName, await BytesAsync(file, cancellationToken)) : null;
        VerbOutcome<NoticeReplyRow> outcome = await new ReceiveReply(token, kind, text, email, attachment).RunAsync(new VerbContext(db, ReceiveReply.Actor, clock), blobs, cancellationToken);
        return outcome switch
        {
            { Done: true } => Results.Redirect($"{http.Request.PathBase}/r/{token}?done=1"),
            { Refusal: Refusal.NotFound } => Nothing(http),
            { Refusal: Refusal.Conflict or Refusal.Overtaken } => Refused(texts.TooMany, StatusCodes.Status429TooManyRequests, text, email),
            _ => Refused(texts.NotTaken, StatusCodes.Status400BadRequest, text, email),
        };

        IResult Refused(string why, int status, string? typed, string? address) => Page(http, texts, status, Notice(notice, texts, null, why, typed, address));
    }

    private static async Task<byte[]> BytesAsync(IFormFile file, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    private static IResult Nothing(HttpContext http)
    {
        ReplyTexts texts = ReplyTexts.Of(http);
        return Page(http, texts, StatusCodes.Status404NotFound, $"<h1>{Text(texts.Nothing)}</h1><p>{Text(texts.NothingWhy)}</p>");
    }

    private static string Notice(NoticeRow notice, ReplyTexts texts, string? done, string? why, string? typed, string? email)
    {
        var html = new StringBuilder();
        html.Append("<h1>").Append(Text(texts.Title)).Append("</h1>");
        if (done is not null) html.Append("<p class=\"notice good\" role=\"status\">").Append(Text(done)).Append("</p>");
        if (why is not null) html.Append("<p class=\"notice danger\" role=\"alert\">").Append(Text(why)).Append("</p>");
        html.Append("<p>").Append(Text(texts.Intro)).Append(' ').Append(Text(string.Format(CultureInfo.InvariantCulture, texts.Until, notice.ReplyUntil!.Value.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))).Append("</p>");
        html.Append("<article class=\"card\"><h2>").Append(Text(notice.Subject)).Append("</h2><div class=\"notice-text\">").Append(NoticeLayout.Html(NoticeSecret.Without(notice.Text)).Replace("<h2>", "<h3>", StringComparison.Ordinal).Replace("</h2>", "</h3>", StringComparison.Ordinal)).Append("</div></article>");
        html.Append("<section><h2>").Append(Text(texts.Links)).Append("</h2><ul>");
        // Addresses of what is dangerous or illegal are told and not led to.
        foreach (NoticeLinkRow link in notice.Links.OrderBy(x => x.Id)) html.Append("<li><code>").Append(Text(link.Url)).Append("</code></li>");
        html.Append("</ul></section><section><h2>").Append(Text(texts.YourReply)).Append("</h2>");
        if (notice.Replies.Count > 0) html.Append("<p class=\"muted\">").Append(Text(Filled(texts.Replied, notice.Replies.Count))).Append("</p>");
        foreach (NoticeReplyRow appeal in notice.Replies.Where(x => x.Upheld is not null).OrderBy(x => x.Id))
        {
            (string sentence, string reasons) = AppealAnswer.Of(notice.Language, appeal.Upheld!.Value);
            html.Append("<div class=\"notice info\"><p>").Append(Text(sentence)).Append("</p><p class=\"prose\">").Append(Text($"{reasons}: {appeal.Decision}")).Append("</p></div>");
        }
        html.Append("<form method=\"post\" enctype=\"multipart/form-data\"><fieldset><legend class=\"visually-hidden\">").Append(Text(texts.YourReply)).Append("</legend>");
        foreach ((ReplyKind kind, string words) in ((ReplyKind, string)[])[(ReplyKind.Removed, texts.Removed), (ReplyKind.Explanation, texts.Explanation), (ReplyKind.Refusal, texts.Refusal), (ReplyKind.Appeal, texts.Appeal)])
            html.Append("<label class=\"check\"><input type=\"radio\" name=\"kind\" value=\"").Append(kind).Append("\" required> ").Append(Text(words)).Append("</label>");
        html.Append("</fieldset><label>").Append(Text(texts.Text)).Append("<textarea name=\"text\" rows=\"6\" required maxlength=\"").Append(ReceiveReply.LongestText.ToString(CultureInfo.InvariantCulture)).Append("\">\n").Append(Text(typed)).Append("</textarea></label>");
        html.Append("<label>").Append(Text(texts.Email)).Append("<input type=\"email\" name=\"email\" autocomplete=\"email\" maxlength=\"254\" value=\"").Append(Text(email)).Append("\"></label>");
        html.Append("<label>").Append(Text(Filled(texts.File, ReceiveReply.MostBytes >> 20))).Append("<input type=\"file\" name=\"file\"></label>");
        return html.Append("<p class=\"button-row\"><button type=\"submit\">").Append(Text(texts.Send)).Append("</button></p></form></section>").ToString();
    }

    private static IResult Page(HttpContext http, ReplyTexts texts, int status, string body)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers["X-Robots-Tag"] = "noindex, nofollow";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        string sheets = string.Concat(((string[])["inter.css", "base.css", "touchstone.css"]).Select(x => $"<link rel=\"stylesheet\" href=\"{EmbeddedAssets.UrlOf(x)}\">"));
        string page = $"<!doctype html><html lang=\"{texts.Code}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>{Text(texts.Title)}</title><link rel=\"icon\" href=\"{EmbeddedAssets.UrlOf("touchstone.svg")}\" type=\"image/svg+xml\">{sheets}</head><body><main class=\"alone reply\">{body}</main></body></html>";
        return Results.Content(page, "text/html", Encoding.UTF8, status);
    }

    private static string Filled(string text, int value) => string.Format(CultureInfo.InvariantCulture, text, value);

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
