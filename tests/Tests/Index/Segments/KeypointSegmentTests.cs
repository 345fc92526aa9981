using Touchstone.Index.Keypoints;
using Touchstone.Index.Segments;

namespace Touchstone.Tests.Index.Segments;

public sealed class KeypointSegmentTests : IDisposable
{
    private const int Length = VisualVocabulary.DescriptorLength;

    private static readonly VisualVocabulary Vocabulary = VisualVocabulary.Shipped;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segments");

    private string Path => System.IO.Path.Combine(_folder.FullName, "a.segment");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(170)]
    [InlineData(400)]
    public void However_pictures_are_spread_over_segment_and_index_the_votes_are_the_same(int inSegment)
    {
        Picture[] pictures = Pictures(400, 1);
        using KeypointIndex oracle = Index(pictures.Index());
        using KeypointSegment segment = Segment(pictures.Index().Take(inSegment));
        using KeypointIndex delta = Index(pictures.Index().Skip(inSegment));
        segment.Verify(TestContext.Current.CancellationToken);
        Assert.Equal((inSegment, 400 - inSegment), (segment.Count, delta.Count));
        int found = 0;
        foreach (Picture asked in Pictures(30, 1))
        {
            KeypointQuery[] queries = [asked.Query, Pictures(1, 99)[0].Query];
            KeypointAnswer expected = KeypointSearch.Find([new KeypointPart(oracle)], queries, 50);
            KeypointAnswer actual = KeypointSearch.Find([new KeypointPart(segment), new KeypointPart(delta)], queries, 50);
            Assert.Equal(expected.Votes, actual.Votes);
            Assert.Equal((expected.Visited, expected.Cells, 0), (actual.Visited, actual.Cells, actual.Unasked));
            found += actual.Votes.Count;
        }
        Assert.True(found > 100, $"{found} answers are too few to compare.");
    }

    [Fact]
    public void Rows_beyond_sixty_five_thousand_are_found()
    {
        Picture[] pictures = Pictures(50, 2);
        int[] rows = [0, 65_535, 65_536, 140_000];
        using (var builder = new KeypointSegmentBuilder(Path, Vocabulary))
        {
            for (int row = 0; row <= 140_000; row++)
            {
                int at = Array.IndexOf(rows, row);
                if (at >= 0) builder.Add(row, pictures[at].Keypoints, pictures[at].Descriptors);
                else builder.Add(row, pictures[10 + (row % 40)].Keypoints.AsSpan(0, 1), pictures[10 + (row % 40)].Descriptors.AsSpan(0, Length));
            }
            builder.Commit();
        }
        using KeypointSegment segment = KeypointSegment.Open(Path, Vocabulary);
        for (int i = 0; i < rows.Length; i++) Assert.Equal(rows[i], KeypointSearch.Find([new KeypointPart(segment)], [pictures[i].Query], 1).Votes[0].Id);
        Assert.Equal(["a.segment"], _folder.EnumerateFileSystemInfos().Select(x => x.Name));
    }

    [Fact]
    public void A_filter_leaves_the_others_answers_as_they_are()
    {
        Picture[] pictures = Pictures(200, 3);
        using KeypointSegment segment = Segment(pictures.Index());
        KeypointQuery[] query = [pictures[8].Query];
        KeypointVotes[] all = [.. KeypointSearch.Find([new KeypointPart(segment)], query, 1_000).Votes];
        IReadOnlyList<KeypointVotes> even = KeypointSearch.Find([new KeypointPart(segment, id => id % 2 == 0)], query, 1_000).Votes;
        Assert.Contains(all, x => x.Id % 2 == 1);
        Assert.Equal(all.Where(x => x.Id % 2 == 0), even);
    }

    [Fact]
    public void A_budget_leaves_the_longest_cells_out_and_says_how_many()
    {
        Picture[] pictures = Pictures(400, 4);
        using KeypointSegment segment = Segment(pictures.Index());
        KeypointPart[] parts = [new(segment)];
        KeypointAnswer all = KeypointSearch.Find(parts, [pictures[5].Query], 5);
        KeypointAnswer some = KeypointSearch.Find(parts, [pictures[5].Query], 5, all.Visited / 2);
        Assert.InRange(some.Visited, all.Visited / 4, all.Visited / 2);
        Assert.InRange(some.Unasked, 1, all.Cells - 1);
        Assert.Equal(5, some.Votes[0].Id);
        Assert.Equal(all.Cells, KeypointSearch.Find(parts, [pictures[5].Query], 5, 1).Unasked + 1, tolerance: 1);
    }

    [Fact]
    public void Mirrored_and_upright_in_one_search_give_the_better_of_both()
    {
        Picture[] pictures = Pictures(100, 5);
        using KeypointSegment segment = Segment(pictures.Index());
        KeypointPart[] parts = [new(segment)];
        Dictionary<long, float> one = KeypointSearch.Find(parts, [pictures[1].Query], 100).Votes.ToDictionary(x => x.Id, x => x.Votes);
        Dictionary<long, float> other = KeypointSearch.Find(parts, [pictures[2].Query], 100).Votes.ToDictionary(x => x.Id, x => x.Votes);
        KeypointVotes[] both = [.. KeypointSearch.Find(parts, [pictures[1].Query, pictures[2].Query], 100).Votes];
        Assert.Equal([1L, 2L], both.Take(2).Select(x => x.Id).Order());
        Assert.Equal(one.Keys.Union(other.Keys).Order(), both.Select(x => x.Id).Order());
        foreach (KeypointVotes votes in both) Assert.Equal(Math.Max(one.GetValueOrDefault(votes.Id), other.GetValueOrDefault(votes.Id)), votes.Votes, 1e-4f);
    }

    [Fact]
    public void A_segment_merged_from_a_segment_and_an_index_votes_like_one_built_anew()
    {
        Picture[] pictures = Pictures(300, 6);
        using (KeypointSegment old = Segment(pictures.Index().Take(200)))
        using (KeypointIndex delta = Index(pictures.Index().Skip(200)))
        using (var builder = new KeypointSegmentBuilder(Path + ".merged", Vocabulary))
        {
            Assert.True(delta.Remove(250));
            builder.AddAll(old, id => id != 7);
            builder.AddAll(delta, _ => true);
            builder.Commit();
        }
        using KeypointSegment merged = KeypointSegment.Open(Path + ".merged", Vocabulary);
        using KeypointSegment anew = Segment(pictures.Index().Where(x => x.Index is not (7 or 250)));
        Assert.Equal(298, merged.Count);
        foreach (Picture asked in pictures.Take(20))
            Assert.Equal(KeypointSearch.Find([new KeypointPart(anew)], [asked.Query], 50).Votes, KeypointSearch.Find([new KeypointPart(merged)], [asked.Query], 50).Votes);
        Assert.True(File.ReadAllBytes(Path).SequenceEqual(File.ReadAllBytes(Path + ".merged")), "Merging and building anew give different files.");
    }

    [Fact]
    public void A_builder_that_does_not_finish_leaves_the_old_segment()
    {
        Picture[] pictures = Pictures(40, 7);
        Segment(pictures.Index()).Dispose();
        Directory.CreateDirectory(Path + ".cells");
        File.WriteAllBytes(System.IO.Path.Combine(Path + ".cells", "3"), new byte[100]); // as a killed builder leaves it
        using (var builder = new KeypointSegmentBuilder(Path, Vocabulary)) builder.Add(1, pictures[0].Keypoints, pictures[0].Descriptors);
        using KeypointSegment segment = KeypointSegment.Open(Path, Vocabulary);
        segment.Verify(TestContext.Current.CancellationToken);
        Assert.Equal(40, segment.Count);
        Assert.Equal(["a.segment"], _folder.EnumerateFileSystemInfos().Select(x => x.Name));
    }

    [Fact]
    public void Another_vocabulary_is_refused()
    {
        var others = VisualVocabulary.Learn(Pictures(10, 8).SelectMany(x => x.Descriptors).ToArray(), 1);
        using KeypointSegment segment = Segment(Pictures(3, 8).Index());
        using var index = new KeypointIndex(others);
        Assert.Equal(SegmentFault.OtherSpace, Assert.Throws<SegmentFileException>(() => KeypointSegment.Open(Path, others)).Fault);
        Assert.Throws<ArgumentException>(() => KeypointSearch.Find([new KeypointPart(segment), new KeypointPart(index)], [default], 1));
        Assert.Throws<ArgumentException>(() => KeypointSearch.Find([], [default], 1));
        Assert.Throws<ArgumentException>(() => KeypointSearch.Find([new KeypointPart(segment)], [], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeypointSearch.Find([new KeypointPart(segment)], [default], 1, 0));
        Assert.Empty(KeypointSearch.Find([new KeypointPart(segment)], [default], 1).Votes);
    }

    [Fact]
    public async Task Searches_race_with_disposing_unharmed()
    {
        Picture[] pictures = Pictures(60, 9);
        Segment(pictures.Index()).Dispose();
        for (int round = 0; round < 10; round++)
        {
            KeypointSegment segment = KeypointSegment.Open(Path, Vocabulary);
            using var running = new CountdownEvent(3);
            Task[] searches = [.. Enumerable.Range(0, 3).Select(i => Task.Factory.StartNew(
                () => SearchUntilDisposed(segment, pictures[i].Query, i, running), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
            running.Wait(TestContext.Current.CancellationToken);
            segment.Dispose();
            await Task.WhenAll(searches);
        }
    }

    private static void SearchUntilDisposed(KeypointSegment segment, KeypointQuery query, long wanted, CountdownEvent running)
    {
        for (bool first = true; ; first = false)
        {
            try
            {
                Assert.Equal(wanted, KeypointSearch.Find([new KeypointPart(segment)], [query], 1).Votes[0].Id);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            if (first) running.Signal();
        }
    }

    private KeypointSegment Segment(IEnumerable<(int Index, Picture Item)> pictures)
    {
        using var builder = new KeypointSegmentBuilder(Path, Vocabulary);
        foreach ((int id, Picture picture) in pictures) builder.Add(id, picture.Keypoints, picture.Descriptors);
        builder.Commit();
        return KeypointSegment.Open(Path, Vocabulary);
    }

    private static KeypointIndex Index(IEnumerable<(int Index, Picture Item)> pictures)
    {
        var index = new KeypointIndex(Vocabulary);
        foreach ((int id, Picture picture) in pictures) index.Put(id, picture.Keypoints, picture.Descriptors);
        return index;
    }

    /// <summary>Pictures with a tenth of their descriptors from a small stock, so that strangers share some.</summary>
    private static Picture[] Pictures(int count, int seed)
    {
        var random = new Random(seed);
        byte[][] stock = [.. Enumerable.Range(0, 40).Select(_ => Descriptor(random))];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int keypoints = random.Next(30, 90);
            return new Picture(
                [.. Enumerable.Range(0, keypoints).Select(_ => new IndexedKeypoint((float)((random.NextDouble() * 6.28) - 3.14), (float)Math.Exp(random.NextDouble() * 3)))],
                [.. Enumerable.Range(0, keypoints).SelectMany(_ => random.Next(3) == 0 ? stock[random.Next(stock.Length)] : Descriptor(random))]);
        })];
    }

    private static byte[] Descriptor(Random random) => [.. Enumerable.Range(0, Length).Select(_ => (byte)(random.NextDouble() < 0.4 ? 0 : random.Next(90)))];

    private sealed record Picture(IndexedKeypoint[] Keypoints, byte[] Descriptors)
    {
        public KeypointQuery Query => new(Keypoints, Descriptors);
    }
}
