using System.CommandLine;
using System.Globalization;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation.Calibration;
using Touchstone.Evaluation.Reports;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Ocr;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evaluate calibrate</c>: fits the profile by which measurements become probabilities and verdicts.</summary>
public static class CalibrateCommand
{
    private static readonly CalibrationRunOptions Defaults = new() { ImageFolder = "", MarkFolder = "" };
    private static readonly Option<string?> Images = new("--images") { Description = "The folder with catalogue_products, clothing_photos and train_pool", HelpName = "DIR" };
    private static readonly Option<string?> Marks = new("--marks") { Description = "A folder of SVG marks", HelpName = "DIR" };
    private static readonly Option<int> Products = Count("--products", "Products in the gallery that are asked for", Defaults.Products);
    private static readonly Option<int> Distractors = Count("--distractors", "Further products in the gallery", Defaults.Distractors);
    private static readonly Option<int> Strangers = Count("--strangers", "Products that are asked for and not in the gallery", Defaults.Strangers);
    private static readonly Option<int> MarkCount = Count("--mark-count", "Marks that are asked for", Defaults.Marks);
    private static readonly Option<int> MarkDistractors = Count("--mark-distractors", "Further marks in the gallery", Defaults.MarkDistractors);
    private static readonly Option<int> Background = Count("--background", "Pictures of the background set", Defaults.Background);
    private static readonly Option<int> Seed = Count("--seed", "For what is drawn and made", Defaults.Seed);
    private static readonly Option<string> Out = new("--out") { Description = "Where the profile is written, the background set beside it; in models/profiles they are shipped", HelpName = "FILE.json", Required = true };
    private static readonly Option<string?> Samples = new("--samples") { Description = "Also writes every picture that was asked with and every compared pair with its measurements", HelpName = "FILE.json" };
    private static readonly Option<string?> From = new("--from") { Description = "Fits what an earlier run wrote with --samples; nothing is measured anew", HelpName = "FILE.json" };
    private static readonly Option<string?> Report = new("--report") { Description = "The Markdown file whose section is replaced", HelpName = "FILE.md" };

    public static Command Create() => new Command("calibrate", "Fits a calibration profile for a model") { Images, Marks, Products, Distractors, Strangers, MarkCount, MarkDistractors, Background, Seed, EvaluationFrame.Cache, EvaluationFrame.Model, EvaluationFrame.Text, Out, Samples, From, Report }.Runs(RunAsync);

    private static Option<int> Count(string name, string description, int standard) => new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(context.Arguments.GetValue(Out)!);
        try
        {
            MeasuredSamples measured = context.Arguments.GetValue(From) is { } from
                ? MeasuredSamples.Read(from, ModelCatalog.Load().Find(context.Arguments.GetValue(EvaluationFrame.Model)))
                : Measure(context, cancellationToken);
            if (context.Arguments.GetValue(Samples) is { } samples) measured.Write(samples);
            CalibrationResult result = CalibrationRun.Fit(measured, Path.GetFileNameWithoutExtension(path));
            string folder = Path.GetDirectoryName(path)!;
            Directory.CreateDirectory(folder);
            File.WriteAllText(path, result.Profile.ToJson() + "\n");
            File.WriteAllBytes(Path.Combine(folder, NormalisationCohort.FileNameOf(result.Profile.ModelId)), result.Background.ToBytes());
            if (context.Arguments.GetValue(Report) is { } report) CalibrationReport.Write(report, result);
            Print(context, result);
            return Task.FromResult(ExitCode.Done);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ModelUnavailableException or ArgumentException)
        {
            throw new CommandFailedException(e.Message, ExitCode.Failed, e);
        }
    }

    private static MeasuredSamples Measure(CommandContext context, CancellationToken cancellationToken)
    {
        var options = new CalibrationRunOptions
        {
            ImageFolder = Needed(context, Images),
            MarkFolder = Needed(context, Marks),
            Products = context.Arguments.GetValue(Products),
            Distractors = context.Arguments.GetValue(Distractors),
            Strangers = context.Arguments.GetValue(Strangers),
            Marks = context.Arguments.GetValue(MarkCount),
            MarkDistractors = context.Arguments.GetValue(MarkDistractors),
            Background = context.Arguments.GetValue(Background),
            CacheFolder = context.Arguments.GetValue(EvaluationFrame.Cache),
            Seed = context.Arguments.GetValue(Seed),
        };
        using ImageEmbedder embedder = ImageEmbedder.Load(ModelCatalog.Load(), context.Arguments.GetValue(EvaluationFrame.Model));
        using OcrReader? texts = context.Arguments.GetValue(EvaluationFrame.Text) == false ? null : OcrReader.Load();
        return new CalibrationRun(new FeatureExtractor(new ImageDecoder(), embedder), texts).Measure(options, new EvaluationNotes(context.People), cancellationToken);
    }

    private static string Needed(CommandContext context, Option<string?> folder) =>
        context.Arguments.GetValue(folder) ?? throw new CommandFailedException($"What is measured is not named: give {Images.Name} and {Marks.Name}, or {From.Name} with what was measured before.", ExitCode.Usage);

    private static void Print(CommandContext context, CalibrationResult result)
    {
        if (context.Json)
        {
            context.WriteJson(result.Profile);
            return;
        }
        context.Output.WriteLine($"{result.Profile.Id} for {result.Profile.ModelId}, from {result.Profile.DataSetId}");
        foreach (RelationFigures figures in result.Figures)
        {
            RelationCalibration calibration = result.Profile.Relations[figures.Relation];
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figures.Relation}: expected calibration error {figures.CalibrationError:0.000} over {figures.Pictures} pictures ({figures.CrossFitted.CalibrationError:0.000} cross-fitted over {figures.CrossFitted.Pictures}), prior {figures.Prior:0.00}"));
            context.Output.WriteLine(calibration.Match is { } match ? Line("match", match) : "  match   abstains: no precision can be guaranteed");
            context.Output.WriteLine(Line("review", calibration.Review));
        }
    }

    private static string Line(string name, OperatingPoint point) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-6} from {point.Probability:0.000}: precision {point.Precision:0.000} (at least {point.Guarantee?.Precision:0.000} with {point.Guarantee?.Confidence * 100:0} % confidence, {point.Guarantee?.Samples} samples), recall {point.Recall:0.000}{(point.Guarantee?.Recall is { } recall ? $" (at least {recall:0.000}, {point.Guarantee.Positives} samples)" : "")}");
}
