using System.CommandLine;
using Spectre.Console;
using Touchstone.Cli.Frame;
using Touchstone.Evaluation;
using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Ocr;

namespace Touchstone.Cli.Commands;

/// <summary>What the evaluations share: their common options, the loading of model and profile, and how a user's mistake becomes a sentence.</summary>
internal static class EvaluationFrame
{
    public static Option<RetrievalSignals> Signals { get; } = new("--signals") { Description = "What ranks the references", DefaultValueFactory = static _ => RetrievalSignals.All };

    public static Option<bool?> Text { get; } = new("--text") { Description = "Whether the whole reading reads the text in pictures, which takes longest [default: true; false for robustness and --quick]", HelpName = "true|false" };

    public static Option<int> Shortlist { get; } = new("--shortlist") { Description = "References compared closely for a query", HelpName = "N", DefaultValueFactory = static _ => 20 };

    public static Option<int> Seed { get; } = new("--seed") { Description = "For what is drawn", HelpName = "N", DefaultValueFactory = static _ => 1 };

    public static Option<int> Threads { get; } = new("--threads") { Description = "Pictures read at once", HelpName = "N", DefaultValueFactory = static _ => Math.Min(64, Environment.ProcessorCount) };

    public static Option<string?> Model { get; } = new("--model") { Description = "A model of the manifest [default: the manifest's default]", HelpName = "ID" };

    public static Option<string?> Baseline { get; } = new("--baseline") { Description = "A model of the manifest to measure beside it [default: none]", HelpName = "ID" };

    public static Option<string?> Mistakes { get; } = new("--mistakes") { Description = "A folder for pages with the pictures that went wrong [default: none]", HelpName = "DIR" };

    public static Option<string?> Profile { get; } = new("--profile") { Description = "A calibration profile [default: the one shipped for the model]", HelpName = "FILE.json" };

    public static Option<string?> Report { get; } = new("--report") { Description = "The Markdown file whose section is replaced [default: docs/accuracy.md where there is a docs folder]", HelpName = "FILE.md" };

    public static Option<string> Images { get; } = new("--images") { Description = "The folder with catalogue_products and clothing_photos", HelpName = "DIR", Required = true };

    public static Option<string?> Pages { get; } = new("--pages") { Description = "The folder of the product extraction benchmark, with dataset in it", HelpName = "DIR" };

    public static Option<string?> Marks { get; } = new("--marks") { Description = "A folder of SVG marks [default: native/node_modules/simple-icons/icons where it is]", HelpName = "DIR" };

    public static Option<string?> Cache { get; } = new("--cache") { Description = "A folder that keeps the references' descriptions between evaluations [default: none]", HelpName = "DIR" };

    /// <summary>Loads the model and the baseline, each with its profile, and runs; what the user can mend becomes a sentence.</summary>
    /// <param name="readText">Whether text is a part of the whole reading where the user does not say.</param>
    public static async Task<int> Guarded(CommandContext context, bool readText, Action<IReadOnlyList<EvaluationParts>> run)
    {
        await Explained(() =>
        {
            ModelCatalog catalog = ModelCatalog.Load();
            using ImageEmbedder embedder = ImageEmbedder.Load(catalog, context.Arguments.GetValue(Model));
            using ImageEmbedder? baseline = context.Arguments.GetValue(Baseline) is { } id ? ImageEmbedder.Load(catalog, id) : null;
            using OcrReader? texts = ReadsText(context, readText) ? OcrReader.Load() : null;
            EvaluationParts measured = Parts(embedder, context.Arguments.GetValue(Profile)) with { Texts = texts };
            run(baseline is null ? [measured] : [measured, Parts(baseline, null) with { Texts = texts }]);
            return Task.CompletedTask;
        });
        return ExitCode.Done;
    }

    /// <summary>Runs; what the user can mend becomes a sentence.</summary>
    public static async Task Explained(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ModelUnavailableException)
        {
            throw new CommandFailedException(e.Message, ExitCode.Failed, e);
        }
        catch (ArgumentException e)
        {
            throw new CommandFailedException(e.Message, ExitCode.Usage, e);
        }
    }

    private static bool ReadsText(CommandContext context, bool readText)
    {
        // A command without the option uses all signals.
        RetrievalSignals signals = context.Arguments.CommandResult.Command.Options.Contains(Signals) ? context.Arguments.GetValue(Signals) : RetrievalSignals.All;
        return signals switch
        {
            RetrievalSignals.Text => true,
            RetrievalSignals.All => context.Arguments.GetValue(Text) ?? readText,
            _ => false,
        };
    }

    /// <summary>How many mistakes an evaluation keeps: some where a folder for them is named, else none.</summary>
    public static int MistakesKept(CommandContext context) => context.Arguments.GetValue(Mistakes) is null ? 0 : 40;

    /// <summary>The reader of a model with a profile from a file, or else the shipped one.</summary>
    public static EvaluationParts Parts(ImageEmbedder embedder, string? profileFile)
    {
        CalibrationProfile? profile = profileFile is null ? ShippedProfiles.Find(embedder.ModelId) : CalibrationProfile.Parse(File.ReadAllText(profileFile));
        if (profile is not null && profile.ModelId != embedder.ModelId)
            throw new CommandFailedException($"The profile {profile.Id} is for {profile.ModelId}, not for {embedder.ModelId}.", ExitCode.Usage);
        return new EvaluationParts(new FeatureExtractor(new ImageDecoder(), embedder), profile);
    }

    /// <summary>The report's file, or null, said to the user, where there is no place for one.</summary>
    public static string? ReportPath(CommandContext context)
    {
        if (context.Arguments.GetValue(Report) is { } named) return named;
        if (Directory.Exists("docs")) return Path.Combine("docs", "accuracy.md");
        context.People.WriteLine("There is no docs folder here: no report was written (name one with --report FILE.md).");
        return null;
    }

    /// <summary>The folder of marks, or null, said to the user, where none is found.</summary>
    public static string? MarkFolder(CommandContext context)
    {
        if (context.Arguments.GetValue(Marks) is { } named) return named;
        string installed = Path.Combine("native", "node_modules", "simple-icons", "icons");
        if (Directory.Exists(installed)) return installed;
        context.People.WriteLine($"There is no folder {installed} here: forged marks are left out (name a folder with --marks DIR).");
        return null;
    }
}
