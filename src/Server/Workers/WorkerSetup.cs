using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;

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
        if (options.Roles.HasFlag(ServerRoles.Crawl)) services.AddHostedService<SearchWorker>();
        if (!options.Roles.HasFlag(ServerRoles.Screen)) return;
        OutboxOptions outbox = builder.Configuration.GetSection("Outbox").Get<OutboxOptions>() ?? new OutboxOptions();
        SmtpOptions? smtp = builder.Configuration.GetSection("Smtp").Get<SmtpOptions>();
        services.AddSingleton(p => Delivery(p, outbox, smtp));
        services.AddHostedService<OutboxWorker>();
    }

    /// <summary>Names this process in leases.</summary>
    public static string NameOf(string work) => $"{Environment.MachineName}/{Environment.ProcessId}/{work}";

    private static OutboxDelivery Delivery(IServiceProvider services, OutboxOptions outbox, SmtpOptions? smtp)
    {
        TimeProvider clock = services.GetRequiredService<TimeProvider>();
        Dictionary<string, OutboxTransport> transports = [];
        if (smtp is not null) transports[OutboxKind.Email] = new SmtpDelivery(smtp, outbox, clock).DeliverAsync;
        return new OutboxDelivery(services.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), transports, outbox, clock, new Random(Environment.ProcessId), services.GetRequiredService<ILogger<OutboxDelivery>>());
    }
}
