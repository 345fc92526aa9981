using System.Diagnostics;
using Touchstone.Evaluation.Calibration;
using Touchstone.Evaluation.Extraction;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Reports;
using Touchstone.Evaluation.Retrieval;
using Touchstone.Evaluation.Robustness;
using Touchstone.Evaluation.Scenes;
using Touchstone.Evaluation.Siblings;
using Touchstone.Evaluation.Texts;

namespace Touchstone.Evaluation.Accuracy;

/// <summary>
/// Runs every evaluation on one data folder and writes the report as a whole. A part that fails is named with its reason, and the others
/// go on. Deterministic for equal options and data, but for the times.
/// </summary>
/// <param name="models">The model that is measured first, then baselines to stand beside it.</param>
public sealed class AccuracyRun(IReadOnlyList<EvaluationParts> models, AccuracyOptions options, IProgress<EvaluationProgress>? progress)
{
    private const int LeastReferences = 3;

    // A square thing of this part of the side covers 5 % of the picture.
    private const double SmallSide = 0.224;
    private const double LogoGoal = 0.70, SceneGoal = 0.90, RobustnessGoal = 0.97, SiblingGoal = 0.05, CalibrationErrorGoal = 0.02;

    /// <param name="reportPath">The Markdown file that is written whole; null writes none.</param>
    /// <exception cref="InvalidDataException">The data folder has no images.</exception>
    public AccuracyResult Run(string? reportPath, CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(options.ImageFolder)) throw new InvalidDataException($"There is no folder {options.ImageFolder}; the data folder holds images, with a folder for each data set.");
        long start = Stopwatch.GetTimestamp();
        List<PartResult> results = [];
        List<PartFailure> failures = [];
        foreach (AccuracyPart part in Parts(reportPath, cancellationToken))
        {
            progress?.Report(new EvaluationProgress($"— {part.Name} —", 1, 1));
            try
            {
                results.Add(part.Run());
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failures.Add(new PartFailure(part.Name, e.Message));
            }
            // After each part, so that a run that is broken off leaves what it measured.
            Write(reportPath, Whole(), results);
        }
        return Whole();

