using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Layout;
using Touchstone.Vision.Imaging;

namespace Touchstone.Server.Console.Language;

/// <summary>
/// Sentences that the core makes in English, with values in them, and stores or hands out as they are: what speaks for a match, why a page was left out, why
/// a change was refused. They are recognised by their pattern and said in the language of the request. Safe for concurrent use.
/// </summary>
internal static partial class CoreSentences
{
    private static readonly Lazy<Pattern[]> Readers = new(static () => [.. CorePatterns.English.Where(x => x.Contains('{', StringComparison.Ordinal)).OrderByDescending(x => x.Length).Select(x => new Pattern(x))]);
    private static readonly FrozenSet<string> Fixed = CorePatterns.English.Where(x => !x.Contains('{', StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);

    // What the core calls a state inside of a sentence.
    private static readonly FrozenDictionary<string, Func<string>> States = new Dictionary<string, Func<string>>(StringComparer.Ordinal)
    {
        [nameof(DecodeFailure.Empty)] = static () => Words.Of(DecodeFailure.Empty),
        [nameof(DecodeFailure.UnsupportedFormat)] = static () => Words.Of(DecodeFailure.UnsupportedFormat),
        [nameof(DecodeFailure.TooManyBytes)] = static () => Words.Of(DecodeFailure.TooManyBytes),
        [nameof(DecodeFailure.TooManyPixels)] = static () => Words.Of(DecodeFailure.TooManyPixels),
        [nameof(DecodeFailure.TooManyFrames)] = static () => Words.Of(DecodeFailure.TooManyFrames),
        [nameof(DecodeFailure.TimedOut)] = static () => Words.Of(DecodeFailure.TimedOut),
        [nameof(DecodeFailure.TooMuchMemory)] = static () => Words.Of(DecodeFailure.TooMuchMemory),
        [nameof(DecodeFailure.EndedProcesses)] = static () => Words.Of(DecodeFailure.EndedProcesses),
        [nameof(DecodeFailure.Corrupt)] = static () => Words.Of(DecodeFailure.Corrupt),
        [nameof(HitState.New)] = static () => Words.Of(HitState.New),
        [nameof(HitState.Confirmed)] = static () => Words.Of(HitState.Confirmed),
        [nameof(HitState.Rejected)] = static () => Words.Of(HitState.Rejected),
        ["new"] = static () => Words.Of(CaseState.New),
        [nameof(CaseState.Triage)] = static () => Words.Of(CaseState.Triage),
        [nameof(CaseState.SampleOrdered)] = static () => Words.Of(CaseState.SampleOrdered),
        [nameof(CaseState.AwaitingResult)] = static () => Words.Of(CaseState.AwaitingResult),
        [nameof(CaseState.Action)] = static () => Words.Of(CaseState.Action),
        [nameof(CaseState.Reopened)] = static () => Words.Of(CaseState.Reopened),
        [nameof(SampleState.Ordered)] = static () => Cases.CaseWords.Of(SampleState.Ordered),
        [nameof(SampleState.Received)] = static () => Cases.CaseWords.Of(SampleState.Received),
        [nameof(SampleState.SentToLab)] = static () => Cases.CaseWords.Of(SampleState.SentToLab),
        [nameof(SampleState.Passed)] = static () => Cases.CaseWords.Of(SampleState.Passed),
        [nameof(ReplyKind.Removed)] = static () => Notices.NoticeWords.Of(ReplyKind.Removed),
        [nameof(ReplyKind.Explanation)] = static () => Notices.NoticeWords.Of(ReplyKind.Explanation),
        [nameof(ReplyKind.Refusal)] = static () => Notices.NoticeWords.Of(ReplyKind.Refusal),
        [nameof(ReplyKind.Appeal)] = static () => Notices.NoticeWords.Of(ReplyKind.Appeal),
        // States that cases had once; histories name them.
        ["Open"] = static () => Text.T("open"),
        ["AwaitingReply"] = static () => Text.T("awaiting reply"),
        ["Watching"] = static () => Text.T("watching"),
        [nameof(CaseState.Closed)] = static () => Words.Of(CaseState.Closed),
        [nameof(RunState.Queued)] = static () => Words.Of(RunState.Queued),
        [nameof(RunState.Running)] = static () => Words.Of(RunState.Running),
        [nameof(RunState.Finished)] = static () => Words.Of(RunState.Finished),
        [nameof(RunState.Failed)] = static () => Words.Of(RunState.Failed),
        [nameof(RunState.Paused)] = static () => Words.Of(RunState.Paused),
        [nameof(RunState.Cancelled)] = static () => Words.Of(RunState.Cancelled),
        [nameof(CaseOutcome.OffersRemoved)] = static () => Words.Of(CaseOutcome.OffersRemoved),
        [nameof(CaseOutcome.ProductWithdrawn)] = static () => Words.Of(CaseOutcome.ProductWithdrawn),
        [nameof(CaseOutcome.Referred)] = static () => Words.Of(CaseOutcome.Referred),
        [nameof(CaseOutcome.NoViolation)] = static () => Words.Of(CaseOutcome.NoViolation),
        [nameof(CaseOutcome.NotPursued)] = static () => Words.Of(CaseOutcome.NotPursued),
        [nameof(CaseOutcome.Merged)] = static () => Words.Of(CaseOutcome.Merged),
        [nameof(Relation.SameImage)] = static () => Words.Of(Relation.SameImage),
        [nameof(Relation.SameProduct)] = static () => Words.Of(Relation.SameProduct),
        [nameof(Relation.SameDesign)] = static () => Words.Of(Relation.SameDesign),
        [nameof(Relation.MarkPresent)] = static () => Words.Of(Relation.MarkPresent),
        [nameof(Relation.SameIdentifier)] = static () => Words.Of(Relation.SameIdentifier),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a sentence has a pattern.</summary>
    public static bool Knows(string sentence) => Fixed.Contains(sentence) || Readers.Value.Any(x => x.Fits(sentence));

    /// <summary>The core's sentence in the language of the request; as it is where it has no pattern. What people wrote is not to be given: it may read like one.</summary>
    public static string Say(string? sentence)
    {
        if (string.IsNullOrEmpty(sentence)) return "";
        if (States.TryGetValue(sentence, out Func<string>? state)) return state();
        ConsoleLanguage language = ConsoleLanguage.Current;
        if (Fixed.Contains(sentence)) return language.Translate(sentence);
        foreach (Pattern pattern in Readers.Value)
            if (pattern.Values(sentence) is { } values) return string.Format(language.Culture, language.Translate(pattern.English), [.. values.Select((x, i) => pattern.Owns(i) ? SayWord(x) : x)]);
        return sentence;
    }

    /// <summary>What the core puts into a sentence of its own: a state, a sentence, a word, or several of them.</summary>
    private static string SayWord(string word)
    {
        string said = Say(word);
        if (said != word) return said;
        return string.Join(", ", word.Split(", ").Select(ConsoleLanguage.Current.Translate));
    }

    /// <summary>A sentence with places for values, read backwards. Immutable.</summary>
    private sealed class Pattern(string english)
    {
        private readonly string before = english[..english.IndexOf('{', StringComparison.Ordinal)];
        private readonly Regex reader = new($"^{Place().Replace(Regex.Escape(english), "(.+?)")}$", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));

        private readonly int[] own = CorePatterns.OwnWords.GetValueOrDefault(english, []);

        public string English { get; } = english;

        /// <summary>Whether the core puts words of its own at a place.</summary>
        public bool Owns(int place) => own.Contains(place);

        public bool Fits(string sentence) => sentence.StartsWith(before, StringComparison.Ordinal) && reader.IsMatch(sentence);

        public string[]? Values(string sentence) =>
            sentence.StartsWith(before, StringComparison.Ordinal) && reader.Match(sentence) is { Success: true } match ? [.. match.Groups.Values.Skip(1).Select(x => x.Value)] : null;
    }

    // In an escaped pattern the opening bracket is escaped and the closing one is not.
    [GeneratedRegex(@"\\\{\d\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();
}
