using Touchstone.Recognition.Calibration;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Scoring;
using Touchstone.Vision.Ocr;

namespace Touchstone.Evaluation.Calibration;

/// <summary>What a calibration gave: the profile, the background set that it counts on, and how well it does.</summary>
public sealed record CalibrationResult(CalibrationProfile Profile, NormalisationCohort Background, IReadOnlyList<RelationFigures> Figures, CalibrationSamples Samples);

/// <summary>Fits a calibration profile for the reader's model. Deterministic for one seed.</summary>
/// <param name="texts">Reads the text in pictures; null: no sample carries text, and its weight is set by hand.</param>
public sealed class CalibrationRun(FeatureExtractor reader, OcrReader? texts)
{
    private static readonly Relation[] Fitted = [Relation.SameImage, Relation.SameProduct, Relation.MarkPresent];

    /// <summary>Makes and asks the samples.</summary>
    /// <exception cref="InvalidDataException">A picture of the data set, or a manifest, cannot be read.</exception>
    /// <exception cref="ArgumentException">There are too few things of a kind; the message says of which.</exception>
    public MeasuredSamples Measure(CalibrationRunOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var maker = new SampleMaker(reader, texts, options, progress, cancellationToken);
        NormalisationCohort background = maker.Background();
        return new MeasuredSamples(reader.Model.Id, options.Seed, background.ToBytes(), maker.Make(new PairScorer(reader.Model, background)));
    }

    /// <summary>Fits a profile on samples. Deterministic.</summary>
    /// <exception cref="ArgumentException">There is too little to fit; the message says of what.</exception>
    public static CalibrationResult Fit(MeasuredSamples measured, string profileId)
    {
        ArgumentNullException.ThrowIfNull(measured);
        CalibrationSamples samples = measured.Samples;
        NormalisationCohort background = NormalisationCohort.Parse(measured.Background);
        IReadOnlyDictionary<Relation, EvidenceScale> evidence = EvidenceFitting.Fit(samples);
        CalibrationSamples weighed = samples.WithMargins(evidence);
        (RelationCalibration Calibration, RelationFigures Figures)[] fits = [.. Fitted.Select(r => RelationFitting.Fit(r, weighed, evidence[r]))];
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
            ModelId = measured.ModelId,
            DataSetId = $"{samples.What}; background of {background.Count} pictures; seed {measured.Seed}",
            Relations = relations,
            Evidence = evidence,
            Fusion = FusionFitting.Fit(weighed, evidence),
            EarlyExit = EarlyExitFitting.Fit(weighed, relations),
            Identifiers = new IdentifierCalibration(0.97, 0.90, 0.90, "set by hand: a GTIN names one product, but shops copy wrong ones; not fitted"),
        };
        return new CalibrationResult(profile, background, [.. fits.Select(f => f.Figures)], samples);
    }
}
