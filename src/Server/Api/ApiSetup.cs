using System.Text.Json.Serialization;
using Touchstone.Crawling.Fetching;
using Touchstone.Crawling.Rendering;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Notices;
using Touchstone.Server.Security;
using Touchstone.Server.Workers;

namespace Touchstone.Server.Api;

/// <summary>The REST API: one file a resource; what holds for all of them is said here once.</summary>
internal static class ApiSetup
{
    /// <param name="typeface">Style rules that bring the typeface of reports as data.</param>
    public static void AddTouchstoneApi(this IServiceCollection services, string typeface)
    {
        services.AddSingleton<Acting>();
        services.AddSingleton<RunWatch>();
        services.AddSingleton<Thumbnails>();
        services.AddSingleton(p => new Admission(p.GetRequiredService<ServerOptions>().ScreeningsAtOnce, Admission.LongestScreening, p.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton(Admission.OfImports, (p, _) => new Admission(ImportsApi.AtOnce, ImportsApi.LongestLook, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new HeadDesk(p.GetRequiredService<ServerOptions>().TimestampAuthority is { } url ? new TimestampAuthority(url, p.GetRequiredService<OutboundOptions>()) : null));
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<EvidenceDesk>(p, typeface));
        services.AddSingleton(p => new NoticeTools(p.GetRequiredService<ChromiumRenderer>(), typeface));
        services.ConfigureHttpJsonOptions(x =>
        {
            // Nothing decides by default: what is missing, unknown, doubled or null where it may not be is refused (Problems names it).
            x.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            x.SerializerOptions.RespectRequiredConstructorParameters = true;
            x.SerializerOptions.RespectNullableAnnotations = true;
            x.SerializerOptions.AllowDuplicateProperties = false;
            x.SerializerOptions.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
            x.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        });
        services.AddOpenApi("v1", x => ApiDescription.Describe(x));
    }

    /// <summary>Maps what is everybody's; returns the group of those who may read, to which doors add theirs.</summary>
    public static RouteGroupBuilder MapTouchstoneApi(this WebApplication app, ServerRoles roles)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapImages();
        RouteGroupBuilder api = app.MapGroup("/api/v1").RequireAuthorization(Policies.Read).RefusesUnknownParameters().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403);
        if (roles.HasFlag(ServerRoles.Console))
        {
            api.MapSearches();
            api.MapSearchChanges();
            api.MapRuns();
            api.MapHits();
            api.MapReferences();
            api.MapRegisters();
            api.MapImports();
            api.MapMail();
            api.MapMandates();
            api.MapFindings();
            api.MapSearchProviders();
            api.MapShopMarkets();
            api.MapCases();
            api.MapCaseWork();
            api.MapSamples();
            api.MapCaseRules();
            api.MapEvidence();
            api.MapNotices();
            api.MapOperator();
            api.MapBlockList();
            api.MapWatches();
            api.MapSellers();
            api.MapWeekly();
            api.MapInsights();
            api.MapAudit();
            api.MapSubjects();
            api.MapRetention();
            api.MapSystem();
            if (WorkerSetup.HoldsGallery(roles)) api.MapProfile();
        }
        if (roles.HasFlag(ServerRoles.Screen)) api.MapScreenings();
        return api;
    }

    /// <summary>A group whose endpoints say themselves who may ask.</summary>
    public static RouteGroupBuilder MapDoor(this WebApplication app) => app.MapGroup("/api/v1").RefusesUnknownParameters().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403);
}
