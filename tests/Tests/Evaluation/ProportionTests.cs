using Touchstone.Evaluation.Statistics;

namespace Touchstone.Tests.Evaluation;

public sealed class ProportionTests
{
    /// <summary>Wilson's interval for 81 of 263 as printed in Newcombe, "Two-sided confidence intervals for the single proportion", 1998.</summary>
    [Fact]
    public void Wilson_interval_agrees_with_a_published_one()
    {
        var share = new Proportion(81, 263);
        Assert.Equal(0.2553, share.Low!.Value, 4);
        Assert.Equal(0.3662, share.High!.Value, 4);
    }

    [Fact]
    public void Extremes_stay_within_range()
    {
        Assert.Equal(0, new Proportion(0, 20).Low);
        Assert.Equal(0.1611, new Proportion(0, 20).High!.Value, 4);
        Assert.Equal(1, new Proportion(7, 7).High);
        Assert.Null(new Proportion(0, 0).Value);
        Assert.Equal("–", new Proportion(0, 0).ToString());
    }

    [Fact]
    public void Impossible_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(4, 3));
    }

    [Fact]
    public void Precision_threshold_takes_the_lowest_score_that_keeps_it()
    {
        (double, bool, double)[] answers = [(0.9, true, 1), (0.8, true, 1), (0.7, false, 1), (0.6, true, 1), (0.5, true, 1), (0.4, false, 1)];
        Assert.Equal((0.8, 2), PrecisionThreshold.Find(answers, 0.99));
        Assert.Equal((0.5, 4), PrecisionThreshold.Find(answers, 0.75));
        // A wrong one that stands for a third of a picture only.
        answers[2].Item3 = 1.0 / 3;
        Assert.Equal((0.5, 4), PrecisionThreshold.Find(answers, 0.92));
        Assert.Equal((0.8, 2), PrecisionThreshold.Find(answers, 0.93));
        Assert.Equal((null, 0), PrecisionThreshold.Find([(1, false, 1), (1, true, 1)], 0.99));
    }
}