        AccuracyResult Whole() => new(
            models[0].ModelId, [.. results.SelectMany(result => result.Goals)], [.. results.Select(result => result.Title)], [.. failures], results.Sum(result => result.Mistakes.Count), Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private void Write(string? reportPath, AccuracyResult whole, List<PartResult> results)
    {
        Mistake[] mistakes = [.. results.SelectMany(result => result.Mistakes)];
        MistakePages.Write(options.OutFolder, "The worst mistakes", mistakes);
        if (reportPath is not null) AccuracyPage.Write(reportPath, whole, results, mistakes, options);
    }

    private IEnumerable<AccuracyPart> Parts(string? reportPath, CancellationToken cancellationToken)
    {
        foreach (string manifest in Directory.EnumerateFiles(options.ImageFolder, "manifest.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            if (RetrievalManifest.HasQueries(manifest)) yield return new AccuracyPart($"retrieval on {Path.GetFileName(Path.GetDirectoryName(manifest))}", () => Retrieval(manifest, cancellationToken));
        yield return new AccuracyPart("scenes", () => Scenes(null, small: false, cancellationToken));
        yield return new AccuracyPart("small things on scenes", () => Scenes(null, small: true, cancellationToken));
        if (options.MarkFolder is { } marks) yield return new AccuracyPart("small marks on scenes", () => Scenes(marks, small: true, cancellationToken));
        yield return new AccuracyPart("robustness", () => Robustness(reportPath, cancellationToken));
        yield return new AccuracyPart("siblings", () => Siblings(cancellationToken));
        yield return new AccuracyPart("titles of products", () => Titles(cancellationToken));
        if (options.PageFolder is { } pages) yield return new AccuracyPart("product pages", () => new PartResult(ExtractionSection.Title, ExtractionSection.Text(ExtractionEvaluation.Run(pages, progress, cancellationToken)), [], []));
        yield return new AccuracyPart("calibration", () => Calibration(reportPath, cancellationToken));
    }

    private PartResult Retrieval(string manifest, CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(manifest)!;
        int references = RetrievalManifest.Read(manifest).Rows.Count(row => row.Role == ManifestRole.Reference);
        if (references < LeastReferences) throw new InvalidDataException($"It has {references} references; a rank among fewer than {LeastReferences} says nothing.");
        bool marks = Path.GetFileName(folder).StartsWith("logos", StringComparison.Ordinal);
        RetrievalReport report = RetrievalEvaluation.Run(models, new RetrievalOptions
        {
            ManifestPath = manifest,
            Root = folder,
            Kind = marks ? ReferenceKind.Mark : ReferenceKind.GenuineProduct,
            MaxQueries = options.Quick ? 60 : null,
            MaxDistractors = options.Quick ? 60 : null,
            Seed = options.Seed,
            Threads = options.Threads,
            CacheFolder = options.CacheFolder,
            MistakesKept = 12,
        }, progress, cancellationToken);
        Goal[] goals = marks ? [Goal.AtLeast($"photo of an emblem → mark, right one first ({report.DataSetId}, {report.References} marks)", LogoGoal, report.RecallAt1)] : [];
        return new PartResult(MarkdownReport.TitleOf(report), RetrievalSection.Text(report), goals, report.Mistakes);
    }

    /// <summary>Products as photos usually show them, then products and marks that cover 5 % of the picture or less.</summary>
    private PartResult Scenes(string? markFolder, bool small, CancellationToken cancellationToken)
    {
        var scenes = new SceneOptions
        {
            ImageFolder = options.ImageFolder,
            MarkFolder = markFolder,
            References = options.Quick ? 300 : 1_500,
            Scenes = options.Quick ? 40 : 200,
            Strangers = options.Quick ? 20 : 60,
            Seed = options.Seed,
            Threads = options.Threads,
            CacheFolder = options.CacheFolder,
            MistakesKept = 12,
        };
        RetrievalReport report = SceneEvaluation.Run(models, small ? scenes with { Smallest = SmallSide, Largest = SmallSide } : scenes, progress, cancellationToken);
        Goal[] goals = small ? [] : [Goal.AtLeast($"made scene of a held-back product → its catalogue picture, right one first ({report.References} products)", SceneGoal, report.RecallAt1)];
        return new PartResult(MarkdownReport.TitleOf(report), RetrievalSection.Text(report), goals, report.Mistakes);
    }

    /// <summary>Without text: reading it in thousands of attacked pictures would take hours.</summary>
    private PartResult Robustness(string? reportPath, CancellationToken cancellationToken)
    {
        RobustnessReport report = RobustnessEvaluation.Run(models[0] with { Texts = null }, new RobustnessOptions
        {
            ImageFolder = options.ImageFolder,
            MarkFolder = options.MarkFolder,
            References = options.Quick ? 300 : 2_400,
            Marks = options.Quick ? 60 : 300,
            Copied = options.Quick ? 6 : 24,
            // Few of them have a sibling among the references, and those decide where the threshold lies.
            Strangers = options.Quick ? 12 : 96,
            Seed = options.Seed,
            Threads = options.Threads,
            CacheFolder = options.CacheFolder,
            MistakesKept = options.Quick ? 1 : 2,
        }, progress, cancellationToken);
        if (reportPath is not null) MarkdownReport.WriteChart(reportPath, report);
        AttackResult[] moderate = [.. report.Together.Where(result => result.Strength == AttackStrength.Moderate)];
        string among = $"at moderate strength among {report.References} pictures and {report.Marks} marks, recall at {report.Precision * 100:0} % precision";
        Goal[] goals =
        [
            .. moderate.Select(result => Goal.AtLeast($"{result.Attack} {among}", RobustnessGoal, result.RecallAmongEnrolled)),
            .. moderate.Select(result => Goal.AtLeast($"{result.Attack} {among}, strangers asked as often", RobustnessGoal, result.Recall)),
        ];
        return new PartResult(MarkdownReport.TitleOf(report), RobustnessSection.Text(report), goals, report.Mistakes);
    }

    /// <summary>Without text, as the attacks: a seller's title and the words on a package tell siblings apart, and this is what pictures alone do.</summary>
    private PartResult Siblings(CancellationToken cancellationToken)
    {
        var siblings = new SiblingOptions { ImageFolder = options.ImageFolder, MarkFolder = options.MarkFolder, Seed = options.Seed, Threads = options.Threads, CacheFolder = options.CacheFolder, MistakesKept = 12 };
        if (options.Quick) siblings = siblings with { Drawn = 12, References = 300, Asked = 60, Photos = 40 };
        SiblingReport report = SiblingEvaluation.Run(models[0] with { Texts = null }, siblings, progress, cancellationToken);
        return new PartResult(SiblingSection.Title, SiblingSection.Text(report), [Goal.AtMost($"siblings, drawn and real, that match ({report.Together.Of} pictures that show one)", SiblingGoal, report.Together.Value ?? 0)], report.Mistakes);
    }

    private PartResult Titles(CancellationToken cancellationToken)
    {
        TextPairReport report = TextPairEvaluation.Run(Path.Combine(options.DataFolder, "web", "match-pairs"), progress, cancellationToken);
        return new PartResult(TextPairSection.TitleOf(report), TextPairSection.Text(report), [], []);
    }

    /// <summary>Fits a profile anew, which is not kept, and measures it on what it was not fitted on.</summary>
    private PartResult Calibration(string? reportPath, CancellationToken cancellationToken)
    {
        string marks = options.MarkFolder ?? throw new InvalidDataException("No folder of marks was named.");
        var calibration = new CalibrationRunOptions { ImageFolder = options.ImageFolder, MarkFolder = marks };
        if (options.Quick) calibration = calibration with { Products = 160, Distractors = 100, Strangers = 80, Marks = 100, MarkDistractors = 40, Background = 64 };
        CalibrationResult result = CalibrationRun.Fit(new CalibrationRun(models[0].Reader, models[0].Texts).Measure(calibration, progress, cancellationToken), $"{models[0].ModelId}-measured");
        if (reportPath is not null) CalibrationReport.WriteDiagram(reportPath, result);
        return new PartResult(
            CalibrationReport.Title,
            CalibrationReport.Section(result),
            [
                .. result.Figures.Select(figures => Goal.AtMost($"{figures.Relation}: expected calibration error on {figures.Pictures} pictures that were not fitted", CalibrationErrorGoal, figures.CalibrationError)),
                .. result.Figures.Select(figures => Goal.AtMost($"{figures.Relation}: expected calibration error on {figures.CrossFitted.Pictures} pictures, each judged by a fit on other things", CalibrationErrorGoal, figures.CrossFitted.CalibrationError)),
            ],
            []);
    }
}
