using System.Text.Json;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

// What the JSON parts of a bundle say. Field names are part of the format: they change with EvidenceManifest.CurrentFormat only.
internal sealed record CaseFacts(
    long Id, string Title, CaseState State, string? Outcome, string? Market, string OpenedBy, DateTimeOffset OpenedAt, string? AssignedTo, DateTimeOffset? DueAt, DateTimeOffset? ClosedAt,
    IReadOnlyList<EventFacts> History)
{
    public static CaseFacts Of(CaseRow row) => new(
        row.Id, row.Title, row.State, row.Outcome, row.Market, row.OpenedBy, row.OpenedAt, row.AssignedTo, row.DueAt, row.ClosedAt,
        [.. row.Events.OrderBy(x => x.Id).Select(x => new EventFacts(x.At, x.Actor, x.Kind, x.Text))]);
}

internal sealed record EventFacts(DateTimeOffset At, string Actor, string Kind, string? Text);

internal sealed record HitFacts(
    long Id, Relation Relation, double Probability, Verdict Verdict, DateTimeOffset FoundAt, HitState State, string? DecidedBy, DateTimeOffset? DecidedAt, string? Note,
    string? ReopenedBecause, ObservationFacts? Observation, CaptureFacts? Capture, ReferenceFacts? Reference, MatchFacts? Match, IReadOnlyList<DecisionFacts> Decisions)
{
    public static HitFacts Of(HitRow row, CaptureRow? capture) => new(
        row.Id, row.Relation, row.Probability, row.Verdict, row.FoundAt, row.State, row.DecidedBy, row.DecidedAt, row.Note, row.ReopenedBecause,
        row.Match?.Screening?.Observation is { } seen ? ObservationFacts.Of(seen) : null, capture is null ? null : CaptureFacts.Of(capture),
        row.Reference is null ? null : ReferenceFacts.Of(row.Reference), row.Match is null ? null : MatchFacts.Of(row.Match),
        [.. row.Decisions.OrderBy(x => x.Id).Select(DecisionFacts.Of)]);
}

/// <summary>What was said of a hit; <c>MatchId</c> tells whether it was said of the match that is shown.</summary>
internal sealed record DecisionFacts(DateTimeOffset At, string By, HitState State, string? Note, long MatchId, RejectReason? Reason, long Id, long? TakesBackId)
{
    public static DecisionFacts Of(HitDecisionRow row) => new(row.DecidedAt, row.DecidedBy, row.State, row.Note, row.MatchId, row.Reason, row.Id, row.TakesBackId);
}

/// <summary>What was seen at the listing's URL when the match was made.</summary>
internal sealed record ObservationFacts(
    long Id, int Number, string Url, string? Shop, string? Name, decimal? Price, string? Currency, string? Availability, string? Brand, string? Gtin, string? Mpn, string? Sku, string? Seller, string? Description,
    DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, string ContentHash, string? PageSha256, bool PageRendered, IReadOnlyList<PictureFacts> Pictures, IReadOnlyList<ExchangeFacts> Exchanges,
    IReadOnlyList<VariantFacts> Variants, int VariantsFound, IReadOnlyList<SafetyStatement> Safety)
{
    public static ObservationFacts Of(ObservationRow row) => new(
        row.Id, row.Number, row.Listing!.Url, row.Listing.Shop?.Host, row.Name, row.Price, row.Currency, row.Availability?.ToString(), row.Brand, row.Gtin, row.Mpn, row.Sku, row.Seller, row.Description, row.FirstSeenAt, row.LastSeenAt,
        row.ContentHash, row.PageSha256, row.PageRendered, [.. row.Images.OrderBy(x => x.Position).Select(x => new PictureFacts(x.Url, x.ImageSha256, x.Failure))],
        [.. row.Exchanges.OrderBy(x => x.Position).Select(ExchangeFacts.Of)], [.. row.Variants.OrderBy(x => x.Position).Select(VariantFacts.Of)], row.VariantsFound, SafetyColumn.Read(row));
}

