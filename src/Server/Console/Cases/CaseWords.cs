using System.Globalization;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Language;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Cases;

/// <summary>What happened in a case and how cases hang together, in the language of the request.</summary>
internal static class CaseWords
{
    /// <summary>A kind of <see cref="CaseEventKind"/>.</summary>
    public static string Of(string kind) => kind switch
    {
        CaseEventKind.Opened => T("Opened"),
        CaseEventKind.NoteAdded => T("Note"),
        CaseEventKind.HitAdded => T("Hit added"),
        CaseEventKind.HitReopened => T("Hit opened again"),
        CaseEventKind.Assigned => T("Assigned"),
        CaseEventKind.DueSet => T("Due date set"),
        CaseEventKind.StateChanged => T("State changed"),
        CaseEventKind.Decided => T("Decided"),
        CaseEventKind.Merged => T("Merged"),
        CaseEventKind.Unmerged => T("Merge taken back"),
        CaseEventKind.OwnerNotified => T("Owner notified"),
        CaseEventKind.MarketSet => T("Market set"),
        CaseEventKind.Claimed => T("Claimed"),
        CaseEventKind.ClockStarted => T("Deadline set"),
        CaseEventKind.ClockMet => T("Deadline met"),
        CaseEventKind.ClockEnded => T("Deadline ended with the case"),
        CaseEventKind.ClockRanOut => T("Deadline ran out"),
        CaseEventKind.SampleOrdered => T("Sample ordered"),
        CaseEventKind.SampleReceived => T("Sample arrived"),
        CaseEventKind.SampleSent => T("Sample sent to the laboratory"),
        CaseEventKind.SampleResult => T("Result of a sample"),
        CaseEventKind.SampleCancelled => T("Sample given up"),
        CaseEventKind.Attached => T("File attached"),
        CaseEventKind.NoticeSent => T("Notice sent"),
        CaseEventKind.NoticeReplied => T("Reply to a notice"),
        CaseEventKind.AppealDecided => T("Appeal decided"),
        CaseEventKind.LinkChecked => T("Link fetched again"),
        CaseEventKind.WatchStarted => T("Watch begun"),
        CaseEventKind.WatchEnded => T("Watch ended"),
        CaseEventKind.Returned => T("Returned"),
        _ => kind,
    };

    public static string Of(ClockKind kind) => kind switch
    {
        ClockKind.Order => T("Order"),
        ClockKind.Notice => T("Notice"),
        ClockKind.SampleResult => T("Sample"),
        _ => T("Own deadline"),
    };

    public static string Of(SampleState state) => state switch
    {
        SampleState.Ordered => T("ordered"),
        SampleState.Received => T("arrived"),
        SampleState.SentToLab => T("at the laboratory"),
        SampleState.Passed => T("passed"),
        SampleState.Failed => T("failed"),
        _ => T("given up"),
    };

    /// <summary>The colour class of a sample.</summary>
    public static string Tone(SampleState state) => state switch
    {
        SampleState.Failed => "danger",
        SampleState.Passed => "good",
        SampleState.Cancelled => "quiet",
        _ => "warn",
    };

    /// <summary>What is told of an event: the core's sentences in the reader's language, people's words and names as they are.</summary>
    public static string Text(CaseEventRow item) => item.Kind switch
    {
        CaseEventKind.NoteAdded or CaseEventKind.MarketSet or CaseEventKind.Attached => item.Text ?? "",
        CaseEventKind.SampleOrdered => Ordered(item.Text),
        CaseEventKind.ClockStarted or CaseEventKind.ClockMet or CaseEventKind.ClockEnded or CaseEventKind.ClockRanOut => Clock(item.Text),
        CaseEventKind.Assigned => Assignment(item.Text),
        CaseEventKind.Decided => Decision(item.Text),
        _ => CoreSentences.Say(item.Text),
    };

    /// <summary>An order of a sample, such as <c>2 from Nordic Basket</c>.</summary>
    private static string Ordered(string? text) => text?.Split(" from ", 2) is [var pieces, var supplier] && int.TryParse(pieces, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? Many(count, "{0} piece from {1}", "{0} pieces from {1}", supplier) : text ?? "";

    /// <summary>A decision on a hit, such as <c>Hit 8: New → Rejected: genuine, what the note says</c>: the reason is the core's, the note is a person's.</summary>
    public static string Decision(string? text)
    {
        int arrow = (text ?? "").IndexOf(" → ", StringComparison.Ordinal), why = arrow < 0 ? -1 : text!.IndexOf(": ", arrow, StringComparison.Ordinal);
        string said = why < 0 ? "" : text![(why + 2)..];
        string? word = Enum.GetValues<RejectReason>().Select(x => DecideHits.WordOf(x)).OfType<string>().FirstOrDefault(x => said == x || said.StartsWith($"{x}, ", StringComparison.Ordinal));
        return word is null ? CoreSentences.Say(text) : $"{CoreSentences.Say(text![..why])}: {ConsoleLanguage.Current.Translate(word)}{said[word.Length..]}";
    }

    /// <summary>What a clock runs for: a notice or a sample by the core's words, else a person's.</summary>
    public static string ClockFor(string what) => what.StartsWith("notice ", StringComparison.Ordinal) || what.StartsWith("sample ", StringComparison.Ordinal) ? CoreSentences.Say(what) : what;

    /// <summary>What met a clock: the end of its case, what became of a notice or a sample by the core's words, else a person's.</summary>
    public static string ClockMetBy(string? how) => how is CaseClockRow.WithTheCase or CaseClocks.OffersGone or CaseClocks.SampleArrived || how?.StartsWith("Notice ", StringComparison.Ordinal) == true ? CoreSentences.Say(how) : how ?? "";

    /// <summary>What is told of a clock, such as <c>Order (the shop), due 2026-05-18</c> or <c>Own (the shop): it answered</c>: the kind and the end are the core's, the rest may be a person's.</summary>
    private static string Clock(string? text)
    {
        string said = text ?? "";
        ClockKind? kind = Enum.GetValues<ClockKind>().Select(x => (ClockKind?)x).FirstOrDefault(x => said.StartsWith($"{x}", StringComparison.Ordinal));
        if (kind is null) return said;
        string rest = said[kind.ToString()!.Length..];
        int due = rest.LastIndexOf(", due ", StringComparison.Ordinal);
        if (due >= 0) return $"{Of(kind.Value)}{For(rest[..due])}, {T("due {0}", rest[(due + 6)..])}";
        int met = rest.StartsWith(": ", StringComparison.Ordinal) ? 0 : rest.IndexOf("): ", StringComparison.Ordinal) + 1;
        return met <= 0 && !rest.StartsWith(": ", StringComparison.Ordinal) ? Of(kind.Value) + rest : $"{Of(kind.Value)}{For(rest[..met])}: {ClockMetBy(rest[(met + 2)..])}";

        static string For(string what) => what is [' ', '(', .. var inner, ')'] ? $" ({ClockFor(inner)})" : what;
    }

    /// <summary>Who had a case and who has it, such as <c>nobody → anna</c>; names stay as they are.</summary>
    public static string Assignment(string? text) => string.Join(" → ", (text ?? "").Split(" → ").Select(x => x == "nobody" ? T("nobody") : x));

    /// <summary>What another case has in common with this one.</summary>
    public static string Relation(RelatedCase other) =>
        string.Join(", ", new[] { other.SameReference ? T("same reference") : null, other.SameShop ? T("same shop") : null, other.SameSeller ? T("same seller") : null }.OfType<string>());
}
