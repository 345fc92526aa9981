using Touchstone.Screening;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Pipeline;
using Touchstone.Vision.Text;

namespace Touchstone.Evaluation.Calibration;

/// <summary>What a calibration gave: the profile, the background set that it counts on, and how well it does.</summary>
public sealed record CalibrationResult(CalibrationProfile Profile, BackgroundSet Background, IReadOnlyList<RelationFigures> Figures, CalibrationSamples Samples, double Seconds);

/// <summary>Fits a calibration profile for the reader's model. Deterministic for one seed.</summary>
/// <param name="texts">Reads the text in pictures; null: no sample carries text, and its weight is set by hand.</param>
public sealed class CalibrationRun(ImageReader reader, PictureTextReader? texts, TimeProvider clock)
{
    /// <summary>Right pairs with agreeing text from which on its weight is fitted.</summary>
    public const int EnoughText = 20;

    private const string TextName = "textAgreement";

    /// <summary>The weight of agreeing text, set by hand, where too few samples carry text, or where the rest of the reading tells what text tells.</summary>
    private static readonly Dictionary<Relation, double> TextWeights = new() { [Relation.SameImage] = 2, [Relation.SameProduct] = 6, [Relation.MarkPresent] = 8 };

    /// <exception cref="InvalidDataException">A picture of the data set, or a manifest, cannot be read.</exception>
    /// <exception cref="ArgumentException">There is too little to fit; the message says of what.</exception>
    /// <param name="drawn">Told of the samples before anything is fitted.</param>
    public CalibrationResult Run(
        CalibrationRunOptions options, string profileId, Action<CalibrationSamples>? drawn = null, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        long begun = clock.GetTimestamp();
        var maker = new SampleMaker(reader, texts, options, progress, cancellationToken);
        BackgroundSet background = maker.Background();
        CalibrationSamples samples = maker.Make(new MatchJudge(reader.Model, background));
        drawn?.Invoke(samples);
        (RelationCalibration Calibration, RelationFigures Figures)[] fits =
            [.. TextWeights.Keys.Select(r => RelationFitting.Fit(r, samples)).Select(f => (WithText(f.Figures.Relation, f.Calibration, samples), f.Figures))];
        RelationCalibration product = fits[1].Calibration;
        var relations = new Dictionary<Relation, RelationCalibration>
        {
            [Relation.SameImage] = fits[0].Calibration,
            [Relation.SameProduct] = product,
            // Looks alike, without print in common: measured as the product is, but no sample tells how often that is right.
            [Relation.SameDesign] = product with { Match = null, Review = product.Review with { Guarantee = null } },
            [Relation.MarkPresent] = fits[2].Calibration,
        };
        var profile = new CalibrationProfile
        {
            Id = profileId,
            ModelId = reader.Model.Id,
            DataSetId = $"{samples.What}; background of {background.Count} pictures; seed {options.Seed}",
            Relations = relations,
            Glance = GlanceFitting.Fit(samples, relations),
            Identifiers = new IdentifierCalibration(0.97, 0.90, 0.90, "set by hand: a GTIN names one product, but shops copy wrong ones; not fitted"),
        };
        return new CalibrationResult(profile, background, [.. fits.Select(f => f.Figures)], samples, clock.GetElapsedTime(begun).TotalSeconds);
    }

    /// <summary>Whether the weight of text is fitted on the samples rather than set by hand.</summary>
    public static bool FitsText(Relation relation, CalibrationSamples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return samples.Pairs.Count(p => p.Relation == relation && p.Same && p.Features.TextAgreement > 0) >= EnoughText;
    }

    private static RelationCalibration WithText(Relation relation, RelationCalibration fitted, CalibrationSamples samples) =>
        FitsText(relation, samples) && fitted.Weights[TextName] > 0
            ? fitted
            : fitted with { Weights = fitted.Weights.ToDictionary(w => w.Key, w => w.Key == TextName ? TextWeights[relation] : w.Value) };
}
