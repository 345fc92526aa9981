using Touchstone.Vision.Alignment;

namespace Touchstone.Recognition.Text;

/// <summary>Where the other side of an agreed word stands.</summary>
public enum TextSource { Picture, Brand, Model, Title, Gtin }

/// <summary>A word read in a picture that the reference has, too.</summary>
/// <param name="Text">As read in the picture.</param>
/// <param name="ReferenceText">As the reference has it.</param>
/// <param name="Weight">What the agreement tells, 0 to about 1.3: much for a rare word.</param>
/// <param name="ImageCorners">The word's four corners in the picture, as parts (0..1) of its width and height.</param>
/// <param name="ReferenceCorners">Its corners in the reference's picture; empty where the register's facts have it.</param>
public sealed record AgreedWord(string Text, string ReferenceText, TextSource Source, double Weight, IReadOnlyList<ImagePoint> ImageCorners, IReadOnlyList<ImagePoint> ReferenceCorners);

/// <summary>Whether a picture's text names the reference by the register's facts.</summary>
public enum Naming
{
    None,

    /// <summary>The whole title, or the name of a mark, in words that are not common.</summary>
    Title,

    /// <summary>A brand and a model number of the reference.</summary>
    BrandAndModel,

    /// <summary>A trade number of the reference.</summary>
    Gtin,
}

/// <summary>What the text of a picture says of one reference; part of what a match is explained with.</summary>
/// <param name="Agreement">0: nothing agrees, or there is no text; towards 1: rare words agree, and most of the poorer text.</param>
/// <param name="Contradiction">0..1: both have much text and nothing agrees, or they state different numbers.</param>
/// <param name="Words">What agrees, the most telling first.</param>
/// <param name="Named">How fully the picture states which reference it is.</param>
/// <param name="Warnings">The warnings that both pictures carry.</param>
public sealed record TextAgreement(double Agreement, double Contradiction, IReadOnlyList<AgreedWord> Words, Naming Named, IReadOnlyList<Warning> Warnings)
{
    public static TextAgreement None { get; } = new(0, 0, [], Naming.None, []);

    /// <summary>What contradicts, as a sentence; null where nothing does.</summary>
    public string? Conflict { get; init; }

    /// <summary>What both read at the same places; nothing where keypoints do not place the reference in the picture.</summary>
    public TextAtPlace AtPlace { get; init; } = TextAtPlace.None;

    /// <summary>−1..1: the measurement that a probability is computed from; 0 where text says nothing.</summary>
    public double Balance => Agreement - Contradiction;
}
