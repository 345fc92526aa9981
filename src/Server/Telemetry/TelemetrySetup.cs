using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Touchstone.Crawling.Politeness;
using Touchstone.Screening;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Following;
using Touchstone.Screening.LookBacks;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Screenings;
using Touchstone.Server.Gate;
using Touchstone.Server.Security;
using Touchstone.Server.Workers;

namespace Touchstone.Server.Telemetry;

/// <summary>The node's metrics: read at /metrics in the text format of Prometheus, and sent by OTLP, with traces, where an endpoint is configured.</summary>
internal static class TelemetrySetup
{
    /// <summary>OpenTelemetry's own setting, an environment variable or a line of appsettings.json; the exporter reads it, too.</summary>
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTouchstoneTelemetry(this WebApplicationBuilder builder) => builder.Services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService("touchstone"))
        .WithMetrics(metrics =>
        {
            metrics.AddMeter(ScreeningMetrics.MeterName, GalleryMetrics.MeterName, CrawlMetrics.MeterName, ImageJobMetrics.MeterName, LookBackMetrics.MeterName, OutboxMetrics.MeterName, KeptEvidence.MeterName, GateMetrics.MeterName);
            metrics.AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime");
            metrics.AddPrometheusExporter(scrape => scrape.ScrapeResponseCacheDurationMilliseconds = 0);
            if (!string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint])) metrics.AddOtlpExporter();
        })
        .WithTracing(traces =>
        {
            if (string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint])) return;
            traces.AddSource(Traces.SourceName, CrawlTraces.SourceName, "Microsoft.AspNetCore", "System.Net.Http").AddOtlpExporter();
        });

    public static void MapTouchstoneTelemetry(this WebApplication app, ServerRoles roles)
    {
        // The gallery is observed from here on; a node without one has none to observe.
        if (WorkerSetup.HoldsGallery(roles)) app.Services.GetRequiredService<GalleryMetrics>();
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(Policies.Read);
    }
}
