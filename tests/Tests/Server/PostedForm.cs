using System.Net;
using System.Text.RegularExpressions;

namespace Touchstone.Tests.Server;

/// <summary>Sends a form of a console page as a browser without scripts does: with the page's token, in the order of the fields.</summary>
internal static partial class PostedForm
{
    /// <summary>What the server answers at once: a redirect, or a page.</summary>
    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, string page, string form, IEnumerable<(string Name, string Value)> fields, CancellationToken stop)
    {
        string html = await client.GetStringAsync(new Uri(page, UriKind.Relative), stop);
        using var content = new FormUrlEncodedContent([new("_handler", form), new("__RequestVerificationToken", TokenOf(html)), .. fields.Select(x => KeyValuePair.Create(x.Name, x.Value))]);
        return await client.PostAsync(new Uri(page, UriKind.Relative), content, stop);
    }

    /// <summary>The page that the person sees in the end, decoded.</summary>
    public static async Task<string> SeenAsync(HttpClient client, string page, string form, IEnumerable<(string Name, string Value)> fields, CancellationToken stop)
    {
        using HttpResponseMessage answer = await SendAsync(client, page, form, fields, stop);
        return WebUtility.HtmlDecode(answer.Headers.Location is { } next ? await client.GetStringAsync(next, stop) : await answer.Content.ReadAsStringAsync(stop));
    }

    public static string TokenOf(string html) => Token().Match(html).Groups[1].Value;

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
