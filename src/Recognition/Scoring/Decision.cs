namespace Touchstone.Recognition.Scoring;

/// <summary>Why what is probable enough to be a match is only for review.</summary>
public enum HeldBack
{
    /// <summary>Too little but likeness speaks for it (<see cref="PairScorer.IsCorroborated"/>).</summary>
    NotExplained,

    /// <summary>A part of the picture shows another thing (<see cref="Calibration.ChangeCalibration"/>).</summary>
    ShowsAnother,

    /// <summary>Where the reference lies in the picture, a line reads something else (<see cref="Text.TextAtPlace"/>).</summary>
    ReadsOtherwise,
}

/// <summary>What a measurement makes by a profile: a probability and a verdict, and why it is no match though it is probable enough; null where it is not held back.</summary>
public readonly record struct Decision(Probability Probability, Verdict Verdict, HeldBack? HeldBack);
