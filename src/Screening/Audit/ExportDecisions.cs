using System.Globalization;

namespace Touchstone.Screening.Audit;

public enum DecisionFormat
{
    /// <summary>Comma-separated values, decisions only.</summary>
    Csv,

    /// <summary>JSON lines: the whole chain of the time, with a signed end.</summary>
    JsonLines,
}

/// <summary>Exports the decision log of a span of time (<see cref="DecisionLog"/>), and records first that it is: who takes it is told in it.</summary>
/// <param name="From">The first instant; null: from the beginning.</param>
/// <param name="Until">The instant after the last; null: up to now.</param>
public sealed record ExportDecisions(DecisionFormat Format, DateTimeOffset? From = null, DateTimeOffset? Until = null)
{
    /// <summary>How many lines there are besides the header or the signed end.</summary>
    public async Task<long> RunAsync(VerbContext context, TextWriter output, CancellationToken cancellationToken)
    {
        string detail = string.Create(CultureInfo.InvariantCulture, $"{(Format == DecisionFormat.Csv ? "CSV" : "JSON lines")}, {Said(From, "the beginning")} – {Said(Until, "now")}");
        await AuditLog.SaveAsync(context.Db, context.Clock, new AuditEntry(context.Actor, AuditAction.DecisionsExported, "audit", detail), cancellationToken);
        return Format == DecisionFormat.Csv
            ? await DecisionLog.WriteCsvAsync(context.Db, output, From, Until, cancellationToken)
            : await DecisionLog.WriteJsonLinesAsync(context, output, From, Until, cancellationToken);
    }

    private static string Said(DateTimeOffset? at, string otherwise) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? otherwise;
}
