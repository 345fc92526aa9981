using System.Globalization;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Console.Layout;

/// <summary>The console's words for the product's states: one word per idea.</summary>
internal static class Words
{
    public static string Of(Relation relation) => relation switch
    {
        Relation.SameImage => "same image",
        Relation.SameProduct => "same product",
        Relation.SameDesign => "same design",
        Relation.MarkPresent => "mark present",
        Relation.SameIdentifier => "same identifier",
        _ => relation.ToString(),
    };

    public static string Explain(Relation relation) => relation switch
    {
        Relation.SameImage => "An edited copy of the reference image.",
        Relation.SameProduct => "Another photo of the same product.",
        Relation.SameDesign => "A look-alike shape.",
        Relation.MarkPresent => "The mark is on the thing shown.",
        Relation.SameIdentifier => "GTIN, or brand and model, agree.",
        _ => relation.ToString(),
    };

    public static string Of(Verdict verdict) => verdict switch { Verdict.NoMatch => "no match", _ => verdict.ToString().ToLowerInvariant() };

    public static string Of(HitState state) => state switch { HitState.New => "undecided", _ => state.ToString().ToLowerInvariant() };

    public static string Of(CaseState state) => state switch { CaseState.AwaitingReply => "awaiting reply", _ => state.ToString().ToLowerInvariant() };

    public static string Of(RunState state) => state.ToString().ToLowerInvariant();

    public static string Of(FrontierState state) => state.ToString().ToLowerInvariant();

    public static string Of(ReferenceKind kind) => kind switch { ReferenceKind.GenuineProduct => "genuine product", ReferenceKind.KnownFake => "known fake", ReferenceKind.SearchedPicture => "searched picture", _ => kind.ToString().ToLowerInvariant() };

    public static string Of(UndeterminedReason reason) => reason switch
    {
        UndeterminedReason.NoImage => "the listing shows no picture",
        UndeterminedReason.ImageNotFetched => "no picture could be fetched",
        UndeterminedReason.ImageNotDecoded => "no picture could be decoded",
        UndeterminedReason.NothingToCompare => "there is nothing to compare with",
        UndeterminedReason.ImagesLeftUnread => "there are more pictures than are read of one listing",
        UndeterminedReason.ImageFeatureless => "the picture shows too little to compare",
        UndeterminedReason.IndexNotReady => "the index was not ready",
        UndeterminedReason.ModelMismatch => "the index held another model's embeddings",
        UndeterminedReason.NoProfile => "no calibration profile fits the model",
        UndeterminedReason.StageFailed => "a required stage failed",
        _ => reason.ToString(),
    };

    /// <summary>The colour class of a state: what needs a person is warm, what is done is quiet.</summary>
    public static string Tone(Enum state) => state switch
    {
        HitState.Confirmed or Verdict.Match or RunState.Failed or OutboxState.Dead or FrontierState.Failed => "danger",
        Verdict.Review or CaseState.AwaitingReply or HitState.New or RunState.Cancelled or Verdict.Undetermined => "warn",
        RunState.Running or RunState.Queued or CaseState.Open or CaseState.Watching => "info",
        RunState.Finished or Verdict.NoMatch or OutboxState.Delivered => "good",
        _ => "quiet",
    };

    /// <summary>A count that ends where nobody reads the difference any more.</summary>
    public static string Bounded(int count) => count < BoundedCounting.Most ? Number(count) : $"{Number(count)}+";

    public static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Price(decimal? price, string? currency) =>
        price is null ? "no price stated" : string.Create(CultureInfo.InvariantCulture, $"{price:0.00} {currency}").TrimEnd();

    /// <summary>A count with its word, such as <c>1 case</c> or <c>2 cases</c>.</summary>
    public static string Count(int value, string one, string? many = null) => $"{Number(value)} {(value == 1 ? one : many ?? one + "s")}";

    public static string Host(string url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) ? uri.Authority : url;

    public static IReadOnlyList<string> Lines(string? text) => text is null ? [] : text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
