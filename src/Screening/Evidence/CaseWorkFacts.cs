using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

// What the JSON parts of a bundle say of the work on the case. A part that is named is in the bundle, unless the manifest says why it is not.
internal sealed record ClockFacts(long Id, ClockKind Kind, string? What, string? Country, DateTimeOffset StartedAt, string StartedBy, DateTimeOffset DueAt, DateTimeOffset? MetAt, string? MetBy, string? How, bool EndedWithCase)
{
    public static ClockFacts Of(CaseClockRow x) => new(x.Id, x.Kind, x.What, x.Country, x.StartedAt, x.StartedBy, x.DueAt, x.MetAt, x.MetBy, x.How, x.EndedWithCase);
}

/// <summary>A sample from its order to its result; <c>ReportPart</c>: the laboratory's report.</summary>
internal sealed record SampleFacts(
    long Id, SampleState State, string Supplier, string? Link, int Quantity, decimal? Price, string? Currency, string OrderedBy, DateTimeOffset OrderedAt, DateOnly? ExpectedOn, DateTimeOffset? ReceivedAt,
    string? Laboratory, DateTimeOffset? SentAt, DateTimeOffset? ResultAt, string? Risk, string? Standard, string? Note, long? ReportId, string? ReportPart)
{
    public static SampleFacts Of(SampleRow x) => new(
        x.Id, x.State, x.Supplier, x.Link, x.Quantity, x.Price, x.Currency, x.OrderedBy, x.OrderedAt, x.ExpectedOn, x.ReceivedAt, x.Laboratory, x.SentAt, x.ResultAt, x.Risk, x.Standard, x.Note, x.ReportId,
        x.Report is null ? null : AttachmentFacts.PartOf(x.Report));
}

internal sealed record AttachmentFacts(long Id, string Name, string MediaType, long Bytes, string Sha256, string AddedBy, DateTimeOffset AddedAt, string Part)
{
    public static AttachmentFacts Of(AttachmentRow x) => new(x.Id, x.Name, x.MediaType, x.Bytes, x.Sha256, x.AddedBy, x.AddedAt, PartOf(x));

    /// <summary>By its hash and what its bytes are: a name is what somebody typed.</summary>
    public static string PartOf(AttachmentRow x) => $"attachments/{x.Sha256}{x.MediaType switch { "application/pdf" => ".pdf", "image/jpeg" => ".jpg", "image/png" => ".png", "image/webp" => ".webp", "text/plain" => ".txt", _ => ".bin" }}";
}

/// <summary>A notice as it was sent. <c>Text</c> lacks the secret part of its reply link. <c>Delivery</c>: what became of the message that carried it.</summary>
internal sealed record NoticeFacts(
    long Id, NoticeKind Kind, string Language, NoticeWay Way, string? Recipient, string? RecipientName, string? LegalBasis, string? Redress, string? Territory, string? Measure, bool GoodFaith, DateOnly? RespondBy,
    string CreatedBy, DateTimeOffset CreatedAt, string? SentBy, DateTimeOffset? SentAt, string? Subject, string Text, string? PdfSha256, string? PdfPart, string? PdfProblem, int TemplateVersion, string? TemplateHash,
    DeliveryFacts? Delivery, IReadOnlyList<NoticeLinkFacts> Links, IReadOnlyList<ReplyFacts> Replies)
{
    public static NoticeFacts Of(NoticeRow x, OutboxRow? message) => new(
        x.Id, x.Kind, x.Language, x.Way, x.Recipient, x.RecipientName, x.LegalBasis, x.Redress, x.Territory, x.Measure, x.GoodFaith, x.RespondBy, x.CreatedBy, x.CreatedAt, x.SentBy, x.SentAt, x.Subject,
        NoticeSecret.Without(x.Text), x.PdfSha256, x.PdfSha256 is null ? null : PdfPartOf(x), x.PdfProblem, x.TemplateVersion, x.TemplateHash,
        message is null ? null : new DeliveryFacts(message.Kind, message.State, message.Attempts, message.CreatedAt, message.DeliveredAt, message.Answer, message.LastError),
        [.. x.Links.OrderBy(l => l.Id).Select(NoticeLinkFacts.Of)], [.. x.Replies.OrderBy(r => r.Id).Select(ReplyFacts.Of)]);

    public static string PdfPartOf(NoticeRow x) => $"notices/{x.Id}.pdf";
}

