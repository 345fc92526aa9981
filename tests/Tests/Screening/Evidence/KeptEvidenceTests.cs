using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Retention;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Evidence;

public sealed class KeptEvidenceTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_bundle_is_kept_checked_each_day_and_a_change_alarms_once_until_it_is_mended(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        var clock = new ManualClock();
        clock.Advance(TimeProvider.System.GetUtcNow() - clock.GetUtcNow());
        byte[] bundle = await EvidenceCheckTests.ExportAsync(database, db, new EvidenceTools());
        string sha256 = BlobName.Of(bundle);
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        var kept = new KeptEvidence(database, blobs, clock);
        Assert.Equal(bundle, await blobs.GetAsync(sha256, Stop));
        Assert.Equal(0, (await kept.CheckAsync(Stop)).Checked);
        clock.Advance(Day);
        EvidenceRound whole = await kept.CheckAsync(Stop);
        Assert.Equal((1, 0), (whole.Checked, whole.Broken.Count));

        string file = Directory.GetFiles(database.Storage.BlobFolder, sha256, SearchOption.AllDirectories).Single();
        byte[] changed = [.. bundle];
        changed[changed.Length / 2]++;
        await File.WriteAllBytesAsync(file, changed, Stop);
        clock.Advance(Day);
        Assert.Equal(sha256, Assert.Single((await kept.CheckAsync(Stop)).Broken).Sha256);
        clock.Advance(Day);
        Assert.Empty((await kept.CheckAsync(Stop)).Broken);
        Assert.NotNull(Assert.Single(await KeptEvidence.BrokenAsync(db, Stop)).Problem);
        AuditRow alarm = await db.Audit.SingleAsync(x => x.Action == AuditAction.EvidenceBroken, Stop);
        Assert.Contains(sha256, alarm.Detail, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(file, bundle, Stop);
        clock.Advance(Day);
        await kept.CheckAsync(Stop);
        Assert.Empty(await KeptEvidence.BrokenAsync(db, Stop));
        Assert.Equal(1, await db.Audit.CountAsync(x => x.Action == AuditAction.EvidenceRestored, Stop));
        Assert.True((await AuditLog.VerifyAsync(db, Stop)).Whole);
    }

    [Fact]
    public async Task What_lies_unused_is_swept_and_a_kept_bundle_is_not()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        byte[] bundle = await EvidenceCheckTests.ExportAsync(database, db, new EvidenceTools());
        var clock = new ManualClock();
        clock.Advance(TimeProvider.System.GetUtcNow() - clock.GetUtcNow() + (400 * Day));
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        await new RetentionJob(database, blobs, new RetentionOptions(), clock).RunAsync(dryRun: false, Stop);
        Assert.Equal(bundle, await blobs.GetAsync(BlobName.Of(bundle), Stop));
    }
}
