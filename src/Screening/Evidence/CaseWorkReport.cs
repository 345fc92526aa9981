using System.Globalization;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>What the report says of the work on the case, as headings with lines. Pure.</summary>
internal static class CaseWorkReport
{
    public static IEnumerable<(string Heading, IReadOnlyList<string> Lines)> Of(CaseWork work)
    {
        if (work.Clocks.Count > 0) yield return ("Deadlines", [.. work.Clocks.Select(Of)]);
        if (work.Samples.Count > 0) yield return ("Samples and their results", [.. work.Samples.Select(Of)]);
        if (work.Attachments.Count > 0) yield return ("Files of the case", [.. work.Attachments.Select(x => $"{x.Name}, {x.Bytes} bytes, added by {x.AddedBy} {Instant(x.AddedAt)}: {AttachmentFacts.PartOf(x)}")]);
        foreach (NoticeRow notice in work.Notices)
            yield return ($"Notice {notice.Id}: {notice.Subject}", [.. LinesOf(notice, notice.OutboxId is { } id ? work.Messages.GetValueOrDefault(id) : null)]);
        foreach (WatchRow watch in work.Watches)
            yield return ($"Watched for since the offer of hit {watch.HitId} is gone", [.. LinesOf(watch, [.. work.Returns.Where(x => x.WatchId == watch.Id)], work)]);
    }

    private static string Of(CaseClockRow x) =>
        $"{x.What ?? x.Kind.ToString()}: from {Instant(x.StartedAt)} to {Instant(x.DueAt)}{(x.Country is null ? "" : $", working days of {x.Country}")}; {StandingOf(x)}";

    private static string StandingOf(CaseClockRow x)
    {
        if (x.MetAt is not { } at) return "not met";
        return x.EndedWithCase ? $"not met before {x.MetBy} ended the case {Instant(at)}" : $"met {Instant(at)} by {x.MetBy}{(x.How is null ? "" : $" ({x.How})")}";
    }

    private static string Of(SampleRow x) => string.Join(", ", new[]
    {
        $"Sample {x.Id} of {x.Supplier}: {x.State}", x.Link, x.Price is { } price ? string.Create(CultureInfo.InvariantCulture, $"{x.Quantity} for {price:0.##} {x.Currency}").TrimEnd() : x.Quantity.ToString(CultureInfo.InvariantCulture),
        $"ordered {Instant(x.OrderedAt)} by {x.OrderedBy}", x.ReceivedAt is { } received ? $"received {Instant(received)}" : null, x.SentAt is { } sent ? $"sent {Instant(sent)} to {x.Laboratory}" : null,
        x.ResultAt is { } result ? $"result {Instant(result)}" : null, x.Standard is null ? null : $"tested by {x.Standard}", x.Risk is null ? null : $"risk: {x.Risk}",
        x.Report is null ? null : $"report {AttachmentFacts.PartOf(x.Report)}", x.Note,
    }.OfType<string>());

    private static IEnumerable<string> LinesOf(NoticeRow x, OutboxRow? message)
    {
        yield return $"{x.Kind} to {string.Join(", ", new[] { x.RecipientName, x.Recipient }.OfType<string>())}, sent {(x.SentAt is { } at ? Instant(at) : "")} by {x.SentBy}";
        if (message is not null) yield return $"{message.Kind}: {message.State}{(message.DeliveredAt is { } delivered ? $" {Instant(delivered)}" : "")}{(message.Answer is null ? "" : $", the server answered: {message.Answer}")}";
        if (x.RespondBy is { } by) yield return $"An answer was asked for by {by.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        yield return x.PdfSha256 is { } pdf ? $"As printed: {NoticeFacts.PdfPartOf(x)}, SHA-256 {pdf}" : $"Not printed: {x.PdfProblem}";
        foreach (NoticeLinkRow link in x.Links.OrderBy(l => l.Id))
        {
            yield return $"Link of hit {link.HitId}: {link.Url}";
            foreach (OutcomeCheckRow check in link.Checks.OrderBy(c => c.Id)) yield return $"Looked at {Instant(check.At)}: {check.Seen}, {check.Detail}{(check.Status > 0 ? $" (HTTP {check.Status})" : "")}";
        }
        foreach (NoticeReplyRow reply in x.Replies.OrderBy(r => r.Id))
        {
            yield return $"Reply {Instant(reply.At)}, {reply.Kind}: {reply.Text}{(reply.AttachmentSha256 is { } file ? $" ({reply.AttachmentName}: {ReplyFacts.PartOf(file)})" : "")}";
            if (reply.Upheld is { } upheld) yield return $"Decided {(reply.DecidedAt is { } decided ? Instant(decided) : "")} by {reply.DecidedBy}: the notice {(upheld ? "stands" : "does not stand")}. {reply.Decision}";
        }
    }

    private static IEnumerable<string> LinesOf(WatchRow x, IReadOnlyList<ReturnRow> returns, CaseWork work)
    {
        yield return $"Since {Instant(x.RemovedAt)}: {x.Because}, said by {x.StartedBy} {Instant(x.StartedAt)}";
        if (x.EndedAt is { } ended) yield return $"Ended {Instant(ended)} by {x.EndedBy}: {x.EndedBecause}";
        foreach (ReturnRow back in returns)
            yield return $"Back {Instant(back.ReturnedAt)}, after {back.Days} days, by {back.Sign}{(back.Probability is { } probability ? $" ({probability.ToString("P1", CultureInfo.InvariantCulture)})" : "")}: {work.Returned.GetValueOrDefault(back.ObservationId)?.Listing?.Url}{(back.DismissedBy is null ? "" : $"; {back.DismissedBy} said that it is none: {back.DismissedBecause}")}";
        if (returns.Count == 0) yield return "Nothing came back so far";
    }

    private static string Instant(DateTimeOffset at) => FormattableString.Invariant($"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
}
