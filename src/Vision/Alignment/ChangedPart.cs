namespace Touchstone.Vision.Alignment;

/// <summary>The largest connected part where two pictures, laid over each other, both show something and not the same.</summary>
/// <param name="Share">Of the area of the reference's thing where both stand on plain grounds, otherwise of the reference's, 0..1; 0 where there is none.</param>
/// <param name="QueryRegion">Its convex hull in px of the query; empty where there is none.</param>
public sealed record ChangedPart(float Share, IReadOnlyList<ImagePoint> QueryRegion)
{
    public static ChangedPart None { get; } = new(0, []);
}
