using Touchstone.Index;
using Touchstone.Index.Rows;

namespace Touchstone.Tests.Index;

public sealed class ByteRowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(31)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(257)]
    public void Packed_residuals_come_back(int dimension)
    {
        sbyte[] values = [.. Enumerable.Range(0, dimension).Select(i => (sbyte)((i * 7 % 16) - 8))];
        byte[] packed = new byte[Residual.PackedLength(dimension)];
        Residual.Pack(values, packed);
        sbyte[] room = new sbyte[ResidualView.RoomFor(dimension)];
        Residual.Unpack(packed, room);
        Assert.Equal(values, room[..dimension]);
    }

    [Fact]
    public void Any_packed_byte_is_two_values_within_the_range()
    {
        byte[] packed = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        sbyte[] values = new sbyte[512];
        Residual.Unpack(packed, values);
        Assert.All(values, x => Assert.InRange(x, -8, 7));
    }

    [Fact]
    public void Bytes_and_residual_are_the_values_in_twelve_bits_and_views_have_length_1()
    {
        var layout = new VectorLayout(new VectorSpace("test/global", 48), new VectorView(new VectorSpace("test/half", 20), 28));
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            float[] vector = [.. Enumerable.Range(0, 48).Select(_ => (float)(random.NextDouble() - 0.5))];
            if (round % 3 == 0) vector[round % 48] = round % 2 == 0 ? 1 : -1; // the largest, on either side
            sbyte[] bytes = new sbyte[48], residual = new sbyte[48];
            float[] factors = new float[2];
            ByteRow.Write(layout, vector, bytes, residual, factors);
            float step = factors[0] / Residual.Parts;
            double[] fine = [.. bytes.Zip(residual, (x, y) => (double)((x * Residual.Parts) + y))];
            Assert.All(bytes, x => Assert.InRange(x, -127, 127));
            Assert.All(residual, x => Assert.InRange(x, -8, 7));
            Assert.All(fine.Zip(vector), x => Assert.InRange(x.First * step, x.Second - (0.501f * step), x.Second + (0.501f * step)));
            Assert.Equal(1, fine[28..].Sum(x => x * x) * Math.Pow(factors[1] / Residual.Parts, 2), 1e-5);
        }
    }
}
