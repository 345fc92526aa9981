using System.Globalization;
using Touchstone.Crawling.Frontier;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Security;
using Touchstone.Vision.Imaging;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Layout;

/// <summary>The console's words for the product's states: one word per idea, in the language of the request.</summary>
internal static class Words
{
    /// <summary>A country's code as people type it, in capitals; null: nothing was typed.</summary>
    public static string? CountryCode(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim().ToUpperInvariant();

    public static string Of(Relation relation) => relation switch
    {
        Relation.SameImage => T("same image"),
        Relation.SameProduct => T("same product"),
        Relation.SameDesign => T("same design"),
        Relation.MarkPresent => T("mark present"),
        Relation.SameIdentifier => T("same identifier"),
        _ => throw Unknown(relation),
    };

    public static string Explain(Relation relation) => relation switch
    {
        Relation.SameImage => T("An edited copy of the reference image."),
        Relation.SameProduct => T("Another photo of the same product."),
        Relation.SameDesign => T("A look-alike shape."),
        Relation.MarkPresent => T("The mark is on the thing shown."),
        Relation.SameIdentifier => T("GTIN, or brand and model, agree."),
        _ => throw Unknown(relation),
    };

    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Match => T("match"),
        Verdict.Review => T("review"),
        Verdict.NoMatch => T("no match"),
        Verdict.Undetermined => T("undetermined"),
        _ => throw Unknown(verdict),
    };

    public static string Of(HitState state) => state switch
    {
        HitState.New => T("undecided"),
        HitState.Confirmed => T("confirmed"),
        HitState.Rejected => T("rejected"),
        _ => throw Unknown(state),
    };

    public static string Of(CaseState state) => state switch
    {
        CaseState.New => T("new"),
        CaseState.Triage => T("in triage"),
        CaseState.SampleOrdered => T("sample ordered"),
        CaseState.AwaitingResult => T("awaiting result"),
        CaseState.Action => T("in action"),
        CaseState.Closed => T("closed"),
        CaseState.Rejected => T("rejected"),
        CaseState.Reopened => T("re-opened"),
        _ => throw Unknown(state),
    };

    /// <summary>What a button says that moves a case there.</summary>
    public static string StepTo(CaseState state) => state switch
    {
        CaseState.New => T("Put it back as new"),
        CaseState.Triage => T("To triage"),
        CaseState.Action => T("To action"),
        CaseState.Rejected => T("Reject the case"),
        CaseState.Reopened => T("Reopen"),
        _ => Of(state),
    };

    public static string Of(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.OffersRemoved => T("offers removed"),
        CaseOutcome.ProductWithdrawn => T("product withdrawn"),
        CaseOutcome.Referred => T("referred to others"),
        CaseOutcome.NoViolation => T("no violation"),
        CaseOutcome.NotPursued => T("not pursued"),
        CaseOutcome.Merged => T("merged into another case"),
        _ => throw Unknown(outcome),
    };

    public static string Of(RunState state) => state switch
    {
        RunState.Queued => T("queued"),
        RunState.Running => T("running"),
        RunState.Paused => T("paused"),
        RunState.Finished => T("finished"),
        RunState.Failed => T("failed"),
        RunState.Cancelled => T("cancelled"),
        _ => throw Unknown(state),
    };

    public static string Of(ReferenceKind kind) => kind switch
    {
        ReferenceKind.Alert => T("alert"),
        ReferenceKind.Design => T("design"),
        ReferenceKind.Mark => T("mark"),
        ReferenceKind.GenuineProduct => T("genuine product"),
        ReferenceKind.KnownFake => T("known fake"),
        ReferenceKind.SearchedPicture => T("searched picture"),
        _ => throw Unknown(kind),
    };

    public static string Of(AccountRole role) => role switch
    {
        AccountRole.Gate => T("listing gate only"),
        AccountRole.Feed => T("block list only"),
        AccountRole.Viewer => T("viewer"),
        AccountRole.Caseworker => T("caseworker"),
        AccountRole.Administrator => T("administrator"),
        _ => throw Unknown(role),
    };

