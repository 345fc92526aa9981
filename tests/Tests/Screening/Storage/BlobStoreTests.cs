using System.Text;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Storage;

/// <summary>What every store of blobs keeps to, the folder and the S3-compatible storage alike.</summary>
public sealed class BlobStoreTests : IDisposable
{
    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes("a picture");

    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-blobs-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_was_put_is_there_once_under_its_hash_and_nothing_else_is(bool s3)
    {
        await using ObjectStore? objects = s3 ? await ObjectStore.StartAsync() : null;
        IBlobStore blobs = Open(objects);
        string name = await blobs.PutAsync(Bytes, Token);
        Assert.Equal(BlobName.Of(Bytes), name);
        Assert.Equal(name, await blobs.PutAsync(Bytes, Token));
        Assert.Equal(Bytes, await blobs.GetAsync(name, Token));
        Assert.Null(await blobs.GetAsync(BlobName.Of([]), Token));
        Assert.Equal(BlobName.Of([]), await blobs.PutAsync(ReadOnlyMemory<byte>.Empty, Token));
        Assert.Empty((await blobs.GetAsync(BlobName.Of([]), Token))!);
        Assert.Equal(2, Files(objects).Count());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_draft_is_kept_whole_under_its_hash_or_not_at_all(bool s3)
    {
        await using ObjectStore? objects = s3 ? await ObjectStore.StartAsync() : null;
        IBlobStore blobs = Open(objects);
        byte[] bytes = new byte[3_000_001];
        new Random(1).NextBytes(bytes);
        string name;
        await using (BlobDraft given = blobs.Draft()) await given.Content.WriteAsync(bytes, Token);
        Assert.Empty(Files(objects));
        await using (BlobDraft draft = blobs.Draft())
        {
            foreach (byte[] part in bytes.Chunk(70_001)) await draft.Content.WriteAsync(part, Token);
            Assert.Equal(bytes.Length, draft.Length);
            Assert.Equal(BlobName.Of(bytes), name = await draft.KeepAsync(Token));
        }
        Assert.Equal(bytes, await blobs.GetAsync(name, Token));
        await using (FileStream read = (await blobs.OpenAsync(name, Token))!)
        {
            Assert.Equal((0, bytes.Length), (read.Position, read.Length));
            read.Position = 3_000_000;
            Assert.Equal(bytes[3_000_000], read.ReadByte());
        }
        await using (FileStream scratch = blobs.Scratch()) await scratch.WriteAsync(bytes, Token);
        Assert.Null(await blobs.OpenAsync(BlobName.Of([9]), Token));
        string file = Assert.Single(Files(objects));
        await File.WriteAllTextAsync(file, "changed", Token);
        await Assert.ThrowsAsync<InvalidDataException>(() => blobs.OpenAsync(name, Token));
        Assert.Single(Files(objects));
    }

    [Fact]
    public async Task What_a_broken_off_put_left_goes_a_day_later_and_not_before()
    {
        var clock = new ManualClock();
        var blobs = new FolderBlobStore(_folder, clock);
        string name = await blobs.PutAsync(Bytes, Token);
        string left = Path.Combine(_folder, name[..2], name[2..4], $"{name}.{Guid.NewGuid():N}.part");
        await File.WriteAllBytesAsync(left, Bytes, Token);
        File.SetLastWriteTimeUtc(left, clock.GetUtcNow().UtcDateTime);
        Assert.Equal(name, Assert.Single(await blobs.ListAsync(name[..2], Token).ToListAsync(Token)).Sha256);
        Assert.True(File.Exists(left));
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Single(await blobs.ListAsync(name[..2], Token).ToListAsync(Token));
        Assert.False(File.Exists(left));
    }

    [Fact]
    public async Task What_was_on_its_way_to_a_storage_when_its_process_was_killed_goes_a_day_later_and_not_before()
    {
        await using ObjectStore objects = await ObjectStore.StartAsync();
        string left = Path.Combine(Path.GetTempPath(), $"touchstone-{Guid.NewGuid():N}.part"), young = Path.Combine(Path.GetTempPath(), $"touchstone-{Guid.NewGuid():N}.part");
        foreach (string file in (string[])[left, young]) await File.WriteAllBytesAsync(file, Bytes, Token);
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-25));
        Assert.Empty(await Open(objects).ListAsync("00", Token).ToListAsync(Token));
        Assert.Equal((false, true), (File.Exists(left), File.Exists(young)));
        File.Delete(young);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Many_at_once_are_all_kept(bool s3)
    {
        await using ObjectStore? objects = s3 ? await ObjectStore.StartAsync() : null;
        IBlobStore blobs = Open(objects);
        // Every second one is put twice at the same time.
        string[] names = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => blobs.PutAsync(Encoding.UTF8.GetBytes($"picture {i / 2}"), Token)));
        Assert.Equal(20, names.Distinct().Count());
        for (int i = 0; i < names.Length; i++) Assert.Equal($"picture {i / 2}", Encoding.UTF8.GetString((await blobs.GetAsync(names[i], Token))!));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Changed_bytes_are_refused_and_the_message_says_where(bool s3)
    {
        await using ObjectStore? objects = s3 ? await ObjectStore.StartAsync() : null;
        IBlobStore blobs = Open(objects);
        string name = await blobs.PutAsync(Bytes, Token);
        await File.WriteAllTextAsync(Assert.Single(Files(objects)), "b picture", Token);
        // A path of the server is nobody's matter who asks from outside.
        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => blobs.GetAsync(name, Token));
        Assert.Contains(s3 ? "s3://touchstone/installation" : $"{name[..2]}/{name[2..4]}/{name}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "../../etc/passwd")]
    [InlineData(true, "../../etc/passwd")]
    [InlineData(false, "")]
    [InlineData(true, "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    public async Task What_is_no_hash_is_no_name(bool s3, string name)
    {
        using var nowhere = new S3BlobStore(S3Location.Parse("s3://bucket?endpoint=http://127.0.0.1:1"));
        IBlobStore blobs = s3 ? nowhere : Open(null);
        await Assert.ThrowsAsync<ArgumentException>(() => blobs.GetAsync(name, Token));
    }

    [Fact]
    public async Task A_storage_that_is_away_or_has_no_such_bucket_is_said_with_the_remedy()
    {
        await using ObjectStore objects = await ObjectStore.StartAsync();
        using var elsewhere = new S3BlobStore(objects.Location with { Bucket = "another" });
        foreach (Func<Task> ask in (Func<Task>[])[() => elsewhere.PutAsync(Bytes, Token), () => elsewhere.GetAsync(BlobName.Of(Bytes), Token)])
        {
            IOException refused = await Assert.ThrowsAsync<IOException>(ask);
            Assert.Contains("s3://another/installation/", refused.Message, StringComparison.Ordinal);
            Assert.Contains("AWS_ACCESS_KEY_ID", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("s3://bucket", "bucket", "", null, null)]
    [InlineData("s3://bucket/a/b/", "bucket", "a/b/", null, null)]
    [InlineData("s3://bucket/a?region=eu-central-1&endpoint=https://store.example:9000", "bucket", "a/", "eu-central-1", "https://store.example:9000/")]
    public void A_place_is_read(string text, string bucket, string prefix, string? region, string? endpoint)
    {
        S3Location location = S3Location.Parse(text);
        Assert.Equal((bucket, prefix, region, endpoint), (location.Bucket, location.Prefix, location.Region, location.Endpoint?.ToString()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_blob_is_deleted_unless_it_was_stored_again_since(bool s3)
    {
        await using ObjectStore? objects = s3 ? await ObjectStore.StartAsync() : null;
        IBlobStore blobs = Open(objects);
        string name = await blobs.PutAsync(Bytes, Token), other = await blobs.PutAsync(Encoding.UTF8.GetBytes("other"), Token);
        StoredBlob listed = Assert.Single(await ListAsync(blobs, name[..2]), x => x.Sha256 == name);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Assert.InRange(listed.StoredAt, now.AddMinutes(-1), now.AddMinutes(1));
        Assert.False(await blobs.DeleteAsync(name, now.AddHours(-1), Token));
        Assert.NotNull(await blobs.GetAsync(name, Token));
        Assert.True(await blobs.DeleteAsync(name, now.AddHours(1), Token));
        Assert.False(await blobs.DeleteAsync(name, now.AddHours(1), Token));
        Assert.Null(await blobs.GetAsync(name, Token));
        Assert.DoesNotContain(await ListAsync(blobs, name[..2]), x => x.Sha256 == name);
        Assert.NotNull(await blobs.GetAsync(other, Token));
        Assert.Single(Files(objects));
    }

    [Fact]
    public async Task A_put_of_what_was_stored_long_ago_dates_it_anew()
    {
        var clock = new ManualClock();
        var blobs = new FolderBlobStore(_folder, clock);
        DateTimeOffset first = clock.GetUtcNow();
        string name = await blobs.PutAsync(Bytes, Token);
        clock.Advance(TimeSpan.FromHours(1));
        await blobs.PutAsync(Bytes, Token);
        Assert.Equal(first, Assert.Single(await ListAsync(blobs, name[..2])).StoredAt);
        clock.Advance(TimeSpan.FromDays(40));
        await blobs.PutAsync(Bytes, Token);
        Assert.Equal(clock.GetUtcNow(), Assert.Single(await ListAsync(blobs, name[..2])).StoredAt);
        Assert.False(await blobs.DeleteAsync(name, clock.GetUtcNow().AddDays(-30), Token));
    }

    [Theory]
    [InlineData("bucket", "no such URL")]
    [InlineData("https://bucket/a", "no such URL")]
    [InlineData("s3://", "no such URL")]
    [InlineData("s3://bucket?regoin=x", "unknown parameter 'regoin'")]
    [InlineData("s3://bucket?endpoint=store:9000", "no http or https URL")]
    [InlineData("s3://key:secret@bucket", "AWS_SECRET_ACCESS_KEY")]
    public void What_is_no_place_is_said(string text, string why)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => S3Location.Parse(text));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", refused.Message, StringComparison.Ordinal);
    }

    private IBlobStore Open(ObjectStore? objects) => objects is null ? new FolderBlobStore(_folder) : new S3BlobStore(objects.Location);

    private static async Task<IReadOnlyList<StoredBlob>> ListAsync(IBlobStore blobs, string start)
    {
        var all = new List<StoredBlob>();
        await foreach (StoredBlob blob in blobs.ListAsync(start, Token)) all.Add(blob);
        return all;
    }

    private IEnumerable<string> Files(ObjectStore? objects) => objects?.Files() ?? Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories);
}
