using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>A template that is in use.</summary>
/// <param name="Version">The operator's, from 1; 0: the built-in one, of which <paramref name="BuiltIn"/> is true.</param>
/// <param name="Latest">The newest number of the operator's, for whoever changes it; 0: there is none.</param>
public sealed record NoticeTemplate(NoticeKind Kind, string Language, int Version, string Source, bool BuiltIn, int Latest, string? ChangedBy, DateTimeOffset? ChangedAt)
{
    /// <summary>SHA-256 of the source.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Source)));
}

/// <summary>The templates of notices: one for each kind and language that comes with the program, and the operator's versions of them, none of which is ever lost.</summary>
public static class NoticeTemplates
{
    private const string Prefix = "notices/";
    private static readonly FrozenDictionary<(NoticeKind Kind, string Language), string> BuiltIns = Load();

    /// <summary>The languages of every kind, and more of those that go to shops and hosts, by their ISO 639 codes; each in its own words.</summary>
    public static IReadOnlyDictionary<string, string> Languages { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["en"] = "English", ["da"] = "Dansk", ["de"] = "Deutsch", ["ko"] = "한국어", ["fr"] = "Français", ["es"] = "Español", ["it"] = "Italiano", ["nl"] = "Nederlands", ["pl"] = "Polski",
    };

    /// <summary>The languages in which a kind can be sent.</summary>
    public static IReadOnlyList<string> LanguagesOf(NoticeKind kind) => [.. Languages.Keys.Where(x => BuiltIns.ContainsKey((kind, x)))];

    /// <summary>The template that comes with the program; null: there is none in that language.</summary>
    public static string? BuiltIn(NoticeKind kind, string language) => BuiltIns.GetValueOrDefault((kind, language));

    /// <summary>The template in use; null: this kind is not written in that language.</summary>
    public static async Task<NoticeTemplate?> FindAsync(TouchstoneDb db, NoticeKind kind, string language, CancellationToken cancellationToken)
    {
        if (BuiltIn(kind, language) is not { } builtIn) return null;
        NoticeTemplateRow? row = await db.NoticeTemplates.AsNoTracking().Where(x => x.Kind == kind && x.Language == language).OrderByDescending(x => x.Version).FirstOrDefaultAsync(cancellationToken);
        return row?.Source is { } source
            ? new(kind, language, row.Version, source, false, row.Version, row.ChangedBy, row.ChangedAt)
            : new(kind, language, 0, builtIn, true, row?.Version ?? 0, row?.ChangedBy, row?.ChangedAt);
    }

    /// <summary>Every template in use, by kind and language.</summary>
    public static async Task<IReadOnlyList<NoticeTemplate>> ListAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        var all = new List<NoticeTemplate>();
        foreach (NoticeKind kind in Enum.GetValues<NoticeKind>())
            foreach (string language in LanguagesOf(kind)) all.Add((await FindAsync(db, kind, language, cancellationToken))!);
        return all;
    }

    private static FrozenDictionary<(NoticeKind, string), string> Load()
    {
        var assembly = typeof(NoticeTemplates).Assembly;
        return assembly.GetManifestResourceNames().Where(x => x.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(
            x =>
            {
                string[] parts = x[Prefix.Length..].Split('.');
                return (Enum.Parse<NoticeKind>(parts[0]), parts[1]);
            },
            x =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(x)!);
                return reader.ReadToEnd().ReplaceLineEndings("\n");
            });
    }
}

/// <summary>Writes a new version of a template, or goes back to the built-in one.</summary>
/// <param name="Source">Null: back to the one that comes with the program.</param>
/// <param name="Latest">The newest number that was seen; null: any.</param>
public sealed record ChangeTemplate(NoticeKind Kind, string Language, string? Source, int? Latest = null)
{
    public async Task<VerbOutcome<NoticeTemplate>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (await NoticeTemplates.FindAsync(context.Db, Kind, Language, cancellationToken) is not { } current) return Refused(Refusal.NotFound, $"A {Kind} is not written in the language {Language}.");
        if (Latest is { } seen && seen != current.Latest) return Refused(Refusal.Overtaken, "Somebody changed this template meanwhile. Read it again and repeat what still applies.");
        string? source = Source?.ReplaceLineEndings("\n");
        if (source is null ? current.BuiltIn : source == current.Source) return VerbOutcome.Done(current);
        // A template that fails on the sample would fail on a case.
        if (source is not null && NoticeLiquid.Fill(source, NoticeValues.Sample(Language)).Problem is { } problem) return Refused(Refusal.Invalid, problem.Line is { } line ? $"Line {line}: {problem.Problem}" : problem.Problem);
        context.Db.NoticeTemplates.Add(new NoticeTemplateRow { Kind = Kind, Language = Language, Version = current.Latest + 1, Source = source, ChangedBy = context.Actor, ChangedAt = context.Clock.GetUtcNow() });
        try
        {
            await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.TemplateChanged, $"notice-template/{Kind}/{Language}", source is null ? "back to the built-in one" : $"version {current.Latest + 1}"), cancellationToken);
        }
        catch (DbUpdateException) when (context.Db.ChangeTracker.Entries<NoticeTemplateRow>().Any())
        {
            context.Db.ChangeTracker.Clear();
            return Refused(Refusal.Overtaken, "Somebody changed this template meanwhile. Read it again and repeat what still applies.");
        }
        return VerbOutcome.Done((await NoticeTemplates.FindAsync(context.Db, Kind, Language, cancellationToken))!);
    }

    private static VerbOutcome<NoticeTemplate> Refused(Refusal refusal, string detail) => VerbOutcome.Refused<NoticeTemplate>(refusal, detail);
}
