using System.CommandLine;
using System.Globalization;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.VectorSearch;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone bench index</c>: what a search among many vectors takes, beside hnswlib and FAISS over the same vectors.</summary>
internal static class BenchIndexCommand
{
    private static readonly IndexBenchOptions Defaults = new();

    private static readonly Option<int> Vectors = new("--vectors") { Description = "Vectors in the index", HelpName = "N", DefaultValueFactory = _ => Defaults.Vectors };
    private static readonly Option<int> Dimension = new("--dimension") { Description = "Values in a vector", HelpName = "N", DefaultValueFactory = _ => Defaults.Dimension };
    private static readonly Option<int> Neighbours = new("--k") { Description = "Neighbours asked for", HelpName = "N", DefaultValueFactory = _ => Defaults.K };
    private static readonly Option<int> Queries = new("--queries") { Description = "Queries", HelpName = "N", DefaultValueFactory = _ => Defaults.Queries };
    private static readonly Option<int> Threads = new("--threads") { Description = "Threads that build; a search has one", HelpName = "N", DefaultValueFactory = _ => Defaults.Threads };
    private static readonly Option<bool> Peers = new("--peers") { Description = "Whether to measure hnswlib and FAISS, too (Debian: python3-hnswlib python3-faiss python3-numpy)", HelpName = "true|false" };

    public static Command Create() => new Command("index", "Measures the vector indexes: recall, queries a second and core, build time, memory, open time") { Vectors, Dimension, Neighbours, Queries, Threads, Peers }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var options = new IndexBenchOptions
        {
            Vectors = BenchFrame.Within(context, Vectors, 100, 8_000_000),
            Dimension = BenchFrame.Within(context, Dimension, 8, 4_096),
            K = BenchFrame.Within(context, Neighbours, 1, 100),
            Queries = BenchFrame.Within(context, Queries, 1, 100_000),
            Threads = BenchFrame.Within(context, Threads, 1, 1_024),
            Peers = context.Arguments.GetValue(Peers),
        };
        if ((long)options.Vectors * options.Dimension > Array.MaxLength)
            throw new CommandFailedException($"--vectors × --dimension is at most {Array.MaxLength}, not {(long)options.Vectors * options.Dimension}.", ExitCode.Usage);
        return BenchFrame.RunAsync(context, progress => Task.FromResult(IndexBench.Run(options, progress, cancellationToken)), Show, cancellationToken);
    }

    private static void Show(TextWriter output, IndexBenchReport report)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Vectors} vectors of {report.Dimension} values, the {report.K} nearest of {report.Queries} queries; least effort for recall {report.RecallGoal}; built with {report.Threads} threads, searched with one, the best of {report.Rounds} rounds"));
        output.WriteLine($"{"",-22} {"recall",7} {"queries/s",10} {"build s",9} {"bytes a vector",15} {"open ms",9}  parameters");
        foreach (IndexMeasured m in report.Systems)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{m.System,-22} {m.Recall,7:0.000} {m.QueriesPerSecond,10:0} {m.BuildSeconds,9:0.0} {m.BytesPerVector,15:0} {m.OpenMilliseconds,9:0.0}  {m.Parameters}{m.Note}"));
    }
}
