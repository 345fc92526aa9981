using Touchstone.Index;
using Touchstone.Index.Exact;
using Touchstone.Tests.Contracts;

namespace Touchstone.Tests.Index;

public sealed class ExactIndexTests : VectorIndexContract
{
    protected override double ScoreTolerance => 1e-5;

    protected override IVectorIndex Create(VectorSpace space) => new ExactIndex(space);
}

public sealed class ExactInt8IndexTests : VectorIndexContract
{
    protected override double ScoreTolerance => 0.02;

    protected override IVectorIndex Create(VectorSpace space) => new ExactIndex(space, VectorPrecision.Int8);

    [Fact]
    public void A_zero_vector_scores_zero()
    {
        using var index = new ExactIndex(Space, VectorPrecision.Int8);
        index.Add(1, Space, new float[Space.Dimension]);
        Assert.Equal(0, index.Search(Space, Unit(new Random(1), Space.Dimension), 1)[0].Score);
    }
}