    public static string Of(UndeterminedReason reason) => reason switch
    {
        UndeterminedReason.NoImage => T("the listing shows no picture"),
        UndeterminedReason.ImageNotFetched => T("no picture could be fetched"),
        UndeterminedReason.ImageNotDecoded => T("no file could be read as a picture"),
        UndeterminedReason.NothingToCompare => T("there is nothing to compare with"),
        UndeterminedReason.ImagesLeftUnread => T("there are more pictures than are read of one listing"),
        UndeterminedReason.ImageFeatureless => T("the picture shows too little to compare"),
        UndeterminedReason.IndexNotReady => T("the index was not ready"),
        UndeterminedReason.ModelMismatch => T("the index held another model's embeddings"),
        UndeterminedReason.NoProfile => T("no calibration profile fits the model"),
        UndeterminedReason.StageFailed => T("a required stage failed"),
        _ => throw Unknown(reason),
    };

    public static string Of(DecodeFailure failure) => failure switch
    {
        DecodeFailure.Empty => T("the file is empty"),
        DecodeFailure.UnsupportedFormat => T("the file is no picture in a format that is read"),
        DecodeFailure.TooManyBytes => T("the file is too large"),
        DecodeFailure.TooManyPixels => T("the picture has too many pixels"),
        DecodeFailure.TooManyFrames => T("the picture has too many frames"),
        DecodeFailure.TimedOut => T("reading the picture took too long"),
        DecodeFailure.TooMuchMemory => T("reading the picture took too much memory"),
        DecodeFailure.EndedProcesses => T("the program that read the picture ended twice over it"),
        DecodeFailure.Corrupt => T("the picture is damaged"),
        _ => throw Unknown(failure),
    };

    /// <summary>Why a picture is not read, without a full stop, of what is stored with it: a failure's name and its detail, or a sentence.</summary>
    public static string WhyUnread(string? failure) =>
        failure?.Split(':', 2) is [var name, _] && Enum.TryParse(name, out DecodeFailure code) && Enum.IsDefined(code) ? Of(code) : CoreSentences.Say(failure).TrimEnd('.');

    /// <summary>The formats of pictures that are read.</summary>
    public static string PictureFormats => T("Pictures are read as JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP or ICO.");

    /// <summary>Words that begin a sentence.</summary>
    public static string Sentence(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    /// <summary>The colour class of a state: a match has its own colour, red is only what is broken, amber waits for a person.</summary>
    public static string Tone(Enum state) => state switch
    {
        HitState.Confirmed or Verdict.Match => "match",
        RunState.Failed or OutboxState.Dead or FrontierState.Failed => "danger",
        Verdict.Review or CaseState.SampleOrdered or CaseState.AwaitingResult or CaseState.Reopened or HitState.New or RunState.Paused or RunState.Cancelled or Verdict.Undetermined => "warn",
        RunState.Running or RunState.Queued or CaseState.New or CaseState.Triage or CaseState.Action => "info",
        RunState.Finished or Verdict.NoMatch or OutboxState.Delivered => "good",
        _ => "quiet",
    };

    /// <summary>A count that ends where nobody reads the difference any more.</summary>
    public static string Bounded(int count) => count < BoundedCounting.Most ? Number(count) : $"{Number(count)}+";

    public static string Number(int value) => value.ToString("N0", ConsoleLanguage.Current.Culture);

    /// <summary>A probability, 0..1, for people: none is certain, so none reads 0 or 100.</summary>
    public static string Percent(double value) =>
        value > 0.99 ? "> 99 %" : value < 0.01 ? "< 1 %" : string.Create(CultureInfo.InvariantCulture, $"{value * 100:0} %");

    /// <summary>A probability that something begins from, 0..1, to a tenth; it reads neither 0 nor 100 either.</summary>
    public static string FinePercent(double value) =>
        value > 0.999 ? "> 99.9 %" : value < 0.001 ? "< 0.1 %" : string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.0} %");

    public static string Price(decimal? price, string? currency) =>
        price is null ? T("no price stated") : string.Create(ConsoleLanguage.Current.Culture, $"{price:0.00} {currency}").TrimEnd();

    public static string Host(string url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) ? uri.Authority : url;

    /// <summary>Whether an address may be a link: a listing that only a marketplace's gate was told of has none.</summary>
    public static bool IsWeb(string url) => url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    public static IReadOnlyList<string> Lines(string? text) => text is null ? [] : text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Exception Unknown(Enum value) => new ArgumentOutOfRangeException(nameof(value), value, "There is no word for it.");
}
