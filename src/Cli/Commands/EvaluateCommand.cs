using System.CommandLine;
using Spectre.Console;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation;
using Touchstone.Evaluation.Copies;
using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Retrieval;
using Touchstone.Screening;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Pipeline;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evaluate</c>: measures how well references are found, on pictures with known answers.</summary>
public static class EvaluateCommand
{
    private static readonly Option<string> Manifest = new("--manifest") { Description = "A table with the columns file, label and role (reference, query or distractor)", HelpName = "FILE.csv", Required = true };
    private static readonly Option<string?> Root = new("--root") { Description = "The folder that the manifest's files count from [default: the manifest's]", HelpName = "DIR" };
    private static readonly Option<string> Folder = new("--folder") { Description = "A folder of pictures of which edited copies are made", HelpName = "DIR", Required = true };
    private static readonly Option<RetrievalSignals> Signals = new("--signals") { Description = "What ranks the references", DefaultValueFactory = static _ => RetrievalSignals.All };
    private static readonly Option<ReferenceKind> Kind = new("--kind") { Description = "What the references are", DefaultValueFactory = static _ => ReferenceKind.GenuineProduct };
    private static readonly Option<int> Shortlist = new("--shortlist") { Description = "References compared closely for a query", HelpName = "N", DefaultValueFactory = static _ => 20 };
    private static readonly Option<int?> Queries = new("--queries") { Description = "At most so many queries, drawn with the seed [default: all]", HelpName = "N" };
    private static readonly Option<int?> Distractors = new("--distractors") { Description = "At most so many distractors, drawn with the seed [default: all]", HelpName = "N" };
    private static readonly Option<int> References = new("--references") { Description = "Pictures enrolled", HelpName = "N", DefaultValueFactory = static _ => 300 };
    private static readonly Option<int> Copied = new("--copied") { Description = "Enrolled pictures, and as many that are not, of which copies are made", HelpName = "N", DefaultValueFactory = static _ => 40 };
    private static readonly Option<int> Seed = new("--seed") { Description = "For what is drawn", HelpName = "N", DefaultValueFactory = static _ => 1 };
    private static readonly Option<int> Threads = new("--threads") { Description = "Pictures read at once", HelpName = "N", DefaultValueFactory = static _ => Math.Min(64, Environment.ProcessorCount) };
    private static readonly Option<string?> Profile = new("--profile") { Description = "A calibration profile [default: the one shipped for the model]", HelpName = "FILE.json" };
    private static readonly Option<string?> Report = new("--report") { Description = "The Markdown file whose section is replaced [default: docs/accuracy.md where there is a docs folder]", HelpName = "FILE.md" };

    public static Command Create() => new("evaluate", "Measures how well references are found")
    {
        new Command("retrieval", "Asks for the right reference of each query of a manifest") { Manifest, Root, Signals, Kind, Shortlist, Queries, Distractors, Seed, Threads, Profile, Report }.Runs(RetrievalAsync),
        new Command("copies", "Makes edited copies of a folder's pictures and asks for their originals") { Folder, Signals, References, Copied, Shortlist, Seed, Threads, Profile, Report }.Runs(CopiesAsync),
        CalibrateCommand.Create(),
        EvaluateShopsCommand.Create(),
    };

    private static Task<int> RetrievalAsync(CommandContext context, CancellationToken cancellationToken) => Guarded(context, parts =>
    {
        string manifest = context.Arguments.GetValue(Manifest)!;
        var options = new RetrievalOptions
        {
            ManifestPath = manifest,
            Root = context.Arguments.GetValue(Root) ?? Path.GetDirectoryName(Path.GetFullPath(manifest))!,
            Signals = context.Arguments.GetValue(Signals),
            Kind = context.Arguments.GetValue(Kind),
            Shortlist = context.Arguments.GetValue(Shortlist),
            MaxQueries = context.Arguments.GetValue(Queries),
            MaxDistractors = context.Arguments.GetValue(Distractors),
            Seed = context.Arguments.GetValue(Seed),
            Threads = context.Arguments.GetValue(Threads),
        };
        RetrievalReport report = RetrievalEvaluation.Run(parts, options, new EvaluationNotes(context.People), cancellationToken);
        if (ReportPath(context) is { } path) MarkdownReport.Write(path, report);
        if (context.Json) context.WriteJson(report);
        else Print(context, report);
    });

