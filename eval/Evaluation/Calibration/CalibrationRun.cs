using Touchstone.Screening;
using Touchstone.Screening.Calibration;
using Touchstone.Screening.Pipeline;

namespace Touchstone.Evaluation.Calibration;

/// <summary>What a calibration gave: the profile, the background set that it counts on, and how well it does.</summary>
public sealed record CalibrationResult(CalibrationProfile Profile, BackgroundSet Background, IReadOnlyList<RelationFigures> Figures, CalibrationSamples Samples, double Seconds);

/// <summary>Fits a calibration profile for the reader's model. Deterministic for one seed.</summary>
public sealed class CalibrationRun(ImageReader reader, TimeProvider clock)
{
    /// <summary>The weight of agreeing text, set by hand: the samples are made of pictures too small to read, so that it cannot be fitted.</summary>
    private static readonly Dictionary<Relation, double> TextWeights = new() { [Relation.SameImage] = 2, [Relation.SameProduct] = 6, [Relation.MarkPresent] = 8 };

    /// <exception cref="InvalidDataException">A picture of the data set, or a manifest, cannot be read.</exception>
    /// <exception cref="ArgumentException">There is too little to fit; the message says of what.</exception>
    public CalibrationResult Run(CalibrationRunOptions options, string profileId, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        long begun = clock.GetTimestamp();
        var maker = new SampleMaker(reader, options, progress, cancellationToken);
        BackgroundSet background = maker.Background();
        CalibrationSamples samples = maker.Make(new MatchJudge(reader.Model, background));
        (RelationCalibration Calibration, RelationFigures Figures)[] fits =
            [.. TextWeights.Keys.Select(r => RelationFitting.Fit(r, samples)).Select(f => (WithText(f.Figures.Relation, f.Calibration), f.Figures))];
        RelationCalibration product = fits[1].Calibration;
        var profile = new CalibrationProfile
        {
            Id = profileId,
            ModelId = reader.Model.Id,
            DataSetId = $"{samples.What}; background of {background.Count} pictures; seed {options.Seed}",
            Relations = new Dictionary<Relation, RelationCalibration>
            {
                [Relation.SameImage] = fits[0].Calibration,
                [Relation.SameProduct] = product,
                // Looks alike, without print in common: measured as the product is, but no sample tells how often that is right.
                [Relation.SameDesign] = product with { Match = null, Review = product.Review with { Guarantee = null } },
                [Relation.MarkPresent] = fits[2].Calibration,
            },
            Identifiers = new IdentifierCalibration(0.97, 0.90, 0.90, "set by hand: a GTIN names one product, but shops copy wrong ones; not fitted"),
        };
        return new CalibrationResult(profile, background, [.. fits.Select(f => f.Figures)], samples, clock.GetElapsedTime(begun).TotalSeconds);
    }

    private static RelationCalibration WithText(Relation relation, RelationCalibration fitted) => fitted with
    {
        Weights = fitted.Weights.ToDictionary(w => w.Key, w => w.Key == "textAgreement" ? TextWeights[relation] : w.Value),
    };
}
