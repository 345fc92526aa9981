using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Finding;

/// <summary>How a subject is called in a language.</summary>
/// <param name="Words">Most usual first; empty: nothing is asked for it.</param>
/// <param name="ChangedBy">Who said so; null: the built-in table does.</param>
public sealed record SubjectWords(string Subject, IReadOnlyList<string> Words, string? ChangedBy, DateTimeOffset? ChangedAt);

/// <summary>
/// What subjects, the categories of alerts and the products that they name most, are called in the languages of markets: a built-in table, and over it what people changed. Immutable; safe for concurrent use.
/// </summary>
public sealed class TermTable
{
    /// <summary>The subject whose words say that something is offered: without one a question is answered by news.</summary>
    public const string Buy = "buy";

    public const string English = "en";

    // Marks, embeddings, overrides and isolates of directions (Unicode, UAX #9), and NUL. The joiners U+200C and U+200D are part of words.
    private const string Unwritten = "\0\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    private const int LongestSubject = 100, LongestWords = 500, MostSubjects = 2_000;

    private static readonly Lazy<(string[] Languages, Dictionary<(string Language, string Subject), string> Words, string[] Subjects)> BuiltIn = new(ReadBuiltIn);

    private readonly Dictionary<(string Language, string Subject), SearchTermRow> changed;

    private TermTable(IEnumerable<SearchTermRow> rows)
    {
        changed = rows.ToDictionary(r => (r.Language, KeyOf(r.Subject)));
        Subjects = [.. BuiltIn.Value.Subjects.Concat(changed.Values.Select(r => r.Subject)).DistinctBy(KeyOf)];
        Languages = [.. BuiltIn.Value.Languages.Concat(changed.Keys.Select(k => k.Language)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>ISO 639-1, in their order.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>In English, those of the built-in table first.</summary>
    public IReadOnlyList<string> Subjects { get; }

    public static async Task<TermTable> ReadAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return new TermTable(await db.SearchTerms.AsNoTracking().OrderBy(r => r.Id).Take(MostSubjects).ToListAsync(cancellationToken));
    }

    /// <summary>The words of a subject in a language; none where nobody knows any.</summary>
    public IReadOnlyList<string> Words(string language, string subject) => Of(language, subject).Words;

    /// <summary>Every subject in a language.</summary>
    public IReadOnlyList<SubjectWords> In(string language) => [.. Subjects.Select(s => Of(language, s))];

    /// <summary>Says what a subject is called in a language. Null: what the built-in table says; of a subject that it has not, nothing.</summary>
    public static async Task<VerbOutcome<SearchTermRow>> SetAsync(VerbContext context, string language, string subject, string? words, CancellationToken cancellationToken)
    {
        string lower = language?.Trim().ToLowerInvariant() ?? "", name = new string([.. (subject ?? "").Where(c => !Unwritten.Contains(c, StringComparison.Ordinal))]).Trim();
        if (lower.Length != 2 || !lower.All(char.IsAsciiLetterLower)) return Invalid($"“{language}” is no code of a language, such as da.");
        if (name.Length is 0 or > LongestSubject || name.Any(char.IsControl)) return Invalid($"A subject has 1 to {LongestSubject} characters.");
        if (words?.Length > LongestWords) return Invalid($"The words have more than {LongestWords} characters.");
        List<SearchTermRow> rows = await context.Db.SearchTerms.Where(r => r.Language == lower).ToListAsync(cancellationToken);
        SearchTermRow? row = rows.Find(r => KeyOf(r.Subject) == KeyOf(name));
        if (row is null && words is null) return VerbOutcome.Refused<SearchTermRow>(Refusal.NotFound, $"Nobody changed “{name}” in {lower}.");
        if (row is null && rows.Count >= MostSubjects) return Invalid($"More than {MostSubjects} subjects of a language are not kept.");
        string? text = words is null ? null : string.Join(", ", Split(words));
        if (text is null) context.Db.SearchTerms.Remove(row!);
        else if (row is null) context.Db.SearchTerms.Add(row = new SearchTermRow { Language = lower, Subject = name, Words = text, ChangedBy = context.Actor, ChangedAt = context.Clock.GetUtcNow() });
        else (row.Words, row.ChangedBy, row.ChangedAt) = (text, context.Actor, context.Clock.GetUtcNow());
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.TermsChanged, $"terms/{lower}", $"{name}: {(text is null ? "as built in" : text.Length == 0 ? "none" : text)}"), cancellationToken);
        return VerbOutcome.Done(row!);

        static VerbOutcome<SearchTermRow> Invalid(string detail) => VerbOutcome.Refused<SearchTermRow>(Refusal.Invalid, detail);
    }

    private SubjectWords Of(string language, string subject)
    {
        (string, string) key = (language, KeyOf(subject));
        return changed.TryGetValue(key, out SearchTermRow? row) ? new(subject, Split(row.Words), row.ChangedBy, row.ChangedAt) : new(subject, Split(BuiltIn.Value.Words.GetValueOrDefault(key)), null, null);
    }

    internal static string KeyOf(string subject) => subject.Trim().ToLowerInvariant();

    /// <summary>Words by the commas and semicolons of any script, without the marks that only say in which direction they run.</summary>
    private static string[] Split(string? words) =>
        new string([.. (words ?? "").Where(c => !Unwritten.Contains(c, StringComparison.Ordinal))]).Split([',', '\n', ';', '\u060C', '\u061B', '\uFF0C', '\u3001', '\uFF1B'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static (string[], Dictionary<(string, string), string>, string[]) ReadBuiltIn()
    {
        using Stream stream = typeof(TermTable).Assembly.GetManifestResourceStream("Terms.txt")!;
        using StreamReader reader = new(stream);
        string[] languages = reader.ReadLine()!.Split('|')[1..];
        Dictionary<(string, string), string> words = [];
        List<string> subjects = [];
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            // A comma parts words, also in the names of categories that hold one.
            string[] cells = line.Split('|');
            subjects.Add(cells[0]);
            for (int i = 0; i < languages.Length; i++) words[(languages[i], KeyOf(cells[0]))] = cells[i + 1];
        }
        return (languages, words, [.. subjects]);
    }
}
