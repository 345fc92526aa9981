using Touchstone.Screening;
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
    public async Task Every_flipped_byte_is_found_and_so_is_a_bundle_that_was_never_handed_out()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        byte[] bundle = await ExportAsync(database, db);
        EvidenceVerification whole = await EvidenceCheck.RunAsync(bundle, db, Stop);
        Assert.True(whole.Whole, whole.Problem);
        Assert.True(whole.Recorded);
        Assert.True(whole.Parts >= 3);
        Assert.Null((await EvidenceCheck.RunAsync(bundle, null, Stop)).Recorded);

        var random = new Random(1);
        // The last bytes are the seal itself; each of them, and the others at random.
        int[] places = [.. Enumerable.Range(0, 300).Select(i => bundle.Length - 1 - i), .. Enumerable.Range(0, Flips - 300).Select(_ => random.Next(bundle.Length))];
        foreach (int place in places)
        {
            byte[] flipped = [.. bundle];
            flipped[place] ^= (byte)(1 << random.Next(8));
            EvidenceVerification found = await EvidenceCheck.RunAsync(flipped, null, Stop);
            Assert.False(found.Whole, $"byte {place} of {bundle.Length}");
        }
        Assert.False((await EvidenceCheck.RunAsync(bundle[..^1], null, Stop)).Whole);
        Assert.False((await EvidenceCheck.RunAsync([.. bundle, 0], null, Stop)).Whole);
        Assert.False((await EvidenceCheck.RunAsync([], null, Stop)).Whole);

        await using TestDatabase other = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb elsewhere = other.CreateDbContext();
        byte[] foreign = await ExportAsync(other, elsewhere);
        Assert.Contains("Another installation", (await EvidenceCheck.RunAsync(foreign, db, Stop)).Problem, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ExportAsync(TestDatabase database, TouchstoneDb db)
    {
        HitRow hit = await SampleHits.AddAsync(db);
        var by = new VerbContext(db, "anna", TimeProvider.System);
        long caseId = (await new OpenCase([hit.Id]).RunAsync(by, Stop)).Value!.Case.Id;
        using var output = new MemoryStream();
        await new ExportEvidence(caseId).RunAsync(by, new FolderBlobStore(database.Storage.BlobFolder), output, Stop);
        return output.ToArray();
    }
}
