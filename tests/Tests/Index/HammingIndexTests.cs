using System.Numerics;
using Touchstone.Index.Hamming;

namespace Touchstone.Tests.Index;

public sealed class HammingIndexTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Search_agrees_with_a_scan_after_any_changes(int seed)
    {
        var random = new Random(seed);
        using var index = new HammingIndex();
        List<(long Id, ulong[] Key)> oracle = [];
        ulong[] centre = Key(random);
        for (int step = 0; step < 2_000; step++)
        {
            long id = random.Next(500);
            if (random.Next(5) == 0)
            {
                Assert.Equal(oracle.RemoveAll(x => x.Id == id) > 0, index.Remove(id));
                continue;
            }
            ulong[] key = Flip(random, centre, random.Next(200));
            index.Add(id, key);
            oracle.Add((id, key));
        }
        Assert.Equal(oracle.Count, index.Count);
        for (int i = 0; i < 30; i++)
        {
            ulong[] query = Flip(random, centre, random.Next(60));
            int limit = random.Next(257), k = random.Next(1, 40);
            HammingNeighbour[] expected = [.. oracle.Select(x => new HammingNeighbour(x.Id, Distance(x.Key, query))).Where(x => x.Distance <= limit)
                .OrderBy(x => x.Distance).ThenBy(x => x.Id).Take(k)];
            Assert.Equal(expected, index.Search(query, limit, k));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1_021)]
    public void Bits_are_counted_alike_at_any_number_of_keys_and_in_the_extremes(int keys)
    {
        var random = new Random(keys);
        using var index = new HammingIndex();
        ulong[] none = new ulong[4], all = [ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue];
        ulong[] topOnly = [1UL << 63, 0, 0, 0], firstHalf = [ulong.MaxValue, ulong.MaxValue, 0, 0], secondHalf = [0, 0, ulong.MaxValue, ulong.MaxValue];
        ulong[][] added = [.. Enumerable.Range(0, keys).Select(i => (i % 7) switch { 0 => none, 1 => all, 2 => topOnly, 3 => firstHalf, 4 => secondHalf, _ => Key(random) })];
        for (int i = 0; i < keys; i++) index.Add(i, added[i]);
        foreach (ulong[] query in new[] { none, all, topOnly, firstHalf, secondHalf, Key(random) })
        {
            foreach (int limit in new[] { 0, 1, 63, 64, 127, 128, 129, 192, 255, 256 })
            {
                HammingNeighbour[] expected = [.. added.Select((key, id) => new HammingNeighbour(id, Distance(key, query))).Where(x => x.Distance <= limit).OrderBy(x => x.Distance).ThenBy(x => x.Id)];
                Assert.Equal(expected, index.Search(query, limit, 2_000));
            }
        }
    }

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        using var index = new HammingIndex();
        Assert.Throws<ArgumentException>(() => index.Add(1, new ulong[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search(new ulong[4], 257, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Search(new ulong[4], 31, 0));
        Assert.Empty(index.Search(new ulong[4], 31, 5));
    }

    private static int Distance(ulong[] x, ulong[] y) => x.Zip(y, (a, b) => BitOperations.PopCount(a ^ b)).Sum();

    private static ulong[] Key(Random random) => [.. Enumerable.Range(0, 4).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];

    private static ulong[] Flip(Random random, ulong[] key, int bits)
    {
        ulong[] flipped = [.. key];
        for (int i = 0; i < bits; i++) flipped[random.Next(4)] ^= 1UL << random.Next(64);
        return flipped;
    }
}
