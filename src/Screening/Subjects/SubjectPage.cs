using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Touchstone.Screening.Subjects;

/// <summary>Writes a person's file as a page that any browser shows, without scripts and without anything from elsewhere. Pure.</summary>
internal static class SubjectPage
{
    private static readonly (string Part, string Title, string Why)[] Parts =
    [
        ("contacts", "Contacts", "Addresses and numbers that shops' pages state. By them shops of one person are known."),
        ("listings", "Offers", "Pages on which something was offered."),
        ("observations", "What was seen of the offers", "The facts of each page, and the hashes of the kept page and pictures; copies are handed out on request by these."),
        ("requests", "Requests to the offers' pages", "What was asked, when, and what allowed it."),
        ("hits", "Matches with registers", "A picture or number of the offer matches a reference. A person decides what that means."),
        ("decisions", "Decisions on matches", "What was decided, and why."),
        ("cases", "Cases", "Files of the operator in which the offers are."),
        ("caseNotes", "Entries of cases that name you", "What was written in files."),
        ("notices", "Notices", "What was written about the offers, and to whom."),
        ("replies", "Replies", "What was answered to notices."),
        ("watches", "Removed offers", "Offers that were removed, whose return is looked for."),
        ("returns", "Returns", "Offers that were there again."),
    ];

    public static string Write(SubjectFile file, string from, DateTimeOffset at)
    {
        JsonObject json = JsonSerializer.SerializeToNode(file, ExportSubject.Json)!.AsObject();
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>What is kept about you</title>")
            .Append("<style>body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%;font-size:.875rem}td,th{border:1px solid #999;padding:.25rem .5rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}.wide{overflow-x:auto}</style></head>\n<body><h1>What is kept about you</h1>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>{Text(from)}, {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC. Article 15 of Regulation (EU) 2016/679. The same is in person.json, for programs.</p>\n<h2>Under which names</h2><ul>");
        foreach (SubjectName name in file.Person.Names) page.Append(CultureInfo.InvariantCulture, $"<li>{Text(string.Join(" · ", name.Spellings))} at {Text(name.Host)}</li>");
        foreach (SubjectContact contact in file.Person.Contacts) page.Append(CultureInfo.InvariantCulture, $"<li>{contact.Kind}: {Text(contact.Value)}</li>");
        page.Append("</ul>\n");
        if (file.Cut.Count > 0) page.Append(CultureInfo.InvariantCulture, $"<p><strong>There is more than {SubjectFile.Most} rows of: {Text(string.Join(", ", file.Cut))}. Ask for the rest.</strong></p>\n");
        foreach ((string part, string title, string why) in Parts) Append(page, title, why, json[part]!.AsArray());
        return page.Append("</body></html>\n").ToString();
    }

    private static void Append(StringBuilder page, string title, string why, JsonArray rows)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(title)} ({rows.Count})</h2><p>{Text(why)}</p>\n");
        if (rows.Count == 0) return;
        string[] columns = [.. rows.SelectMany(x => x!.AsObject().Select(p => p.Key)).Distinct(StringComparer.Ordinal)];
        page.Append("<div class=\"wide\"><table><thead><tr>").AppendJoin("", columns.Select(x => $"<th scope=\"col\">{Text(x)}</th>")).Append("</tr></thead><tbody>\n");
        foreach (JsonNode? row in rows) page.Append("<tr>").AppendJoin("", columns.Select(x => $"<td>{Text(Said(row![x]))}</td>")).Append("</tr>\n");
        page.Append("</tbody></table></div>\n");
    }

    private static string Said(JsonNode? value) => value switch { null => "", JsonArray many => string.Join(" ", many.Select(Said)), _ => value.ToString() };

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
