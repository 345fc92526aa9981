using System.Net;
using System.Text;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>
/// Sets the text that a template gave: <c># </c> begins a heading, <c>- </c> an item of a list, an empty line a paragraph; everything else is text. For a page each
/// character is encoded, and an https address is no link: the page holds no markup but its own and no script. Pure.
/// </summary>
public static class NoticeLayout
{
    // Without ligatures: an address that is copied out of the PDF is the address.
    private const string Style = """
        @page { size: A4; margin: 22mm 20mm; }
        body { font: 10.5pt/1.5 Inter, 'Inter Variable', 'Noto Sans CJK KR', 'Noto Sans', sans-serif; font-variant-ligatures: none; color: #111; }
        header { border-bottom: .3mm solid #111; padding-bottom: 3mm; margin-bottom: 8mm; } header p { margin: 0; }
        h1 { font-size: 15pt; margin: 0 0 4mm; } h2 { font-size: 11.5pt; margin: 6mm 0 1mm; break-after: avoid; }
        p, li { overflow-wrap: anywhere; } p { margin: 0 0 2.5mm; } ul { margin: 0 0 3mm; padding-left: 5mm; } footer { margin-top: 10mm; font-size: 8pt; color: #555; }
        """;

    /// <summary>As an e-mail reads it.</summary>
    public static string Mail(string text) =>
        string.Join("\r\n", text.Split('\n').Select(x => x.StartsWith("# ", StringComparison.Ordinal) ? x[2..].ToUpperInvariant() : x)) + "\r\n";

    /// <summary>The text as HTML: headings, lists and paragraphs.</summary>
    public static string Html(string text)
    {
        var html = new StringBuilder();
        bool inList = false, inParagraph = false;
        foreach (string line in text.Split('\n'))
        {
            bool item = line.StartsWith("- ", StringComparison.Ordinal), heading = line.StartsWith("# ", StringComparison.Ordinal);
            if (inParagraph && (item || heading || line.Length == 0)) html.Append("</p>");
            if (inList && !item) html.Append("</ul>");
            if (item) html.Append(inList ? "" : "<ul>").Append("<li>").Append(Text(line[2..])).Append("</li>");
            else if (heading) html.Append("<h2>").Append(Text(line[2..])).Append("</h2>");
            else if (line.Length > 0) html.Append(inParagraph ? "<br>" : "<p>").Append(Text(line));
            (inList, inParagraph) = (item, !item && !heading && line.Length > 0);
        }
        return html.Append(inParagraph ? "</p>" : "").Append(inList ? "</ul>" : "").ToString();
    }

    /// <summary>The notice as a document that needs nothing else, for the printer.</summary>
    /// <param name="typeface">Style rules that bring a typeface as data; empty: the browser's own.</param>
    public static string Document(string language, OperatorRow from, string subject, string text, string number, string typeface) => new StringBuilder()
        .Append("<!doctype html><html lang=\"").Append(Text(language)).Append("\"><head><meta charset=\"utf-8\"><title>").Append(Text(subject)).Append("</title><style>").Append(typeface).Append(Style).Append("</style></head><body>")
        .Append("<header><p><strong>").Append(Text(from.Name)).Append("</strong></p><p>").Append(Text(NoticeLiquid.OneLine(from.Address))).Append("</p></header>")
        .Append("<h1>").Append(Text(subject)).Append("</h1>").Append(Html(text)).Append("<footer>").Append(Text(number)).Append("</footer></body></html>").ToString();

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
