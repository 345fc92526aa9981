using Touchstone.Index.Segments;

namespace Touchstone.Tests.Index.Segments;

public sealed class SegmentFileTests : IDisposable
{
    private const string Space = "model_1";

    private static readonly SegmentKind Kind = new("test", 3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segments");

    private string Path => System.IO.Path.Combine(_folder.FullName, "a.segment");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_was_written_is_read_in_place_and_aligned()
    {
        Write(Path, 1_000);
        using SegmentFile file = SegmentFile.Open(Path, Kind, Space);
        SegmentSection<byte> bytes = file.Section<byte>("bytes");
        SegmentSection<ulong> words = file.Section<ulong>("words", 1_000);
        Assert.Equal(0, file.Section<int>("none").Length);
        using SegmentLease lease = file.Lease();
        Assert.Equal([1, 2, 3], lease.Read(bytes).ToArray());
        Assert.Equal(Words(1_000), lease.Read(words).ToArray());
        Assert.Equal(0, words.Offset % 64);
        file.Verify(TestContext.Current.CancellationToken);
        Assert.Equal(new FileInfo(Path).Length, file.Length);
        Assert.False(File.Exists(Path + ".part"));
    }

    [Fact]
    public void Every_damaged_byte_is_noticed()
    {
        Write(Path, 40);
        byte[] whole = File.ReadAllBytes(Path);
        using SegmentFile sound = SegmentFile.Open(Path, Kind, Space);
        (long from, long to) = (sound.Section<ulong>("words").Offset, sound.Length);
        string other = Path + ".damaged";
        foreach (int at in Enumerable.Range(0, 4_096).Where(i => i % 7 == 0).Concat(Enumerable.Range((int)from, (int)(to - from))))
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 16;
            File.WriteAllBytes(other, damaged);
            SegmentFileException e = Assert.Throws<SegmentFileException>(() =>
            {
                using SegmentFile file = SegmentFile.Open(other, Kind, Space);
                file.Verify();
            });
            Assert.Contains(other, e.Message, StringComparison.Ordinal);
            Assert.Equal(at switch { < 9 => SegmentFault.NotASegment, < 13 => SegmentFault.OtherVersion, < 4_096 => SegmentFault.NotASegment, _ => SegmentFault.Corrupt }, e.Fault);
        }
    }

    [Theory]
    [InlineData(0, SegmentFault.NotASegment)]
    [InlineData(8, SegmentFault.NotASegment)]
    [InlineData(4_095, SegmentFault.NotASegment)]
    [InlineData(4_096, SegmentFault.WrongLength)]
    [InlineData(-1, SegmentFault.WrongLength)]
    public void A_truncated_file_is_refused_when_it_is_opened(int length, SegmentFault fault)
    {
        Write(Path, 40);
        using (FileStream stream = File.OpenWrite(Path)) stream.SetLength(length < 0 ? stream.Length + length : length);
        Assert.Equal(fault, Fault(Path, Kind, Space).Fault);
    }

    [Fact]
    public void Foreign_and_missing_files_are_refused_with_the_reason()
    {
        Write(Path, 40);
        Assert.Contains("test version 3, not keys version 3", Fault(Path, new SegmentKind("keys", 3), Space).Message, StringComparison.Ordinal);
        Assert.Equal(SegmentFault.OtherKind, Fault(Path, new SegmentKind("keys", 3), Space).Fault);
        Assert.Equal(SegmentFault.OtherVersion, Fault(Path, new SegmentKind("test", 4), Space).Fault);
        Assert.Contains("of model_1, not of model_2", Fault(Path, Kind, "model_2").Message, StringComparison.Ordinal);
        Assert.Equal(SegmentFault.Unreadable, Fault(Path + ".missing", Kind, Space).Fault);
        Assert.Equal(SegmentFault.Unreadable, Fault(_folder.FullName, Kind, Space).Fault);
        using SegmentFile file = SegmentFile.Open(Path, Kind, Space);
        Assert.Throws<SegmentFileException>(() => file.Section<byte>("other"));
        Assert.Throws<SegmentFileException>(() => file.Section<byte>("words"));
        Assert.Throws<SegmentFileException>(() => file.Section<ulong>("words", 41));
    }

