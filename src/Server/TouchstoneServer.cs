using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Console;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening;
using Touchstone.Screening.LookBacks;
using Touchstone.Screening.Storage;
using Touchstone.Server.Api;
using Touchstone.Server.Assets;
using Touchstone.Server.Console;
using Touchstone.Server.Console.Language;
using Touchstone.Server.Console.Layout;
using Touchstone.Server.Field;
using Touchstone.Server.Gate;
using Touchstone.Server.Health;
using Touchstone.Server.Replies;
using Touchstone.Server.Security;
using Touchstone.Server.Telemetry;
using Touchstone.Server.Workers;
using Touchstone.Vision;

namespace Touchstone.Server;

/// <summary>The server as a table of contents: the same two calls serve the program, the tests and the benchmarks.</summary>
public static class TouchstoneServer
{
    private const int SpareThreads = 8;

    /// <summary>Builds a server that is ready to start once <see cref="PrepareAsync"/> returned.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="configure">Last changes to the services, such as a test's clock.</param>
    /// <exception cref="ArgumentException">The options hold errors; the message names all of them.</exception>
    public static WebApplication Build(ServerOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        if (options.Validate() is { Count: > 0 } errors) throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        // Screenings hold a thread for each core; what is to be refused at once needs others.
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, (2 * options.ScreeningsAtOnce) + SpareThreads), completions);
        string folder = InstallationFiles.MakeFolder(options.Storage.DataFolder);
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(TouchstoneServer).Assembly.GetName().Name, ContentRootPath = folder });
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.WebHost.ConfigureKestrel(x =>
        {
            x.AddServerHeader = false;
            x.Limits.MaxRequestBodySize = options.MaxRequestBytes;
        });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(x => x.SingleLine = true);
        builder.Services.Configure<ConsoleLoggerOptions>(x => x.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // Two workers that save the same thing at once are expected; a failure that is not reaches the handler as an exception.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.None);
        // Not being ready is an answer to the one who asks, and no event.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.AddTouchstone(options);
        configure?.Invoke(builder);
        WebApplication app = builder.Build();
        app.UseTouchstone();
        return app;
    }

    public static void AddTouchstone(this WebApplicationBuilder builder, ServerOptions options)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        GalleryOptions gallery = builder.Configuration.GetSection("Gallery").Get<GalleryOptions>(x => x.ErrorOnUnknownConfiguration = true) ?? new GalleryOptions();
        if (gallery.Problems().ToArray() is { Length: > 0 } problems) throw new ArgumentException(string.Join(' ', problems));
        services.AddSingleton(gallery);
        LookBackOptions lookBacks = builder.Configuration.GetSection("LookBack").Get<LookBackOptions>(x => x.ErrorOnUnknownConfiguration = true) ?? new LookBackOptions();
        if (lookBacks.Problems().ToArray() is { Length: > 0 } wrong) throw new ArgumentException(string.Join(' ', wrong));
        services.AddSingleton(lookBacks);
        services.AddScreening(options.Storage, options.ModelId, crawling =>
        {
            builder.Configuration.GetSection("Politeness").Bind(crawling.Politeness);
            crawling.Outbound.ContactUrl = builder.Configuration["Outbound:ContactUrl"];
            options.Crawling?.Invoke(crawling);
        });
        services.AddDbContextFactory<AccountsDb>(x => StorageSetup.Configure(x, options.Storage));
        services.AddTouchstoneSecurity(options);
        services.AddSingleton<DeadlineAddresses>(p => p.GetRequiredService<People>().TellAsync);
        services.AddErrorAnswers();
        services.AddTouchstoneApi(EmbeddedAssets.TypefaceAsData());
        services.AddGate();
        services.AddField();
        services.AddTouchstoneHealth(options.Roles);
        services.AddTouchstoneConsole();
        builder.AddTouchstoneTelemetry();
        builder.AddTouchstoneWorkers(options);
    }

    public static void UseTouchstone(this WebApplication app)
    {
        ServerRoles roles = app.Services.GetRequiredService<ServerOptions>().Roles;
        app.UseSecurityHeaders();
        app.UseErrorAnswers();
        app.UseRouting();
        app.UseAuthentication();
        app.UseRequestLanguage();
        app.UseCrossSiteGuard();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseGoneForms();
        app.MapAssets();
        app.MapTouchstoneHealth();
        app.MapTouchstoneTelemetry(roles);
        RouteGroupBuilder api = app.MapTouchstoneApi(roles);
        if (roles.HasFlag(ServerRoles.Screen)) api.MapField();
        if (roles.HasFlag(ServerRoles.Gate)) app.MapDoor().MapGate();
        if (roles.HasFlag(ServerRoles.Console)) app.MapTouchstoneConsole();
        if (roles.HasFlag(ServerRoles.Console)) app.MapFeeds();
        if (roles.HasFlag(ServerRoles.Console)) app.MapReplies();
        if (roles.HasFlag(ServerRoles.Console)) app.MapFieldWorker();
    }

    /// <summary>
    /// Brings the database into shape, checks that the native libraries of the node's roles load, and makes the first administrator where there is no
    /// account; returns that account, with its password, once.
    /// </summary>
    /// <exception cref="NativeLibraryMissingException">A native library is absent; the message names the command that installs it.</exception>
    public static async Task<FirstAdministrator?> PrepareAsync(WebApplication app, CancellationToken cancellationToken = default)
    {
        if (WorkerSetup.HoldsGallery(app.Services.GetRequiredService<ServerOptions>().Roles)) VisionEnvironment.Check();
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        IServiceProvider services = scope.ServiceProvider;
        await StorageSetup.MigrateAsync(services.GetRequiredService<IDbContextFactory<TouchstoneDb>>(), cancellationToken);
        await using (AccountsDb accounts = await services.GetRequiredService<IDbContextFactory<AccountsDb>>().CreateDbContextAsync(cancellationToken))
            await StorageSetup.MigrateAsync(accounts, cancellationToken);
        await RecordedSettings.SaveAsync(services, cancellationToken);
        return services.GetRequiredService<ServerOptions>().DemoSignIn ? null : await FirstRun.CreateAdministratorAsync(services, cancellationToken);
    }
}
