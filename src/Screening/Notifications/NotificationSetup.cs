using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.Notifications;

/// <summary>Registers the delivery of the outbox's messages, by a worker that runs as long as the host does.</summary>
public static class NotificationSetup
{
    /// <summary>Needs the storage to be registered. Without a mail server mail waits in the outbox until one is set up.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the message names everything that is.</exception>
    public static IServiceCollection AddNotifications(this IServiceCollection services, OutboxOptions outbox, SmtpOptions smtp)
    {
        services.AddMailSettings(outbox, smtp);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(x =>
        {
            TimeProvider clock = x.GetRequiredService<TimeProvider>();
            MailSettings mail = x.GetRequiredService<MailSettings>();
            IBlobStore? blobs = x.GetService<IBlobStore>();
            WebhookDelivery? webhooks = x.GetService<OutboundHttp>() is { } http ? new WebhookDelivery(http, x.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), outbox, clock) : null;
            // Each process draws its own waits; nothing else hangs on this seed.
            var jitter = new Random(Environment.ProcessId);
            return new OutboxDelivery(x.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), TransportsAsync, outbox, clock, jitter, x.GetRequiredService<ILogger<OutboxDelivery>>());

            async Task<IReadOnlyDictionary<string, OutboxTransport>> TransportsAsync(CancellationToken cancellationToken)
            {
                var transports = new Dictionary<string, OutboxTransport>(StringComparer.Ordinal);
                if (await mail.CurrentAsync(cancellationToken) is { } server) transports[OutboxKind.Email] = new SmtpDelivery(server, outbox, clock, blobs).DeliverAsync;
                if (webhooks is not null) transports[OutboxKind.Webhook] = webhooks.DeliverAsync;
                return transports;
            }
        });
        services.AddHostedService<OutboxWorker>();
        return services;
    }

    /// <summary>Which mail server takes the mail; also for nodes that deliver none. A registered <see cref="SecretProtection"/> keeps the password that is set in the console.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the message names everything that is.</exception>
    public static IServiceCollection AddMailSettings(this IServiceCollection services, OutboxOptions outbox, SmtpOptions smtp)
    {
        string[] problems = [.. outbox.Problems(), .. smtp.Host is null ? [] : smtp.Problems(outbox)];
        if (problems.Length > 0) throw new ArgumentException(string.Join(' ', problems));
        services.TryAddSingleton(x => new MailSettings(x.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), smtp, outbox, x.GetService<SecretProtection>()));
        return services;
    }

    private sealed class OutboxWorker(OutboxDelivery delivery) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            delivery.RunAsync($"{Environment.MachineName}/{Environment.ProcessId}", stoppingToken);
    }
}
