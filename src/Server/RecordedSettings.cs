using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Retention;
using Touchstone.Screening.Storage;

namespace Touchstone.Server;

/// <summary>Keeps in the audit log with which settings a node runs: one entry when it starts with others than before.</summary>
internal static class RecordedSettings
{
    public static async Task SaveAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        string settings = Describe(services.GetRequiredService<ServerOptions>(), services.GetRequiredService<CrawlingOptions>(), services.GetService<RetentionOptions>());
        string subject = $"settings/{Environment.MachineName}";
        await using TouchstoneDb db = await services.GetRequiredService<IDbContextFactory<TouchstoneDb>>().CreateDbContextAsync(cancellationToken);
        string? before = await db.Audit.Where(x => x.Subject == subject).OrderByDescending(x => x.Id).Select(x => x.Detail).FirstOrDefaultAsync(cancellationToken);
        if (before == settings) return;
        await AuditLog.SaveAsync(db, services.GetRequiredService<TimeProvider>(), new AuditEntry($"server:{Environment.UserName}", AuditAction.SettingsChanged, subject, settings), cancellationToken);
    }

    /// <summary>What decides what a node does and keeps, as JSON; no secret is in it.</summary>
    private static string Describe(ServerOptions server, CrawlingOptions crawling, RetentionOptions? retention) => JsonSerializer.Serialize(new
    {
        Roles = server.Roles.ToString(),
        server.ModelId,
        server.DemoSignIn,
        server.SearchesAtOnce,
        server.SignInsPerMinute,
        server.GateRequestsPerSecond,
        server.GatePatience,
        server.MaxRequestBytes,
        server.TimestampAuthority,
        crawling.Politeness.MinInterval,
        crawling.Outbound.ContactUrl,
        AllowedInternalHosts = crawling.Outbound.AllowedInternalHosts.Order(StringComparer.Ordinal),
        Retention = retention,
    });
}