/// <summary>A form in which the listing offered its product.</summary>
internal sealed record VariantFacts(string? Name, string? Sku, string? Gtin, string? Mpn, decimal? Price, string? Currency, string? Availability, string? ImageUrl)
{
    public static VariantFacts Of(ObservationVariantRow row) => new(row.Name, row.Sku, row.Gtin, row.Mpn, row.Price, row.Currency, row.Availability?.ToString(), row.ImageUrl);
}

/// <summary>A request with its answer; <c>HeadPart</c> holds both heads byte for byte, and <c>BodyPart</c> the body before it was unpacked.</summary>
internal sealed record ExchangeFacts(string Url, int Status, bool IsResource, string? Address, DateTimeOffset AskedAt, DateTimeOffset EndedAt, bool IsWhole, IReadOnlyList<HttpField> ResponseHeaders, string HeadPart, string? BodyPart)
{
    public static ExchangeFacts Of(ObservationExchangeRow row)
    {
        var exchange = new FetchExchange { Url = row.Url, RequestHead = row.RequestHead, ResponseHead = row.ResponseHead, AskedAt = row.AskedAt, EndedAt = row.EndedAt };
        return new(row.Url, exchange.Status, row.IsResource, row.Address, row.AskedAt, row.EndedAt, row.IsWhole, exchange.ResponseHeaders, HeadPartOf(row), row.BodySha256 is { } body ? BodyPartOf(body) : null);
    }

    public static string HeadPartOf(ObservationExchangeRow row) => $"exchanges/{row.ObservationId}-{row.Position}.txt";

    public static string BodyPartOf(string sha256) => $"exchanges/{sha256}.bin";
}

internal sealed record PictureFacts(string? Url, string? Sha256, string? Failure);

internal sealed record CaptureFacts(long Id, string Sha256, string TakenBy, DateTimeOffset TakenAt, string? Place, string? Note)
{
    public static CaptureFacts Of(CaptureRow row) => new(row.Id, row.ImageSha256, row.TakenBy, row.TakenAt, row.Place, row.Note);
}

internal sealed record ReferenceFacts(
    long Id, string? Register, string ExternalId, ReferenceKind Kind, string Title, string? Brand, string? Model, string? Danger, string? Measures, string? RightHolder, string? Territory,
    DateOnly? ExpiresOn, string? SourceUrl, string RawPart, IReadOnlyList<PictureFacts> Pictures)
{
    public static ReferenceFacts Of(ReferenceRow row) => new(
        row.Id, row.Register?.Name, row.ExternalId, row.Kind, row.Title, row.Brand, row.Model, row.Danger, row.Measures, row.RightHolder, row.Territory, row.ExpiresOn, row.SourceUrl, RawPartOf(row),
        [.. row.Images.OrderBy(x => x.Position).ThenBy(x => x.Id).Select(x => new PictureFacts(x.SourceUrl, x.ImageSha256, x.Failure))]);

    public static string RawPartOf(ReferenceRow row) => $"references/{row.Id}.txt";
}

internal sealed record MatchFacts(
    long Id, string? ImageSha256, string? ReferenceImageSha256, string ModelId, string ProfileId, long GallerySequence, string GalleryFingerprint, DateTimeOffset ScreenedAt, JsonElement Signals)
{
    public static MatchFacts Of(MatchRow row) => new(
        row.Id, row.ImageSha256, row.ReferenceImageSha256, row.Screening!.ModelId, row.Screening.ProfileId, row.Screening.GallerySequence, row.Screening.GalleryFingerprint, row.Screening.ScreenedAt, JsonElement.Parse(row.Signals));
}

internal sealed record AuditFacts(long Id, DateTimeOffset At, string Actor, string Action, string Subject, string? Detail, string PreviousHash, string Hash)
{
    public static AuditFacts Of(AuditRow row) => new(row.Id, row.At, row.Actor, row.Action, row.Subject, row.Detail, row.PreviousHash, row.Hash);
}
