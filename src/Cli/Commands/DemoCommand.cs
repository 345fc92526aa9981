using System.CommandLine;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using Touchstone.Cli.Demo;
using Touchstone.Cli.Frame;
using Touchstone.Cli.Searching;
using Touchstone.Market;
using Touchstone.Screening.Storage;
using Touchstone.Server;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone demo</c>: a register, a market on loopback, a search, and the console with its hits.</summary>
public static class DemoCommand
{
    private static readonly Option<bool> Exit = new("--exit") { Description = "End after the search; serve no console" };
    private static readonly Option<int> Port = new("--port") { Description = "The console's port on loopback; the market takes the next four where they are free", DefaultValueFactory = _ => 5080, HelpName = "PORT" };

    public static Command Create() => new Command("demo", "Shows the product at work on a market of its own; keeps to a folder 'demo' in the installation's unless --data names one")
    {
        Exit, Port,
    }.Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        int port = context.Arguments.GetValue(Port);
        if (port is < 1 or > 65_531) throw new CommandFailedException($"--port {port} is not within 1 and 65531.", ExitCode.Usage);
        string folder = InstallationFolder.Prepare(context.NamedDataFolder is null ? Path.Combine(context.DataFolder, "demo") : context.DataFolder);
        long started = context.Clock.GetTimestamp();
        await using DemoMarket market = await DemoMarket.StartAsync(Path.Combine(folder, "market"), DemoRun.MarksFolder, port + 1, cancellationToken);
        SearchReport report;
        await using (ServiceProvider services = await Engine.OpenAsync(context, new StorageOptions { DataFolder = folder }, x => DemoRun.Allow(x, market), cancellationToken))
            report = await DemoRun.SearchAsync(context, services, market, folder, cancellationToken);
        DemoCheck check = DemoCheck.Of(market, report);
        Print(context, report, check, context.Clock.GetElapsedTime(started).TotalSeconds);
        if (report.Error is not null) return ExitCode.Failed;
        if (!context.Arguments.GetValue(Exit)) await ServeAsync(context, market, folder, port, cancellationToken);
        return ExitCode.Done;
    }

    private static void Print(CommandContext context, SearchReport report, DemoCheck check, double seconds)
    {
        if (context.Json)
        {
            context.WriteJson(new
            {
                report.Shops,
                report.Pages,
                report.NotModified,
                report.Rendered,
                report.Listings,
                report.ListingsUnchanged,
                report.Images,
                report.ImagesDescribed,
                report.Hits,
                report.Review,
                report.Undetermined,
                report.Coverage,
                report.Error,
                Seconds = Math.Round(seconds, 1),
                SearchSeconds = report.Seconds,
                Check = check,
            });
            return;
        }
        SearchExecution.Print(context, report);
        string more = check.NotSearched.Count == 0 ? "" : $"; {check.NotSearched.Sum(x => x.Planted)} more are planted in what was not searched: see above";
        context.Output.WriteLine($"planted {check.Planted}, found {check.Found}, missed {check.Missed.Count}, false {check.False.Count} in {seconds:0.0} s{more}");
        foreach (MissedViolation missed in check.Missed) context.Output.WriteLine($"missed  {missed.Reference,-20} {missed.Violation,-14} {missed.Url}{(missed.InReview ? " (to review)" : "")}");
        foreach (ReportedHit hit in check.False) context.Output.WriteLine($"false   {hit.Reference,-20} {hit.Relation,-14} {hit.Url}");
    }

    private static async Task ServeAsync(CommandContext context, DemoMarket market, string folder, int port, CancellationToken cancellationToken)
    {
        string url = $"http://127.0.0.1:{port}";
        var options = new ServerOptions { Storage = new StorageOptions { DataFolder = folder }, Urls = [url], DemoSignIn = true, Crawling = x => DemoRun.Allow(x, market) };
        await using WebApplication app = TouchstoneServer.Build(options);
        await TouchstoneServer.PrepareAsync(app, cancellationToken);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new CommandFailedException($"The console cannot listen at {url}: {e.Message} Choose another port with --port.", ExitCode.Failed, e);
        }
        context.People.MarkupLineInterpolated($"The console is at [link]{url}[/] and the shops at {string.Join(", ", market.Shops)}. Ctrl+C ends both.");
        OpenBrowser(url);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    /// <summary>Opens the page where there is a desktop; without one nothing happens.</summary>
    private static void OpenBrowser(string url)
    {
        bool desktop = !OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };
        if (!desktop || Console.IsErrorRedirected) return;
        try
        {
            using Process? browser = Process.Start(new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", url) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // The URL is on the screen; opening it was a courtesy.
        }
    }
}