internal sealed record DeliveryFacts(string Kind, OutboxState State, int Attempts, DateTimeOffset QueuedAt, DateTimeOffset? DeliveredAt, string? Answer, string? LastError);

internal sealed record NoticeLinkFacts(long HitId, string Url, IReadOnlyList<OutcomeFacts> Checks)
{
    public static NoticeLinkFacts Of(NoticeLinkRow x) => new(x.HitId, x.Url, [.. x.Checks.OrderBy(c => c.Id).Select(OutcomeFacts.Of)]);
}

/// <summary>A look at a link after the notice; <c>ExchangePart</c>: request and answer as they went over the wire.</summary>
internal sealed record OutcomeFacts(DateTimeOffset At, SeenOutcome Seen, string Detail, int Status, string FinalUrl, string? ExchangePart)
{
    public static OutcomeFacts Of(OutcomeCheckRow x) => new(x.At, x.Seen, x.Detail, x.Status, x.FinalUrl, x.ExchangeSha256 is { } sha256 ? PartOf(sha256) : null);

    public static string PartOf(string sha256) => $"checks/{sha256}.bin";
}

internal sealed record ReplyFacts(
    long Id, ReplyKind Kind, string Text, string? Email, DateTimeOffset At, string? AttachmentName, string? AttachmentSha256, string? AttachmentPart, bool? Upheld, string? DecidedBy, DateTimeOffset? DecidedAt, string? Decision)
{
    public static ReplyFacts Of(NoticeReplyRow x) => new(
        x.Id, x.Kind, x.Text, x.Email, x.At, x.AttachmentName, x.AttachmentSha256, x.AttachmentSha256 is { } sha256 ? PartOf(sha256) : null, x.Upheld, x.DecidedBy, x.DecidedAt, x.Decision);

    // Whatever a stranger sent: no ending lets a program run it.
    public static string PartOf(string sha256) => $"replies/{sha256}.bin";
}

/// <summary>A removed offer that is watched for, and what came back.</summary>
internal sealed record WatchFacts(
    long Id, long HitId, long ListingId, long ReferenceId, long ObservationId, string? Title, string? Seller, DateTimeOffset RemovedAt, string Because, string StartedBy, DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt, string? EndedBy, string? EndedBecause, IReadOnlyList<ReturnFacts> Returns)
{
    public static WatchFacts Of(WatchRow x, IEnumerable<ReturnRow> returns, IReadOnlyDictionary<long, ObservationRow> seen) => new(
        x.Id, x.HitId, x.ListingId, x.ReferenceId, x.ObservationId, x.Title, x.Seller, x.RemovedAt, x.Because, x.StartedBy, x.StartedAt, x.EndedAt, x.EndedBy, x.EndedBecause,
        [.. returns.Select(r => ReturnFacts.Of(r, seen.GetValueOrDefault(r.ObservationId)))]);
}

internal sealed record ReturnFacts(
    long Id, ReturnSign Sign, double? Probability, long? HitId, DateTimeOffset ReturnedAt, int Days, string? ImageSha256, string? WatchImageSha256, string? DismissedBy, DateTimeOffset? DismissedAt, string? DismissedBecause,
    ObservationFacts? Observation)
{
    public static ReturnFacts Of(ReturnRow x, ObservationRow? seen) => new(
        x.Id, x.Sign, x.Probability, x.HitId, x.ReturnedAt, x.Days, x.ImageSha256, x.WatchImageSha256, x.DismissedBy, x.DismissedAt, x.DismissedBecause, seen is null ? null : ObservationFacts.Of(seen));
}
