using System.Text.Json.Serialization;
using Touchstone.Server.Field;
using Touchstone.Server.Gate;
using Touchstone.Server.Security;
using Touchstone.Server.Workers;

namespace Touchstone.Server.Api;

/// <summary>The REST API: one file a resource; what holds for all of them is said here once.</summary>
internal static class ApiSetup
{
    public static void AddTouchstoneApi(this IServiceCollection services)
    {
        services.AddProblems();
        services.AddSingleton<Acting>();
        services.AddSingleton<Idempotency>();
        services.AddSingleton<GateApi.GateDesk>();
        services.AddSingleton<FieldApi.CaptureDesk>();
        services.AddSingleton<Thumbnails>();
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

    public static void MapTouchstoneApi(this WebApplication app, ServerRoles roles)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapImages();
        RouteGroupBuilder api = app.MapGroup("/api/v1").RequireAuthorization(Policies.Read).RefusesUnknownParameters().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403);
        if (roles.HasFlag(ServerRoles.Console))
        {
            api.MapSearches();
            api.MapRuns();
            api.MapHits();
            api.MapReferences();
            api.MapCases();
            api.MapAudit();
            api.MapSystem();
            if (WorkerSetup.HoldsGallery(roles)) api.MapProfile();
        }
        if (roles.HasFlag(ServerRoles.Screen))
        {
            api.MapScreenings();
            api.MapField();
        }
        if (roles.HasFlag(ServerRoles.Gate)) app.MapGroup("/api/v1").RefusesUnknownParameters().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).MapGate();
    }
}
