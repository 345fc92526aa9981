using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Touchstone.Screening.Following;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Retention;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Weekly;

namespace Touchstone.Server.Workers;

/// <summary>The work that goes on behind the pages, chosen by role. Each worker holds leases, so any number of nodes may run it.</summary>
internal static class WorkerSetup
{
    private const ServerRoles Holders = ServerRoles.Gate | ServerRoles.Crawl | ServerRoles.Screen;

    /// <summary>Whether a node of these roles holds the reference gallery.</summary>
    public static bool HoldsGallery(ServerRoles roles) => (roles & Holders) != 0;

    public static void AddTouchstoneWorkers(this WebApplicationBuilder builder, ServerOptions options)
    {
        IServiceCollection services = builder.Services;
        if (HoldsGallery(options.Roles)) services.AddHostedService<GalleryWorker>();
        if (HoldsGallery(options.Roles)) services.AddHostedService<GalleryMergeWorker>();
        if (HoldsGallery(options.Roles)) services.AddHostedService<ImageJobWorker>();
        if (options.Roles.HasFlag(ServerRoles.Gate)) services.AddHostedService<WatchFollowWorker>();
        if ((options.Roles & (ServerRoles.Gate | ServerRoles.Screen)) != 0) services.AddHostedService<WatchMergeWorker>();
        // The gate does not read texts.
        services.AddSingleton(new FollowingOptions { Texts = (options.Roles & (ServerRoles.Crawl | ServerRoles.Screen)) != 0 });
        if (options.Roles.HasFlag(ServerRoles.Crawl)) AddSearches(services, options.SearchesAtOnce);
        if (options.Roles.HasFlag(ServerRoles.Crawl)) services.AddHostedService<FindingWorker>();
        OutboxOptions outbox = builder.Configuration.GetSection("Outbox").Get<OutboxOptions>() ?? new OutboxOptions();
        SmtpOptions smtp = builder.Configuration.GetSection("Smtp").Get<SmtpOptions>() ?? new SmtpOptions();
        services.AddSingleton(p => SecretsOf(p.GetRequiredService<IDataProtectionProvider>()));
        services.AddMailSettings(outbox, smtp);
        WeeklyOptions weekly = builder.Configuration.GetSection("Weekly").Get<WeeklyOptions>() ?? new WeeklyOptions();
        if (weekly.Problems().ToArray() is { Length: > 0 } wrong) throw new ArgumentException(string.Join(' ', wrong));
        services.AddSingleton(weekly);
        RetentionOptions retention = builder.Configuration.GetSection("Retention").Get<RetentionOptions>(x => x.ErrorOnUnknownConfiguration = true) ?? new RetentionOptions();
        if (retention.Problems().ToArray() is { Length: > 0 } problems) throw new ArgumentException(string.Join(' ', problems));
        services.AddSingleton(retention);
        if (!options.Roles.HasFlag(ServerRoles.Screen)) return;
        services.AddHostedService<ImportWorker>();
        services.AddHostedService<LookBackWorker>();
        services.AddHostedService<SeenMergeWorker>();
        services.AddHostedService<WatchWorker>();
        services.AddNotifications(outbox, smtp);
        services.AddSingleton<RetentionJob>();
        services.AddHostedService<RetentionWorker>();
        services.AddHostedService<EvidenceWorker>();
        services.AddHostedService<ClockWorker>();
        services.AddHostedService<NoticeWorker>();
        services.AddSingleton<DigestRunner>();
        services.AddHostedService<DigestWorker>();
    }

    internal static SecretProtection SecretsOf(IDataProtectionProvider keys)
    {
        IDataProtector mail = keys.CreateProtector("mail"), search = keys.CreateProtector("search key");
        return new SecretProtection((kind, secret) => Of(kind).Protect(secret), Reveal);

        IDataProtector Of(SecretKind kind) => kind == SecretKind.SearchKey ? search : mail;

        string Reveal(SecretKind kind, string secret)
        {
            try
            {
                return Of(kind).Unprotect(secret);
            }
            catch (CryptographicException) when (kind == SecretKind.SearchKey)
            {
                // Installations that are older than this kind keep such keys as they keep the mail's password.
                return mail.Unprotect(secret);
            }
        }
    }

    private static void AddSearches(IServiceCollection services, int atOnce)
    {
        services.AddHostedService<ScheduleWorker>();
        // A hosted service is added once for its type; these are several of one.
        for (int i = 1; i <= atOnce; i++)
        {
            string name = NameOf($"search-{i}");
            services.AddSingleton<IHostedService>(p => ActivatorUtilities.CreateInstance<SearchWorker>(p, name));
        }
    }

    /// <summary>Names this process in leases.</summary>
    public static string NameOf(string work) => $"{Environment.MachineName}/{Environment.ProcessId}/{work}";
}
