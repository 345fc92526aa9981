namespace Touchstone.Vision.PerceptualHash;

/// <summary>A rotation or reflection of a picture. Angles are clockwise as seen on a screen.</summary>
public enum PictureTurn
{
    None,
    Clockwise90,
    Clockwise180,
    Clockwise270,

    /// <summary>Left and right swapped.</summary>
    MirroredSideways,

    /// <summary>Top and bottom swapped.</summary>
    MirroredUpsideDown,

    /// <summary>Mirrored about the diagonal from the top left: rows become columns.</summary>
    Transposed,

    /// <summary>Mirrored about the other diagonal.</summary>
    Transversed,
}
