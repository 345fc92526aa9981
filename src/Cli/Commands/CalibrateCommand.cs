using System.CommandLine;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.Calibration;
using Touchstone.Screening;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Pipeline;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evaluate calibrate</c>: fits the profile by which measurements become probabilities and verdicts.</summary>
public static class CalibrateCommand
{
    private static readonly Option<string> Images = new("--images") { Description = "The folder with catalogue_products and clothing_photos", HelpName = "DIR", Required = true };
    private static readonly Option<string> Marks = new("--marks") { Description = "A folder of SVG marks", HelpName = "DIR", Required = true };
    private static readonly Option<int> Products = new("--products") { Description = "Products with queries", HelpName = "N", DefaultValueFactory = static _ => 240 };
    private static readonly Option<int> Distractors = new("--distractors") { Description = "Further products in the gallery", HelpName = "N", DefaultValueFactory = static _ => 700 };
    private static readonly Option<int> MarkCount = new("--mark-count") { Description = "Marks with queries", HelpName = "N", DefaultValueFactory = static _ => 160 };
    private static readonly Option<int> Seed = new("--seed") { Description = "For what is drawn and made", HelpName = "N", DefaultValueFactory = static _ => 11 };
    private static readonly Option<string> Out = new("--out") { Description = "Where the profile is written; in models/profiles it is shipped", HelpName = "FILE.json", Required = true };

    public static Command Create() => new Command("calibrate", "Fits a calibration profile for the loaded model") { Images, Marks, Products, Distractors, MarkCount, Seed, Out }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var options = new CalibrationRunOptions
        {
            ImageFolder = context.Arguments.GetValue(Images)!,
            MarkFolder = context.Arguments.GetValue(Marks)!,
            Products = context.Arguments.GetValue(Products),
            Distractors = context.Arguments.GetValue(Distractors),
            Marks = context.Arguments.GetValue(MarkCount),
            Seed = context.Arguments.GetValue(Seed),
        };
        string path = context.Arguments.GetValue(Out)!;
        try
        {
            using ImageEmbedder embedder = ImageEmbedder.Load(ModelCatalog.Load());
            var run = new CalibrationRun(new ImageReader(new ImageDecoder(), embedder), new MatchJudge(embedder.Model));
            CalibrationProfile profile = run.Run(options, new CalibrationNotes(new EvaluationNotes(context.People)), cancellationToken);
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            File.WriteAllText(path, profile.ToJson() + "\n");
            Print(context, profile);
            return Task.FromResult(ExitCode.Done);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ModelUnavailableException or ArgumentException)
        {
            throw new CommandFailedException(e.Message, ExitCode.Failed, e);
        }
    }

    private static void Print(CommandContext context, CalibrationProfile profile)
    {
        if (context.Json)
        {
            context.WriteJson(profile);
            return;
        }
        context.Output.WriteLine($"{profile.Id} for {profile.ModelId}, from {profile.DataSetId}");
        foreach ((Relation relation, RelationCalibration calibration) in profile.Relations)
            context.Output.WriteLine($"{relation,-14} match from {calibration.Match.Probability:0.000} (precision {calibration.Match.Precision:0.000}, recall {calibration.Match.Recall:0.000}), review from {calibration.Review.Probability:0.000} (precision {calibration.Review.Precision:0.000}, recall {calibration.Review.Recall:0.000})");
    }

    private sealed class CalibrationNotes(EvaluationNotes notes) : IProgress<(string What, int Done, int Of)>
    {
        public void Report((string What, int Done, int Of) value) => notes.Report(new Touchstone.Evaluation.EvaluationProgress(value.What, value.Done, value.Of));
    }
}
