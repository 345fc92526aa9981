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

/// <summary>The PDQ hashes of a picture and of its rotations and reflections, in the order of <see cref="PictureTurn"/>. Immutable by convention.</summary>
/// <param name="Hashes">Eight hashes.</param>
/// <param name="Quality">0..100, the same for all.</param>
public sealed record PdqDihedral(IReadOnlyList<PdqHash> Hashes, int Quality)
{
    public PdqHash this[PictureTurn turn] => Hashes[(int)turn];

    /// <summary>The turn whose hash is nearest to another picture's hash, and the distance in bits, 0..256.</summary>
    public (PictureTurn Turn, int Distance) NearestTo(PdqHash other)
    {
        (PictureTurn Turn, int Distance) best = (PictureTurn.None, Hashes[0].DistanceTo(other));
        for (int i = 1; i < Hashes.Count; i++)
        {
            int distance = Hashes[i].DistanceTo(other);
            if (distance < best.Distance) best = ((PictureTurn)i, distance);
        }
        return best;
    }
}
