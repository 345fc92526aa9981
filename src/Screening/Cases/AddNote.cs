using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Text;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Cases;

/// <summary>An account that a note names.</summary>
/// <param name="Email">Where it is written to; null: nowhere, so that the console alone tells it.</param>
public sealed record Mentioned(string Account, string? Email = null);

/// <summary>Writes a note into a case, closed ones included. Notes do not exclude each other: no version is asked for. Whoever it names finds it on their overview, and is written to.</summary>
/// <param name="Mentions">At most <see cref="MostMentions"/>; null: nobody.</param>
public sealed record AddNote(long CaseId, string Text, IReadOnlyList<Mentioned>? Mentions = null)
{
    /// <summary>The most accounts that one note names.</summary>
    public const int MostMentions = 20;

    private const int LongestQuote = 2_000;

    public async Task<VerbOutcome<CaseRow>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (CaseText.Problem("The note", Text, CaseText.LongestNote, required: true) is { } problem) return CaseHistory.Invalid(problem);
        if (Mentions?.Count > MostMentions) return CaseHistory.Invalid($"A note names at most {MostMentions} accounts.");
        VerbOutcome<CaseRow> outcome;
        do
        {
            outcome = await CaseHistory.FindAsync(context, CaseId, null, cancellationToken);
            if (!outcome.Done) return outcome;
            CaseRow found = outcome.Value!;
            CaseEventRow note = CaseHistory.Add(context, found, CaseEventKind.NoteAdded, Text);
            Mentioned[] named = [.. (Mentions ?? []).DistinctBy(x => x.Account).Where(x => x.Account != context.Actor)];
            foreach (Mentioned person in named) await MentionAsync(context, found, note, person, cancellationToken);
            outcome = await CaseHistory.SaveAsync(context, found, AuditAction.CaseNoteAdded, named.Length == 0 ? null : $"names {string.Join(", ", named.Select(x => x.Account))}", cancellationToken);
        }
        while (outcome.Refusal == Refusal.Overtaken);
        return outcome;
    }

    private async Task MentionAsync(VerbContext context, CaseRow found, CaseEventRow note, Mentioned person, CancellationToken cancellationToken)
    {
        context.Db.Mentions.Add(new MentionRow { CaseId = found.Id, Case = found, Event = note, Account = person.Account, At = note.At });
        if (person.Email is null || EmailAddress.TryParse(person.Email) is null) return;
        string quote = Text.Length <= LongestQuote ? Text : $"{WholeCharacters.Cut(Text, LongestQuote)}…";
        string body = $"{context.Actor} names you in case {found.Id} (“{found.Title}”):\n\n{quote}\n\nOpen the case in Touchstone: /cases/{found.Id}\n";
        string key = string.Create(CultureInfo.InvariantCulture, $"case/{found.Id}/mention/{note.At.ToUnixTimeMilliseconds()}/{context.Actor}/{person.Account}");
        await Outbox.EnqueueAsync(context.Db, new OutboxMessage(OutboxKind.Email, person.Email, $"Case {found.Id}: {context.Actor} names you", body, key), context.Clock, cancellationToken);
    }
}

/// <summary>Who was named in notes and has not looked yet.</summary>
public static class Mentions
{
    /// <summary>The newest mentions of an account in cases that it has not opened since, with case and note.</summary>
    public static async Task<IReadOnlyList<MentionRow>> UnseenAsync(TouchstoneDb db, string account, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return await db.Mentions.AsNoTracking().Include(x => x.Case).Include(x => x.Event).Where(x => x.Account == account && x.SeenAt == null).OrderByDescending(x => x.Id).Take(take).ToListAsync(cancellationToken);
    }

    /// <summary>Notes that the account looked at the case.</summary>
    public static Task SeeAsync(TouchstoneDb db, long caseId, string account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Mentions.Where(x => x.CaseId == caseId && x.Account == account && x.SeenAt == null).ExecuteUpdateAsync(x => x.SetProperty(m => m.SeenAt, now), cancellationToken);
    }
}
