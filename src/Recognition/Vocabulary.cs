namespace Touchstone.Recognition;

/// <summary>What a register holds, and what a search brings with it.</summary>
public enum ReferenceKind
{
    Alert,

    Design,

    Mark,

    GenuineProduct,

    KnownFake,

    /// <summary>The picture of a search. That search alone asks with it: it is in no gallery, and nothing else is ever compared with it.</summary>
    SearchedPicture,
}

/// <summary>How a picture relates to a reference, from the strictest to the loosest visual relation, then by identifiers.</summary>
public enum Relation
{
    /// <summary>An edited copy of the reference image.</summary>
    SameImage,

    /// <summary>Another photo of the same product.</summary>
    SameProduct,

    /// <summary>A look-alike shape.</summary>
    SameDesign,

    /// <summary>The mark is on the thing shown.</summary>
    MarkPresent,

    /// <summary>GTIN, or brand and model, agree.</summary>
    SameIdentifier,
}

/// <summary>What a screening concludes. NoMatch needs every required stage to have run on a ready index; otherwise Undetermined.</summary>
public enum Verdict { Match, Review, NoMatch, Undetermined }

/// <summary>A calibrated probability: 0..1. A value type; thread-safe.</summary>
public readonly record struct Probability : IComparable<Probability>
{
    /// <exception cref="ArgumentOutOfRangeException">Not within 0..1, or not a number.</exception>
    public Probability(double value)
    {
        if (!(value >= 0 && value <= 1)) throw new ArgumentOutOfRangeException(nameof(value), value, "A probability is within 0 and 1.");
        Value = value;
    }

    public double Value { get; }

    public int CompareTo(Probability other) => Value.CompareTo(other.Value);

    /// <summary>In percent; never 100, for no picture is certain.</summary>
    public override string ToString() => Value switch { > 0.99 => "> 99 %", > 0 and < 0.01 => "< 1 %", _ => $"{Value * 100:0} %" };

    public static bool operator <(Probability left, Probability right) => left.Value < right.Value;

    public static bool operator >(Probability left, Probability right) => left.Value > right.Value;

    public static bool operator <=(Probability left, Probability right) => left.Value <= right.Value;

    public static bool operator >=(Probability left, Probability right) => left.Value >= right.Value;
}
