using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Cli.Frame;
using Touchstone.Cli.Searching;
using Touchstone.Evaluation.Crawls;
using Touchstone.Market.Shops;
using Touchstone.Screening.Storage;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone bench crawl</c>: what crawling a shop takes, beside Scrapy on the same shop.</summary>
internal static class BenchCrawlCommand
{
    // Enough for the runtime to have compiled what crawls.
    private const int ProductsBefore = 600;

    private static readonly CrawlBenchOptions Defaults = new();

    private static readonly Option<int> Products = new("--products") { Description = "Products of the made shop", HelpName = "N", DefaultValueFactory = _ => Defaults.Products };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Crawls of each crawler, in turns; the median counts", HelpName = "N", DefaultValueFactory = _ => Defaults.Rounds };
    private static readonly Option<int> Parallel = new("--parallel") { Description = "Requests that each has under way at once", HelpName = "N", DefaultValueFactory = _ => Defaults.Parallel };
    private static readonly Option<int> Limit = new("--limit") { Description = "Most seconds of one crawl", HelpName = "S", DefaultValueFactory = _ => Defaults.Limit };
    private static readonly Option<bool> Traps = new("--traps") { Description = "Whether the shop has sorts, facets, session ids and a calendar", HelpName = "true|false", DefaultValueFactory = static _ => true };
    private static readonly Option<bool> Sitemap = new("--sitemap") { Description = "Whether the shop has a sitemap", HelpName = "true|false" };
    private static readonly Option<bool> Flat = new("--flat") { Description = "Whether the addresses of products look like any other page's", HelpName = "true|false" };
    private static readonly Option<bool> Peers = new("--peers") { Description = "Whether to measure Scrapy, too (Debian: python3-scrapy python3-extruct)", HelpName = "true|false", DefaultValueFactory = static _ => true };

    public static Command Create() => new Command("crawl", "Measures the crawler on a made shop beside Scrapy: pages a second, processor time, memory, time to every product") { Products, Rounds, Parallel, Limit, Traps, Sitemap, Flat, Peers }.Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ParseResult arguments = context.Arguments;
        var options = new CrawlBenchOptions
        {
            Products = BenchFrame.Within(context, Products, 50, 100_000),
            Rounds = BenchFrame.Within(context, Rounds, 1, 100),
            Parallel = BenchFrame.Within(context, Parallel, 1, 16),
            Limit = BenchFrame.Within(context, Limit, 1, 86_400),
            Peers = arguments.GetValue(Peers),
        };
        (bool traps, bool sitemap, bool flat) = (arguments.GetValue(Traps), arguments.GetValue(Sitemap), arguments.GetValue(Flat));
        var ground = new CrawlGround(options.Products);
        var shop = new LargeShop(ground, traps, sitemap, flat);
        await using DemoShop site = await DemoShop.StartAsync(0, shop.Map, cancellationToken);
        ground.Address = site.Address;
        var before = new CrawlGround(ProductsBefore);
        await using DemoShop earlier = await DemoShop.StartAsync(0, new LargeShop(before, traps, sitemap, flat).Map, cancellationToken);
        before.Address = earlier.Address;
        return await BenchFrame.RunAsync(
            context,
            async progress => new CrawlBenchReport(
                options.Products, options.Rounds, options.Parallel, traps, sitemap, flat,
                await CrawlBench.RunAsync(options, ground, (folder, fresh) => Own(folder, site.Address, fresh ? null : earlier.Address, options), progress, cancellationToken)),
            Show, cancellationToken);
    }

    /// <summary>This program, as the crawler that is measured.</summary>
    /// <param name="earlier">A shop that it crawls before; null: none.</param>
    private static ProcessStartInfo Own(string folder, Uri shop, Uri? earlier, CrawlBenchOptions options)
    {
        string program = Environment.ProcessPath!;
        string[] first = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "touchstone.dll")] : [];
        string[] before = earlier is null ? [] : [earlier.AbsoluteUri];
        return new ProcessStartInfo(program, [.. first, "bench", "crawl-once", options.Parallel.ToString(CultureInfo.InvariantCulture), shop.AbsoluteUri, .. before, "--data", folder]);
    }

    private static void Show(TextWriter output, CrawlBenchReport report)
    {
        string kind = string.Join(", ", new[] { report.Traps ? "with traps" : "without traps", report.Sitemap ? "with a sitemap" : "without a sitemap", report.Flat ? "addresses that tell nothing" : "addresses that tell products" });
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Products} products, {kind}; {report.Parallel} requests at once, medians of {report.Rounds} rounds in turns, {Environment.ProcessorCount} cores shared with the shop"));
        output.WriteLine($"{"",-22} {"pages/s",8} {"processor ms",13} {"MiB",6} {"of it own",10} {"every product s",16} {"whole s",8} {"found",7} {"requests a product",19}");
        foreach (CrawlerFigures c in report.Crawlers)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{c.Crawler,-22} {c.PagesPerSecond,8:0.0} {c.ProcessorMilliseconds,13:0.0} {c.Mebibytes,6:0} {c.OwnMebibytes,10:0} {c.SecondsToEveryProduct,16:0.0} {c.Seconds,8:0.0} {c.Found,7:0.000} {c.RequestsAProduct,19:0.00}  {c.Note}").TrimEnd());
    }
}

/// <summary>One crawl of a shop in this process, for <c>touchstone bench crawl</c>; not for people.</summary>
internal static class CrawlOnceCommand
{
    private static readonly Argument<int> Parallel = new("PARALLEL");
    private static readonly Argument<string> Shop = new("SHOP");
    private static readonly Argument<string?> Earlier = new("EARLIER") { Arity = ArgumentArity.ZeroOrOne };

    public static Command Create() => new Command("crawl-once", "Crawls one shop and says which products it read") { Parallel, Shop, Earlier }.Hidden().Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        Uri shop = new(context.Arguments.GetValue(Shop)!);
        Uri? earlier = context.Arguments.GetValue(Earlier) is { } named ? new Uri(named) : null;
        await using ServiceProvider services = await Engine.OpenAsync(context, new StorageOptions { DataFolder = context.DataFolder }, options =>
        {
            foreach (string host in new[] { shop, earlier }.OfType<Uri>().Select(x => x.Authority))
            {
                options.Outbound.AllowedInternalHosts.Add(host);
                options.Politeness.HostIntervals[host] = TimeSpan.Zero;
                options.Politeness.HostParallel[host] = context.Arguments.GetValue(Parallel);
            }
        }, cancellationToken);
        if (earlier is not null) await OwnCrawl.RunAsync(services, earlier, static _ => { }, cancellationToken);
        Lock one = new();
        await OwnCrawl.RunAsync(services, shop, sku =>
        {
            lock (one) Say($"product {sku}");
        }, cancellationToken);
        Say("done");
        await Console.In.ReadToEndAsync(cancellationToken);
        return ExitCode.Done;

        void Say(string line)
        {
            context.Output.WriteLine(line);
            context.Output.Flush();
        }
    }

    private static Command Hidden(this Command command)
    {
        command.Hidden = true;
        return command;
    }
}
