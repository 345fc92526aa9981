using System.Numerics;
using Touchstone.Index.Hamming;
using Touchstone.Index.Segments;

namespace Touchstone.Tests.Index.Segments;

public sealed class HammingSegmentTests : IDisposable
{
    private const string Space = "pdq";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segments");

    private string Path => System.IO.Path.Combine(_folder.FullName, "a.segment");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Segment_and_index_together_agree_with_a_scan(int seed)
    {
        var random = new Random(seed);
        ulong[] centre = Key(random);
        (long Id, ulong[] Key)[] keys = [.. Enumerable.Range(0, 1_500).Select(i => (i / 2L, Flip(random, centre, random.Next(250))))];
        using HammingSegment segment = Segment(keys[..1_000]);
        using var delta = new HammingIndex();
        foreach ((long id, ulong[] key) in keys[1_000..]) delta.Add(id, key);
        segment.Verify(TestContext.Current.CancellationToken);
        for (int i = 0; i < 40; i++)
        {
            ulong[][] queries = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Flip(random, centre, random.Next(60)))];
            int limit = random.Next(257), k = random.Next(1, 40), modulus = random.Next(1, 4);
            HammingNeighbour[] expected = [.. keys.Where(x => x.Id >= 500 || x.Id % modulus == 0).Select(x => new HammingNeighbour(x.Id, queries.Min(q => Distance(x.Key, q))))
                .Where(x => x.Distance <= limit).OrderBy(x => x.Distance).ThenBy(x => x.Id).Take(k)];
            Assert.Equal(expected, HammingSearch.Find([new HammingPart(segment, id => id % modulus == 0), new HammingPart(delta)], [.. queries.SelectMany(x => x)], limit, k));
        }
    }

    [Fact]
    public void A_segment_merged_from_a_segment_and_an_index_holds_what_was_kept()
    {
        var random = new Random(3);
        (long Id, ulong[] Key)[] keys = [.. Enumerable.Range(0, 300).Select(i => ((long)i, Key(random)))];
        using (HammingSegment old = Segment(keys[..200]))
        {
            using var delta = new HammingIndex();
            foreach ((long id, ulong[] key) in keys[200..]) delta.Add(id, key);
            using var builder = new HammingSegmentBuilder(Path + ".merged", Space);
            builder.AddAll(old, id => id != 7);
            builder.AddAll(delta, _ => true);
            builder.Commit();
        }
        using HammingSegment merged = HammingSegment.Open(Path + ".merged", Space);
        Assert.Equal(299, merged.Count);
        foreach ((long id, ulong[] key) in keys) Assert.Equal(id == 7 ? [] : [new HammingNeighbour(id, 0)], HammingSearch.Find([new HammingPart(merged)], key, 40, 5));
    }

    [Fact]
    public void Other_hashes_and_values_out_of_range_are_refused()
    {
        using HammingSegment segment = Segment([]);
        HammingPart[] parts = [new(segment)];
        Assert.Empty(HammingSearch.Find(parts, new ulong[4], 256, 5));
        Assert.Throws<ArgumentException>(() => HammingSearch.Find(parts, new ulong[5], 31, 5));
        Assert.Throws<ArgumentException>(() => HammingSearch.Find(parts, [], 31, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => HammingSearch.Find(parts, new ulong[4], 257, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => HammingSearch.Find(parts, new ulong[4], 31, 0));
        Assert.Equal(SegmentFault.OtherSpace, Assert.Throws<SegmentFileException>(() => HammingSegment.Open(Path, "other")).Fault);
    }

    private HammingSegment Segment((long Id, ulong[] Key)[] keys)
    {
        using var builder = new HammingSegmentBuilder(Path, Space);
        foreach ((long id, ulong[] key) in keys) builder.Add(id, key);
        builder.Commit();
        return HammingSegment.Open(Path, Space);
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
