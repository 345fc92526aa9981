using System.Diagnostics;
using System.Globalization;

namespace Touchstone.Evaluation.Crawls;

/// <summary>
/// Measures our crawler and Scrapy on the same shop on loopback, each in processes of its own, in turns, so that what else the machine does falls on both. Both obey the shop's robots rules, wait for
/// nothing between requests, have as many under way, follow at most eight links from the start, fetch no pictures and read each product's facts from its page.
/// </summary>
public static class CrawlBench
{
    private const string Script = "scrapy_peer.py";

    /// <summary>Links from the start that both follow: the product's own default.</summary>
    public const int Depth = 8;

    private static readonly (string Name, string Reading)[] Peers = [("Scrapy, extruct", "extruct"), ("Scrapy, XPath alone", "xpath")];

    /// <param name="ours">Starts our crawler as <see cref="CrawlerProcess"/> wants it, over an empty folder; fresh, or having crawled another shop before.</param>
    /// <param name="progress">Told what is done now, in words.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<IReadOnlyList<CrawlerFigures>> RunAsync(CrawlBenchOptions options, CrawlGround ground, Func<string, bool, ProcessStartInfo> ours, IProgress<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ground);
        ArgumentNullException.ThrowIfNull(ours);
        ArgumentNullException.ThrowIfNull(progress);
        string folder = Directory.CreateTempSubdirectory("touchstone-crawl-").FullName;
        try
        {
            string script = Path.Combine(folder, Script);
            await using (Stream source = typeof(CrawlBench).Assembly.GetManifestResourceStream("Touchstone.Evaluation.Crawls." + Script)!)
            await using (FileStream target = File.Create(script)) await source.CopyToAsync(target, cancellationToken);
            int made = 0;
            string Folder() => Directory.CreateDirectory(Path.Combine(folder, $"data-{made++}")).FullName;
            List<Crawl> crawls = [new("touchstone, running", () => ours(Folder(), false)), new("touchstone, just begun", () => ours(Folder(), true))];
            if (options.Peers) crawls.AddRange(Peers.Select(p => new Crawl(p.Name, () => Scrapy(script, p.Reading, options, ground))));
            for (int round = 0; round < options.Rounds; round++)
            {
                foreach (Crawl crawl in crawls.Where(c => c.Missing is null))
                {
                    progress.Report(string.Create(CultureInfo.InvariantCulture, $"{crawl.Name}, round {round + 1} of {options.Rounds}"));
                    (CrawlMeasured? measured, crawl.Missing) = await CrawlerProcess.RunAsync(crawl.Start(), ground, TimeSpan.FromSeconds(options.Limit), cancellationToken);
                    if (measured is not null) crawl.Rounds.Add(measured);
                }
            }
            return [.. crawls.Select(c => c.Missing is { } missing ? new CrawlerFigures(c.Name, null, null, null, null, null, null, null, null, $"not here ({missing})") : CrawlerFigures.Of(c.Name, c.Rounds, ground.Products))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ProcessStartInfo Scrapy(string script, string reading, CrawlBenchOptions options, CrawlGround ground)
    {
        // Debian's packages are for Debian's Python, which need not be the first on the path.
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        return new ProcessStartInfo(python, [script, ground.Address.AbsoluteUri, options.Parallel.ToString(CultureInfo.InvariantCulture), Depth.ToString(CultureInfo.InvariantCulture), reading]);
    }

    private sealed class Crawl(string name, Func<ProcessStartInfo> start)
    {
        public string Name { get; } = name;

        public Func<ProcessStartInfo> Start { get; } = start;

        public string? Missing { get; set; }

        public List<CrawlMeasured> Rounds { get; } = [];
    }
}
