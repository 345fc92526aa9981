using Touchstone.Recognition.Calibration;

namespace Touchstone.Tests.Recognition.Calibration;

public sealed class PromiseSearchTests
{
    private const double Target = 0.96;

    /// <summary>
    /// Pictures with scores spread evenly, right with probability 1 − (1 − s)³: from t on the true precision is 1 − (1 − t)³ / 4.
    /// A promise may be broken in one of twenty trials; 3 standard deviations of 2,000 trials are 1.5 points.
    /// </summary>
    [Fact]
    public void A_promise_is_broken_at_most_as_often_as_its_confidence_allows()
    {
        var random = new Random(5);
        int broken = 0, promised = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            ScoredPicture[] pictures = Pictures(random, 600, s => 1 - Math.Pow(1 - s, 3));
            if (PromiseSearch.LowestWithPrecision(pictures, Target, 0.2) is not { } found) continue;
            promised++;
            if (1 - (Math.Pow(1 - found.Probability, 3) / 4) < Target) broken++;
        }
        Assert.True(broken <= 2000 * (0.05 + 0.015), $"{broken} of 2000 promises were broken.");
        Assert.True(promised > 1000, $"Only {promised} of 2000 trials promised anything.");
    }

    [Fact]
    public void Nothing_is_promised_where_the_precision_is_not_there()
    {
        var random = new Random(6);
        int promised = Enumerable.Range(0, 500).Count(_ => PromiseSearch.LowestWithPrecision(Pictures(random, 600, _ => 0.93), Target, 0.5) is not null);
        Assert.True(promised <= 500 * (0.05 + 0.03), $"{promised} of 500 trials promised 96 % where 93 % is true.");
    }

    [Fact]
    public void Too_few_pictures_promise_nothing_however_right()
    {
        Assert.Equal(74, PromiseSearch.LeastSamples(Target, 0));
        Assert.Null(PromiseSearch.LowestWithPrecision(Right(73), Target, 0.5));
        Assert.Equal(74, PromiseSearch.LowestWithPrecision(Right(74), Target, 0.5)?.Samples);
        Assert.Null(PromiseSearch.LowestWithPrecision([], Target, 0.5));
    }

    [Fact]
    public void No_probability_below_the_floor_is_taken()
    {
        ScoredPicture[] pictures = [.. Right(500), .. Enumerable.Repeat(new ScoredPicture(0.4, true), 500)];
        Assert.Equal(new PromisedPrecision(0.5, 500, 500), PromiseSearch.LowestWithPrecision(pictures, Target, 0.5));
    }

    private static ScoredPicture[] Right(int count) => [.. Enumerable.Repeat(new ScoredPicture(0.9, true), count)];

    private static ScoredPicture[] Pictures(Random random, int count, Func<double, double> right) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextDouble()).Select(s => new ScoredPicture(s, random.NextDouble() < right(s)))];
}
