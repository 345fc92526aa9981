using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Touchstone.Cli.Frame;
using Touchstone.Screening.Storage;
using Touchstone.Server;
using Touchstone.Server.Security;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone serve</c>: console, API, gate and the workers, as far as the roles go.</summary>
public static class ServeCommand
{
    private static readonly Option<string> Roles = new("--roles") { Description = "What this node does: gate, crawl, screen, console, or all; several separated by commas", DefaultValueFactory = _ => "all", HelpName = "ROLES" };
    private static readonly Option<string[]> Url = new("--url") { Description = "An address to listen on; may be given several times [default: http://127.0.0.1:5080]", HelpName = "URL" };

    public static Command Create() => new Command("serve", "Serves the console and the API, and runs the workers") { Roles, Url, TimestampChoice.Authority, OutboundChoice.AllowHost, OutboundChoice.Contact }.OnInstallation().Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ServerRoles roles = ServerOptions.ParseRoles(context.Arguments.GetValue(Roles)!, out string? unknown)
            ?? throw new CommandFailedException($"--roles has the unknown word '{unknown}'; there are gate, crawl, screen, console and all.", ExitCode.Usage);
        InstallationFolder.Prepare(context.DataFolder);
        var options = new ServerOptions { Storage = context.Storage, Roles = roles, TimestampAuthority = TimestampChoice.UrlOf(context), Crawling = x => OutboundChoice.Apply(context, x) };
        if (context.Arguments.GetValue(Url) is { Length: > 0 } urls) options = options with { Urls = urls };
        if (options.Validate() is { Count: > 0 } errors) throw new CommandFailedException(string.Join(Environment.NewLine, errors), ExitCode.Usage);

        using FolderClaim claim = FolderClaim.Take(context.DataFolder)
            ?? throw new CommandFailedException($"Another server works on {context.DataFolder}. End it first, or give this one a folder of its own with --data DIR; several servers share an installation through --postgresql.");
        await using WebApplication app = TouchstoneServer.Build(options);
        FirstAdministrator? administrator = await TouchstoneServer.PrepareAsync(app, cancellationToken);
        // The account is made, and its password is told this once: also where the server does not come up.
        if (administrator is not null && !context.Json) Tell(context, administrator);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            if (administrator is not null && context.Json) context.WriteJson(new { context.DataFolder, Administrator = administrator });
            throw new CommandFailedException($"The server cannot listen: {e.Message}", ExitCode.Failed, e);
        }
        Announce(context, app, administrator);
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static void Announce(CommandContext context, WebApplication app, FirstAdministrator? administrator)
    {
        if (context.Json)
        {
            context.WriteJson(new { app.Urls, context.DataFolder, Administrator = administrator });
            context.Output.Flush();
            return;
        }
        context.Output.WriteLine($"Touchstone is at {string.Join(", ", app.Urls)} with the installation in {context.DataFolder}. Ctrl+C ends it.");
    }

    private static void Tell(CommandContext context, FirstAdministrator administrator)
    {
        context.Output.WriteLine($"The first administrator is {administrator.UserName} with the password {administrator.Password}. It is shown this once.");
        context.Output.Flush();
    }
}
