using System.Globalization;
using System.Text;
using Touchstone.Crawling.Text;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Weekly;

/// <summary>One message on what a week or a day brought, instead of one a hit: numbers, and the most probable offers of each sort.</summary>
internal static class DigestMail
{
    /// <summary>Offers of a sort that are named; the list in the console has all.</summary>
    public const int MostNamed = 15;

    private const int LongestLine = 160;

    private static readonly WeeklyStatus[] Told = [WeeklyStatus.New, WeeklyStatus.Returned, WeeklyStatus.Removed];

    /// <summary>Whether there is anything to tell: what is merely still there is none.</summary>
    public static bool HasNews(WeeklyReport report) => report.Lines.Any(l => Told.Contains(l.Status));

    public static OutboxMessage Write(DigestRow to, WeeklyReport report, TimeZoneInfo zone, string key)
    {
        string of = report.Market ?? "all markets";
        var body = new StringBuilder();
        DateTimeOffset from = TimeZoneInfo.ConvertTime(report.From, zone), last = TimeZoneInfo.ConvertTime(report.Until.AddTicks(-1), zone);
        body.Append(CultureInfo.InvariantCulture, $"What came from {from:yyyy-MM-dd} to {last:yyyy-MM-dd} ({zone.Id}), {of}:\r\n\r\n");
        foreach (WeeklyStatus status in Enum.GetValues<WeeklyStatus>())
            body.Append(CultureInfo.InvariantCulture, $"{NameOf(status),-14}{report.Lines.Count(l => l.Status == status),6}\r\n");
        foreach (WeeklyStatus status in Told)
        {
            WeeklyLine[] lines = [.. report.Lines.Where(l => l.Status == status)];
            if (lines.Length == 0) continue;
            body.Append($"\r\n{NameOf(status)}\r\n");
            foreach (WeeklyLine line in lines.Take(MostNamed)) body.Append($"- {Say(line)}\r\n  {OneLine(line.Url)}\r\n");
            if (lines.Length > MostNamed) body.Append(CultureInfo.InvariantCulture, $"  and {lines.Length - MostNamed} more\r\n");
        }
        if (report.IsCut) body.Append(CultureInfo.InvariantCulture, $"\r\nOf some sort there are more than {WeeklyList.MostOfStatus}; the most probable are counted.\r\n");
        body.Append("\r\nA picture can only match; a person decides. The whole list, as a page, CSV and JSON, is in the console under \"Weekly list\", where this message is also ended.\r\n");
        return new OutboxMessage(OutboxKind.Email, to.Address, $"Touchstone: what came, {report.Week}, {of}", body.ToString(), key);
    }

    private static string Say(WeeklyLine line)
    {
        string what = OneLine($"{line.Name ?? line.Shop} as {line.ReferenceTitle}");
        string days = line.Days is { } n && line.Status == WeeklyStatus.Returned ? string.Create(CultureInfo.InvariantCulture, $", returned after {n} days") : "";
        string file = line.CaseId is { } id ? string.Create(CultureInfo.InvariantCulture, $", case {id}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"hit {line.HitId}: {what}, {new Probability(line.Probability)}{days}{file}");
    }

    private static string NameOf(WeeklyStatus status) => status switch
    {
        WeeklyStatus.New => "New",
        WeeklyStatus.Returned => "Returned",
        WeeklyStatus.Removed => "Removed",
        _ => "Still online",
    };

    private static string OneLine(string text)
    {
        string line = new([.. text.Select(x => char.IsControl(x) ? ' ' : x)]);
        return line.Length <= LongestLine ? line.Trim() : $"{WholeCharacters.Cut(line, LongestLine).Trim()}…";
    }
}
