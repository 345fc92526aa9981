using Touchstone.Evaluation.MarkRegister;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.LocalFeatures;
using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Tests.Evaluation;

public sealed class MadeMarksTests
{
    private const int Dimension = 32;
    private static readonly ImageFeatures[] Donors = [.. Enumerable.Range(0, 600).Select(Donor)];

    [Fact]
    public void Made_marks_are_as_near_to_each_other_as_described_ones_and_have_as_many_keypoints()
    {
        MarkSpread spread = MarkSpread.Fit(Donors, 1, TestContext.Current.CancellationToken);
        var maker = new MadeMarks(Donors, spread, 1);
        ImageFeatures[] made = [.. Enumerable.Range(0, Donors.Length).Select(i => maker.Make(i, "made"))];

        double[] described = MarkSpread.NearestCosines([.. Donors.Select(d => d.Embedding.Global)], 400), ofMade = MarkSpread.NearestCosines([.. made.Select(d => d.Embedding.Global)], 400);
        Assert.InRange(ofMade[200], described[200] - 0.02, described[200] + 0.02);
        double[] bits = MarkSpread.NearestBits([.. Donors.Select(d => d.Pdq)], 400), ofMadeBits = MarkSpread.NearestBits([.. made.Select(d => d.Pdq)], 400);
        Assert.InRange(ofMadeBits[200], bits[200] - 4, bits[200] + 4);
        Assert.InRange(made.Average(m => m.LocalFeatures!.Keypoints.Length), 0.9 * Donors.Average(d => d.LocalFeatures!.Keypoints.Length), 1.1 * Donors.Average(d => d.LocalFeatures!.Keypoints.Length));
        Assert.InRange(made.Average(m => m.Views.Count), 0.4, 0.6);
        Assert.All(made, m => Assert.Equal(1, m.Embedding.Global.Sum(x => x * x), 4));
        // Nearly the mean of the described ones, which is far from nought.
        Assert.InRange(made.Average(m => m.Embedding.Global[0]), Donors.Average(d => d.Embedding.Global[0]) - 0.03, Donors.Average(d => d.Embedding.Global[0]) + 0.03);
    }

    [Fact]
    public void A_made_mark_is_always_the_same_and_unlike_the_others()
    {
        var spread = new MarkSpread(0.5, 0.3);
        ImageFeatures one = new MadeMarks(Donors, spread, 1).Make(7, "made"), again = new MadeMarks(Donors, spread, 1).Make(7, "made"), other = new MadeMarks(Donors, spread, 1).Make(8, "made"), seeded = new MadeMarks(Donors, spread, 2).Make(7, "made");
        Assert.Equal(FeatureFormat.Write(one), FeatureFormat.Write(again));
        Assert.NotEqual(FeatureFormat.Write(one), FeatureFormat.Write(other));
        Assert.NotEqual(FeatureFormat.Write(one), FeatureFormat.Write(seeded));
        // What is made of a donor alone is that donor.
        ImageFeatures unmoved = new MadeMarks(Donors, new MarkSpread(0, 0), 1).Make(7, "made");
        Assert.Contains(Donors, d => d.Pdq == unmoved.Pdq && d.Embedding.Global.Zip(unmoved.Embedding.Global, (a, b) => MathF.Abs(a - b)).Max() < 1e-5f);
    }

    private static ImageFeatures Donor(int number)
    {
        var random = new Random(number);
        float[] Vector() => Unit([1.5f, .. Enumerable.Range(1, Dimension - 1).Select(_ => (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2))]);
        var keypoints = new Keypoint[random.Next(5, 80)];
        for (int i = 0; i < keypoints.Length; i++) keypoints[i] = new Keypoint(random.Next(100), random.Next(100), 2, 1);
        byte[] descriptors = new byte[keypoints.Length * LocalFeatureSet.DescriptorLength];
        random.NextBytes(descriptors);
        ulong Word() => (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        return new ImageFeatures($"{number}", new PdqResult(new PdqHash(Word(), Word(), Word(), Word()), 100), new ImageEmbedding("test", Vector(), [Vector()]), new LocalFeatureSet(100, 100, keypoints, descriptors))
        {
            Views = number % 2 == 0 ? [] : [Vector()],
        };
    }

    private static float[] Unit(float[] values)
    {
        float length = MathF.Sqrt(values.Sum(x => x * x));
        return Array.ConvertAll(values, x => x / length);
    }
}