    [Fact]
    public void A_writer_that_does_not_finish_leaves_the_old_file()
    {
        Write(Path, 40);
        File.WriteAllBytes(Path + ".part", new byte[100_000]); // as a killed writer leaves it
        Check(Path, 40);
        using (var writer = new SegmentWriter(Path, Kind, Space))
        {
            Assert.Throws<IOException>(() => new SegmentWriter(Path, Kind, Space));
            writer.Write<ulong>("words", Words(50));
        }
        Check(Path, 40);
        Assert.False(File.Exists(Path + ".part"));
        Write(Path, 60);
        Check(Path, 60);
    }

    [Fact]
    public void A_lease_outlives_its_file_disposed_and_replaced()
    {
        Write(Path, 100_000);
        SegmentFile file = SegmentFile.Open(Path, Kind, Space);
        SegmentSection<ulong> words = file.Section<ulong>("words");
        SegmentLease lease = file.Lease();
        Write(Path, 10);
        File.Delete(Path);
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(file.Lease);
        Assert.Equal(Words(100_000), lease.Read(words).ToArray());
        lease.Dispose();
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lease.Read(words).Length);
    }

    [Fact]
    public async Task Readers_race_with_disposing_unharmed()
    {
        Write(Path, 200_000);
        ulong sum = Sum(Words(200_000));
        for (int round = 0; round < 30; round++)
        {
            SegmentFile file = SegmentFile.Open(Path, Kind, Space);
            SegmentSection<ulong> words = file.Section<ulong>("words");
            int read = 0;
            Task[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                while (true)
                {
                    SegmentLease lease;
                    try
                    {
                        lease = file.Lease();
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                    using (lease) Assert.Equal(sum, Sum(lease.Read(words)));
                    Interlocked.Increment(ref read);
                }
            }))];
            while (Volatile.Read(ref read) < 8) await Task.Yield();
            file.Dispose();
            await Task.WhenAll(readers);
        }
    }

    [Fact]
    public void What_the_writer_cannot_keep_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new SegmentWriter(Path, new SegmentKind(new string('k', 33), 1), Space));
        Assert.Throws<ArgumentException>(() => new SegmentWriter(Path, Kind, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SegmentWriter(Path, new SegmentKind("test", 0), Space));
        using var writer = new SegmentWriter(Path, Kind, Space);
        Assert.Throws<InvalidOperationException>(() => writer.Append<int>([1]));
        writer.Begin<long>("a");
        Assert.Throws<InvalidOperationException>(() => writer.Append<int>([1]));
        Assert.Throws<ArgumentException>(() => writer.Begin<int>("a"));
        for (int i = 1; i < 32; i++) writer.Begin<int>($"{i}{new string('n', 30)}"[..32]);
        Assert.Throws<InvalidOperationException>(() => writer.Begin<int>("one more"));
        writer.Commit();
        SegmentFile.Open(Path, Kind, Space).Dispose();
    }

    private static SegmentFileException Fault(string path, SegmentKind kind, string space) => Assert.Throws<SegmentFileException>(() => SegmentFile.Open(path, kind, space));

    private static void Check(string path, int count)
    {
        using SegmentFile file = SegmentFile.Open(path, Kind, Space);
        file.Verify();
        Assert.Equal(count, file.Section<ulong>("words").Length);
    }

    private static void Write(string path, int count)
    {
        using var writer = new SegmentWriter(path, Kind, Space);
        writer.Write<byte>("bytes", [1, 2, 3]);
        writer.Write<int>("none", []);
        writer.Begin<ulong>("words");
        foreach (ulong[] part in Words(count).Chunk(777)) writer.Append<ulong>(part);
        writer.Commit();
    }

    private static ulong[] Words(int count) => [.. Enumerable.Range(0, count).Select(i => (ulong)i * 0x9E3779B97F4A7C15)];

    private static ulong Sum(ReadOnlySpan<ulong> words)
    {
        ulong sum = 0;
        foreach (ulong word in words) sum += word;
        return sum;
    }
}