    private static Task<int> CopiesAsync(CommandContext context, CancellationToken cancellationToken) => Guarded(context, parts =>
    {
        var options = new CopyOptions
        {
            Folder = context.Arguments.GetValue(Folder)!,
            Signals = context.Arguments.GetValue(Signals),
            References = context.Arguments.GetValue(References),
            Copied = context.Arguments.GetValue(Copied),
            Strangers = context.Arguments.GetValue(Copied),
            Shortlist = context.Arguments.GetValue(Shortlist),
            Seed = context.Arguments.GetValue(Seed),
            Threads = context.Arguments.GetValue(Threads),
        };
        CopyReport report = CopyEvaluation.Run(parts, options, new EvaluationNotes(context.People), cancellationToken);
        if (ReportPath(context) is { } path) MarkdownReport.Write(path, report);
        if (context.Json) context.WriteJson(report);
        else Print(context, report);
    });

    /// <summary>Loads the model and the profile; what the user can mend becomes a sentence.</summary>
    private static Task<int> Guarded(CommandContext context, Action<EvaluationParts> run)
    {
        try
        {
            using ImageEmbedder embedder = ImageEmbedder.Load(ModelCatalog.Load());
            CalibrationProfile? profile = context.Arguments.GetValue(Profile) is { } file ? CalibrationProfile.Parse(File.ReadAllText(file)) : CalibrationProfiles.ShippedFor(embedder.ModelId);
            if (profile is not null && profile.ModelId != embedder.ModelId)
                throw new CommandFailedException($"The profile {profile.Id} is for {profile.ModelId}, not for {embedder.ModelId}.", ExitCode.Usage);
            run(new EvaluationParts(new ImageReader(new ImageDecoder(), embedder), profile));
            return Task.FromResult(ExitCode.Done);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ModelUnavailableException)
        {
            throw new CommandFailedException(e.Message, ExitCode.Failed, e);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new CommandFailedException(e.Message, ExitCode.Usage, e);
        }
    }

    private static string? ReportPath(CommandContext context)
    {
        if (context.Arguments.GetValue(Report) is { } named) return named;
        if (Directory.Exists("docs")) return Path.Combine("docs", "accuracy.md");
        context.People.WriteLine("There is no docs folder here: no report was written (name one with --report FILE.md).");
        return null;
    }

    private static void Print(CommandContext context, RetrievalReport report)
    {
        TextWriter output = context.Output;
        output.WriteLine($"{report.DataSetId}: {report.Queries} queries, {report.Distractors} distractors, {report.References} references under {report.Labels} labels, {report.Leaks} left out as copies, {report.Unread.Count} unread");
        output.WriteLine($"model {report.ModelId}, profile {report.ProfileId ?? "none"}, signals {report.Signals}");
        output.WriteLine($"right label first         {report.RecallAt1}");
        output.WriteLine($"among the first five      {report.RecallAt5}");
        if (report.FoundAtMatchPoint is { } found) output.WriteLine($"found at the match point  {found}");
        foreach (FalseMatchRate rate in report.FalseMatches) output.WriteLine($"{$"false at the {rate.Point} point",-25} {rate.Rate}");
        output.WriteLine($"{report.SecondsPerQuery:0.000} s a query, {report.Threads} at once; {report.Seconds:0} s in all");
    }

    private static void Print(CommandContext context, CopyReport report)
    {
        TextWriter output = context.Output;
        output.WriteLine($"{report.DataSetId}: {report.References} references, {report.Unread.Count} unread; model {report.ModelId}, profile {report.ProfileId ?? "none"}, signals {report.Signals}");
        output.WriteLine($"{"edit",-50} {"original first",-28} recall at {CopyEvaluation.Precision:0 %} precision");
        foreach (EditResult edit in report.Edits.Append(report.Overall)) output.WriteLine($"{edit.Edit,-50} {edit.FirstRight,-28} {edit.RecallAtPrecision}");
        output.WriteLine($"{report.SecondsPerQuery:0.000} s a query, {report.Threads} at once; {report.Seconds:0} s in all");
    }
}
