namespace Touchstone.Index.Keypoints;

/// <summary>What a vote counts by how many bits two signatures differ in; strangers of a cell differ in about 32.</summary>
internal static class SignatureAgreement
{
    public const int MostBitsApart = 22;

    private static readonly float[] Weights = [.. Enumerable.Range(0, MostBitsApart + 1).Select(apart => MathF.Exp(-apart * apart / 200f))];

    /// <summary>1 for equal signatures, less the more they differ; at most <see cref="MostBitsApart"/> bits.</summary>
    public static float Weight(int apart) => Weights[apart];
}
