using Touchstone.Recognition.Calibration;

namespace Touchstone.Tests.Recognition.Calibration;

public sealed class ExactBinomialTests
{
    // Clopper and Pearson's 95 % intervals, as printed in tables: each side has 97.5 %.
    [Theory]
    [InlineData(8, 10, 0.4439, 0.9748)]
    [InlineData(15, 20, 0.5090, 0.9134)]
    [InlineData(1, 30, 0.0008, 0.1722)]
    [InlineData(95, 100, 0.8872, 0.9836)]
    public void Bounds_are_those_of_the_tables(int count, int of, double low, double high)
    {
        Assert.Equal(low, ExactBinomial.LowerBound(count, of, 0.975), 4);
        Assert.Equal(high, ExactBinomial.UpperBound(count, of, 0.975), 4);
    }

    [Theory, InlineData(1), InlineData(74), InlineData(5000)]
    public void Where_every_trial_is_hit_the_bound_is_a_power(int of)
    {
        Assert.Equal(Math.Pow(0.05, 1.0 / of), ExactBinomial.LowerBound(of, of, 0.95), 9);
        Assert.Equal(1, ExactBinomial.UpperBound(of, of, 0.95));
        Assert.Equal(0, ExactBinomial.LowerBound(0, of, 0.95));
    }

    [Fact]
    public void The_chance_of_so_many_hits_is_the_sum_of_the_binomial()
    {
        double sum = 0;
        for (int k = 7; k <= 10; k++) sum += Choose(10, k) * Math.Pow(0.6, k) * Math.Pow(0.4, 10 - k);
        Assert.Equal(sum, ExactBinomial.AtLeast(7, 10, 0.6), 12);
        Assert.Equal(1, ExactBinomial.AtLeast(0, 10, 0.6));
        Assert.Equal(1, ExactBinomial.AtLeast(3, 10, 1));
        Assert.Equal(0, ExactBinomial.AtLeast(3, 10, 0));
    }

    [Fact]
    public void Impossible_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ExactBinomial.LowerBound(3, 2, 0.95));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExactBinomial.LowerBound(-1, 2, 0.95));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExactBinomial.LowerBound(1, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExactBinomial.AtLeast(1, 2, double.NaN));
    }

    private static double Choose(int n, int k) => Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * (n - k + i) / i);
}
