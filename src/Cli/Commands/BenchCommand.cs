using System.CommandLine;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone bench</c>: parts of the product timed.</summary>
public static class BenchCommand
{
    public static Command Create() => new("bench", "Times parts of the product on this machine") { BenchReadingCommand.Create(), BenchKeypointsCommand.Create(), BenchIndexCommand.Create(), BenchGalleryCommand.Create(), BenchRetroactiveCommand.Create(), BenchWatchesCommand.Create(), BenchGateCommand.Create(), BenchCrawlCommand.Create(), CrawlOnceCommand.Create() };
}
