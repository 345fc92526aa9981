using Touchstone.Vision.PerceptualHash;

namespace Touchstone.Tests.Vision;

public sealed class PdqHashTests
{
    [Fact]
    public void Hexadecimal_form_is_read_back()
    {
        var hash = new PdqHash(1, 0xF00000000000000F, 0, ulong.MaxValue);
        Assert.Equal(hash, PdqHash.Parse(hash.ToString()));
    }

    [Fact]
    public void Distance_counts_differing_bits() => Assert.Equal(64, new PdqHash(0, 0, 0, 0).DistanceTo(new PdqHash(0, ulong.MaxValue, 0, 0)));
}
