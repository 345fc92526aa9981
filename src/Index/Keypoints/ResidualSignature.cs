namespace Touchstone.Index.Keypoints;

/// <summary>
/// 64 bits that say on which side of 64 planes through its cell's centre a descriptor lies: near descriptors differ in few bits, others of
/// the cell in about 32 (Jégou, Douze and Schmid, "Hamming Embedding and Weak Geometric Consistency", ECCV 2008). The planes are rows of a
/// Hadamard matrix with shuffled signs, so that nothing has to be learnt.
/// </summary>
internal static class ResidualSignature
{
    private const int Length = DescriptorWords.DescriptorLength;

    private static readonly float[] Signs = MakeSigns();

    /// <summary>The signature of a residual of 128 values, which is overwritten.</summary>
    public static ulong Of(Span<float> residual)
    {
        for (int i = 0; i < Length; i++) residual[i] *= Signs[i];
        for (int width = 1; width < Length; width *= 2)
            for (int start = 0; start < Length; start += 2 * width)
                for (int i = start; i < start + width; i++)
                {
                    float a = residual[i], b = residual[i + width];
                    residual[i] = a + b;
                    residual[i + width] = a - b;
                }
        ulong bits = 0;
        for (int i = 0; i < 64; i++)
            if (residual[2 * i] > 0) bits |= 1UL << i;
        return bits;
    }

    private static float[] MakeSigns()
    {
        // A fixed generator of our own: the planes, and with them the candidates, must not change with the runtime's Random.
        ulong state = 0x9E3779B97F4A7C15;
        float[] signs = new float[Length];
        for (int i = 0; i < Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            signs[i] = (state >> 63) == 0 ? 1 : -1;
        }
        return signs;
    }
}
