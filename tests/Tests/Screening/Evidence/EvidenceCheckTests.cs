using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Evidence;

public sealed class EvidenceCheckTests
{
    private const int Flips = 1_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_of_a_thousand_changed_bytes_is_found_and_the_range_that_is_named_holds_it()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        byte[] bundle = await ExportAsync(database, db, new EvidenceTools());
        EvidenceVerification whole = await EvidenceCheck.RunAsync(new MemoryStream(bundle), db, null, Stop);
        Assert.True(whole.Whole, whole.Problem);
        Assert.True(whole.Recorded);
        Assert.True(whole.Parts >= 6);
        Assert.Null(whole.StampedAt);
        Assert.Null((await EvidenceCheck.RunAsync(new MemoryStream(bundle), null, null, Stop)).Recorded);
        WarcPeer warc = await WarcPeer.ReadAsync(WarcOf(bundle));
        Assert.Empty(warc.Problems);
        Assert.Contains(warc.Records, x => x.Type == "response" && x.Url!.StartsWith("https://", StringComparison.Ordinal));

        var random = new Random(1);
        // The last bytes are the seal itself; some of them, and the others at random.
        int[] places = [.. Enumerable.Range(0, 200).Select(i => bundle.Length - 1 - i), .. Enumerable.Range(0, Flips - 200).Select(_ => random.Next(bundle.Length))];
        foreach (int place in places)
        {
            byte[] changed = [.. bundle];
            changed[place] ^= (byte)random.Next(1, 256);
            EvidenceVerification found = await EvidenceCheck.RunAsync(new MemoryStream(changed), null, null, Stop);
            Assert.False(found.Whole, $"byte {place} of {bundle.Length}");
            Assert.True(found.Range is { } range && range.From <= place && place < range.Until, $"byte {place} of {bundle.Length} is not in {found.Range}");
        }
    }

    [Fact]
    public async Task What_was_cut_off_put_on_or_sealed_elsewhere_is_found()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        byte[] bundle = await ExportAsync(database, db, new EvidenceTools());
        foreach (byte[] other in (byte[][])[bundle[..^1], bundle[1..], [.. bundle, 0], [0, .. bundle], [], [.. bundle, .. bundle]])
        {
            EvidenceVerification found = await EvidenceCheck.RunAsync(new MemoryStream(other), null, null, Stop);
            Assert.False(found.Whole);
            Assert.NotNull(found.Range);
        }
        await using TestDatabase second = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb elsewhere = second.CreateDbContext();
        byte[] foreign = await ExportAsync(second, elsewhere, new EvidenceTools());
        Assert.Contains("Another installation", (await EvidenceCheck.RunAsync(new MemoryStream(foreign), db, null, Stop)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_part_that_does_not_hold_is_named()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        byte[] bundle = await ExportAsync(database, db, new EvidenceTools());
        int body = bundle.AsSpan().IndexOf("archive.wacz"u8) + 9_000;
        bundle[body]++;
        bundle[body + 5_000]++;
        EvidenceVerification found = await EvidenceCheck.RunAsync(new MemoryStream(bundle), null, null, Stop);
        Assert.Equal(("archive.wacz", BlockHashes.SmallestBlock), (found.RangePart, found.Range!.Until - found.Range.From));
        Assert.InRange(body, found.Range.From, found.Range.Until - 1);
    }

    [Fact]
    public async Task An_authority_stamps_the_manifest_and_openssl_and_we_say_so()
    {
        await using TimestampServer server = await TimestampServer.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var outbound = new OutboundOptions();
        outbound.AllowedInternalHosts.Add(server.Url.Authority);
        using var authority = new TimestampAuthority(server.Url, outbound);
        byte[] bundle = await ExportAsync(database, db, new EvidenceTools { Authority = authority });
        var ours = new X509Certificate2Collection();
        ours.ImportFromPemFile(server.CertificateFile);
        EvidenceVerification found = await EvidenceCheck.RunAsync(new MemoryStream(bundle), null, ours, Stop);
        Assert.True(found.Whole, found.Problem);
        Assert.Equal(("CN=A time-stamping authority", true), (found.StampedBy, found.StampTrusted));
        Assert.NotNull(found.StampedAt);
        await using TimestampServer stranger = await TimestampServer.StartAsync();
        var theirs = new X509Certificate2Collection();
        theirs.ImportFromPemFile(stranger.CertificateFile);
        Assert.Contains("vouches", (await EvidenceCheck.RunAsync(new MemoryStream(bundle), null, theirs, Stop)).Problem, StringComparison.Ordinal);

        string folder = Directory.CreateTempSubdirectory("touchstone-unpacked-").FullName;
        using (var archive = new ZipArchive(new MemoryStream(bundle))) archive.ExtractToDirectory(folder);
        Assert.Contains("Verified OK", await OpenSslAsync(folder, "dgst", "-sha256", "-verify", "manifest.pem", "-signature", "manifest.sig", "manifest.json"), StringComparison.Ordinal);
        Assert.Contains("Verification: OK", await OpenSslAsync(folder, "ts", "-verify", "-data", "manifest.json", "-in", "manifest.tsr", "-token_in", "-CAfile", server.CertificateFile), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Without_the_configured_time_stamp_nothing_is_handed_out()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        using var authority = new TimestampAuthority(new Uri("http://127.0.0.1:9/"), new OutboundOptions());
        HitRow hit = await SampleHits.AddAsync(db);
        var by = new VerbContext(db, "anna", TimeProvider.System);
        long caseId = (await new OpenCase([hit.Id]).RunAsync(by, Stop)).Value!.Case.Id;
        VerbOutcome<ExportedEvidence> outcome = await new ExportEvidence(caseId, new EvidenceTools { Authority = authority }).RunAsync(by, new FolderBlobStore(database.Storage.BlobFolder), Stop);
        Assert.Equal(Refusal.Conflict, outcome.Refusal);
        Assert.Empty(Directory.GetFiles(database.Storage.BlobFolder, "*", SearchOption.AllDirectories));
        Assert.Equal(0, await db.Evidence.CountAsync(Stop));
    }

    [Fact]
    public async Task Large_files_are_hashed_in_larger_blocks_and_a_change_is_still_found()
    {
        byte[] bytes = new byte[(5 << 20) + 17];
        new Random(2).NextBytes(bytes);
        BlockHashes wanted = await HashedAsync(bytes);
        Assert.Equal((8192, 641), (wanted.BlockBytes, wanted.Hashes.Count));
        Assert.Null((await HashedAsync(bytes)).FirstChange(wanted));
        foreach (int place in (int[])[0, 8191, 8192, bytes.Length - 1])
        {
            bytes[place]++;
            ByteRange range = (await HashedAsync(bytes)).FirstChange(wanted)!;
            bytes[place]--;
            Assert.InRange(place, range.From, range.Until - 1);
        }
    }

    [Theory, InlineData(1023), InlineData(1024), InlineData(1025), InlineData(2047), InlineData(2049), InlineData(4097), InlineData(5000), InlineData(9217)]
    public async Task Hashes_of_blocks_are_those_of_the_whole_tree_however_many_come(int blocks)
    {
        byte[] bytes = new byte[((blocks - 1) * BlockHashes.SmallestBlock) + 5];
        new Random(blocks).NextBytes(bytes);
        List<byte[]> wanted = [.. bytes.Chunk(BlockHashes.SmallestBlock).Select(SHA256.HashData)];
        int size = BlockHashes.SmallestBlock;
        for (; wanted.Count > 1024; size *= 2) wanted = [.. wanted.Chunk(2).Select(x => SHA256.HashData(x.SelectMany(y => y).ToArray()))];
        BlockHashes found = await HashedAsync(bytes);
        Assert.Equal((bytes.Length, size, wanted.Count), (found.Length, found.BlockBytes, found.Hashes.Count));
        Assert.Equal(wanted.Select(Convert.ToHexString), found.Hashes.Select(Convert.ToHexString));
    }

    private static Task<BlockHashes> HashedAsync(byte[] bytes) => BlockHashes.OfAsync(new MemoryStream(bytes), bytes.Length, Stop);

    internal static async Task<byte[]> ExportAsync(TestDatabase database, TouchstoneDb db, EvidenceTools tools)
    {
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        byte[] picture = [0xFF, 0xD8, 0xFF, 5, 6, 7], page = [.. "<h1>Kappe f\u00fcr \u00c4nne"u8], script = new byte[20_000];
        new Random(3).NextBytes(script);
        HitRow hit = await SampleHits.AddAsync(db, image: await blobs.PutAsync(picture, Stop));
        ObservationRow seen = await db.Observations.Include(x => x.Listing).OrderByDescending(x => x.Id).FirstAsync(Stop);
        string url = seen.Listing!.Url;
        seen.PageSha256 = await blobs.PutAsync(page, Stop);
        seen.Exchanges.Add(Exchange(0, url, "text/html; charset=utf-8", seen.PageSha256));
        seen.Exchanges.Add(Exchange(1, new Uri(new Uri(url), "/app.js").ToString(), "text/javascript", await blobs.PutAsync(script, Stop)));
        await db.SaveChangesAsync(Stop);
        var by = new VerbContext(db, "anna", TimeProvider.System);
        long caseId = (await new OpenCase([hit.Id]).RunAsync(by, Stop)).Value!.Case.Id;
        return await HandOutAsync(new ExportEvidence(caseId, tools), by, blobs);
    }

    internal static async Task<byte[]> HandOutAsync(ExportEvidence verb, VerbContext by, IBlobStore blobs)
    {
        VerbOutcome<ExportedEvidence> outcome = await verb.RunAsync(by, blobs, Stop);
        Assert.True(outcome.Done, outcome.Detail);
        return (await blobs.GetAsync(outcome.Value!.Sha256, Stop))!;
    }

    internal static byte[] PartOf(byte[] zip, string path)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        using Stream stream = archive.GetEntry(path)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    internal static byte[] WarcOf(byte[] bundle) => PartOf(PartOf(bundle, EvidenceBundle.ArchivePath), "archive/evidence.warc.gz");

    private static ObservationExchangeRow Exchange(int position, string url, string type, string body) => new()
    {
        Position = position,
        IsResource = position > 0,
        Url = url,
        RequestHead = Encoding.ASCII.GetBytes($"GET {new Uri(url).AbsolutePath} HTTP/1.1\r\nHost: {new Uri(url).Authority}\r\nUser-Agent: Touchstone/0.1\r\n\r\n"),
        ResponseHead = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n"),
        BodySha256 = body,
        IsWhole = true,
        Address = "192.0.2.7",
        AskedAt = DateTimeOffset.UnixEpoch,
        EndedAt = DateTimeOffset.UnixEpoch,
    };

    private static async Task<string> OpenSslAsync(string folder, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync(Stop);
        string output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return $"{output}{await error}";
    }
}
