using Touchstone.Index.Keypoints;

namespace Touchstone.Tests.Index;

public sealed class KeypointIndexTests
{
    private const int Length = VisualVocabulary.DescriptorLength;

    [Fact]
    public void A_picture_that_shares_a_tenth_of_its_keypoints_turned_and_shrunk_comes_first()
    {
        var random = new Random(5);
        using var index = new KeypointIndex(VisualVocabulary.Shipped);
        List<(IndexedKeypoint[] Keypoints, byte[] Descriptors)> pictures = [.. Enumerable.Range(0, 200).Select(_ => Picture(random, 150))];
        for (int i = 0; i < pictures.Count; i++) index.Put(i, pictures[i].Keypoints, pictures[i].Descriptors);
        Assert.Equal(200, index.Count);
        for (int wanted = 0; wanted < 200; wanted += 20)
        {
            (IndexedKeypoint[] keypoints, byte[] descriptors) = Picture(random, 150);
            for (int i = 0; i < 15; i++)
            {
                IndexedKeypoint of = pictures[wanted].Keypoints[i];
                keypoints[i] = new IndexedKeypoint(MathF.IEEERemainder(of.Angle + 1f, 2 * MathF.PI), of.Scale * 0.4f);
                for (int j = 0; j < Length; j++) descriptors[(i * Length) + j] = (byte)Math.Clamp(pictures[wanted].Descriptors[(i * Length) + j] + random.Next(-4, 5), 0, 255);
            }
            Assert.Equal(wanted, index.Search(keypoints, descriptors, 5)[0].Id);
        }
    }

    [Fact]
    public void Keypoints_that_agree_on_no_turn_and_size_count_less_than_those_that_do()
    {
        var random = new Random(6);
        using var index = new KeypointIndex(VisualVocabulary.Shipped);
        (IndexedKeypoint[] keypoints, byte[] descriptors) = Picture(random, 60);
        index.Put(1, keypoints, descriptors);
        index.Put(2, [.. keypoints.Select(k => new IndexedKeypoint((float)((random.NextDouble() * 6) - 3), (float)Math.Exp((random.NextDouble() * 5) - 1)))], descriptors);
        IReadOnlyList<KeypointVotes> found = index.Search(keypoints, descriptors, 5);
        Assert.Equal(1, found[0].Id);
        Assert.True(found[0].Votes > 2 * found[1].Votes, $"{found[0].Votes} against {found[1].Votes}");
    }

    [Fact]
    public void Removed_and_replaced_pictures_are_not_found_again()
    {
        var random = new Random(7);
        using var index = new KeypointIndex(VisualVocabulary.Shipped);
        List<(IndexedKeypoint[] Keypoints, byte[] Descriptors)> pictures = [.. Enumerable.Range(0, 300).Select(_ => Picture(random, 40))];
        for (int i = 0; i < pictures.Count; i++) index.Put(i, pictures[i].Keypoints, pictures[i].Descriptors);
        for (int i = 0; i < 290; i++) Assert.True(index.Remove(i));
        Assert.False(index.Remove(3));
        index.Put(295, pictures[0].Keypoints, pictures[0].Descriptors); // compacts
        Assert.Equal(10, index.Count);
        Assert.Equal(295, Assert.Single(index.Search(pictures[0].Keypoints, pictures[0].Descriptors, 5), x => x.Votes > 1).Id);
        Assert.DoesNotContain(index.Search(pictures[295].Keypoints, pictures[295].Descriptors, 5), x => x.Id == 295);
        Assert.Equal(299, index.Search(pictures[299].Keypoints, pictures[299].Descriptors, 5)[0].Id);
    }

    [Fact]
    public void Lengths_that_do_not_agree_are_refused()
    {
        using var index = new KeypointIndex(VisualVocabulary.Shipped);
        Assert.Throws<ArgumentException>(() => index.Put(1, new IndexedKeypoint[2], new byte[Length]));
        Assert.Throws<ArgumentException>(() => index.Search(new IndexedKeypoint[1], new byte[Length - 1], 5));
        Assert.Throws<ArgumentException>(() => new VisualVocabulary(new byte[5]));
        Assert.Throws<ArgumentException>(() => VisualVocabulary.Learn(new byte[Length * 10], 1));
    }

    [Fact]
    public void Words_learnt_from_descriptors_are_the_same_each_time_and_serve_the_index()
    {
        byte[] descriptors = Picture(new Random(8), 2_000).Descriptors;
        VisualVocabulary vocabulary = VisualVocabulary.Learn(descriptors, 3);
        Assert.True(vocabulary.Bytes.SequenceEqual(VisualVocabulary.Learn(descriptors, 3).Bytes));
        using var index = new KeypointIndex(vocabulary);
        (IndexedKeypoint[] keypoints, byte[] own) = Picture(new Random(9), 50);
        index.Put(4, keypoints, own);
        Assert.Equal(4, Assert.Single(index.Search(keypoints, own, 3)).Id);
    }

    private static (IndexedKeypoint[] Keypoints, byte[] Descriptors) Picture(Random random, int count)
    {
        IndexedKeypoint[] keypoints = [.. Enumerable.Range(0, count).Select(_ => new IndexedKeypoint((float)((random.NextDouble() * 6.28) - 3.14), (float)Math.Exp(random.NextDouble() * 3)))];
        byte[] descriptors = new byte[count * Length];
        for (int i = 0; i < descriptors.Length; i++) descriptors[i] = (byte)(random.NextDouble() < 0.4 ? 0 : random.Next(90));
        return (keypoints, descriptors);
    }
}
