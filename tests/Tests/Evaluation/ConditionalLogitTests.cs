using Touchstone.Evaluation.Calibration;

namespace Touchstone.Tests.Evaluation;

public sealed class ConditionalLogitTests
{
    [Fact]
    public void Recovers_the_weights_that_people_chose_by()
    {
        double[] weights = ConditionalLogit.FitPositive(Choices(3000, [2, 0.5]));
        Assert.InRange(weights[0], 1.8, 2.2);
        Assert.InRange(weights[1], 0.4, 0.6);
    }

    [Fact]
    public void What_is_alike_in_all_options_of_a_picture_has_no_say()
    {
        Choice[] moved = [.. Choices(1000, [2, 0.5]).Select((choice, i) => choice with { Options = [.. choice.Options.Select(row => (double[])[row[0] + (i % 7), row[1]])] })];
        double[] still = ConditionalLogit.FitPositive(Choices(1000, [2, 0.5]), ridge: 1e-6), weights = ConditionalLogit.FitPositive(moved, ridge: 1e-6);
        Assert.Equal(still[0], weights[0], 4);
        Assert.Equal(still[1], weights[1], 4);
    }

    [Fact]
    public void A_feature_that_speaks_against_is_left_out()
    {
        double[] weights = ConditionalLogit.FitPositive(Choices(1000, [2, -1]));
        Assert.Equal(0, weights[1]);
        Assert.InRange(weights[0], 1, 2.2);
    }

    [Fact]
    public void Without_a_choice_there_is_nothing_to_fit() =>
        Assert.Throws<ArgumentException>(() => ConditionalLogit.FitPositive([new Choice([[1.0]], 0)]));

    /// <summary>Choices among eight by the weights and Gumbel noise, which is what the model supposes.</summary>
    private static Choice[] Choices(int count, double[] weights)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            double[][] options = [.. Enumerable.Range(0, 8).Select(_ => (double[])[random.NextDouble() * 4, random.NextDouble() * 4])];
            double[] liking = [.. options.Select(row => (row[0] * weights[0]) + (row[1] * weights[1]) - Math.Log(-Math.Log(random.NextDouble())))];
            return new Choice(options, Array.IndexOf(liking, liking.Max()));
        })];
    }
}
