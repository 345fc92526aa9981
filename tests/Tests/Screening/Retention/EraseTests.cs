using Microsoft.EntityFrameworkCore;
using Touchstone.Cli.Commands;
using Touchstone.Cli.Frame;
using Touchstone.Screening;
using Touchstone.Screening.Features;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Retention;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Retention;

/// <summary>An erasure takes the bytes and what was read of them; the hash, the rows and the audit log stay, and everybody is told.</summary>
public sealed class EraseTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bytes_go_for_good_and_evidence_says_when_and_why()
    {
        await using TestCore core = await TestCore.StartAsync();
        byte[] picture = ImageEncoder.Png(Drawn.Bottle());
        IBlobStore blobs = core.Get<IBlobStore>();
        string sha256 = (await core.Get<FeatureStore>().ReadAsync(picture, Stop)).Sha256;
        await using TouchstoneDb db = await core.OpenAsync();
        HitRow hit = await SampleHits.AddAsync(db, image: sha256);
        long caseId = (await new OpenCase([hit.Id]).RunAsync(By(db), Stop)).Value!.Case.Id;

        string bundle = (await new ExportEvidence(caseId, new EvidenceTools()).RunAsync(By(db), blobs, Stop)).Value!.Sha256;
        Assert.NotNull(await blobs.GetAsync(bundle, Stop));

        VerbOutcome<ErasureRow> outcome = await new Erase(sha256, "Asked for by the person shown.").RunAsync(By(db), blobs, Stop);
        Assert.True(outcome.Done, outcome.Detail);
        Assert.Null(await blobs.GetAsync(sha256, Stop));
        // The kept bundle holds the picture, too. That it is gone is no alarm.
        Assert.Null(await blobs.GetAsync(bundle, Stop));
        Assert.StartsWith("It was erased on request on ", await ErasedBlobs.WhyAsync(db, bundle, Stop), StringComparison.Ordinal);
        var later = new ManualClock();
        later.Advance(TimeProvider.System.GetUtcNow() - later.GetUtcNow() + KeptEvidence.CheckedFor + TimeSpan.FromHours(1));
        Assert.Empty((await new KeptEvidence(core.Get<IDbContextFactory<TouchstoneDb>>(), blobs, later).CheckAsync(Stop)).Broken);
        Assert.Equal((0, 1), (await db.ImageFeatures.CountAsync(Stop), await db.Images.CountAsync(Stop)));
        Assert.Equal(AuditAction.PictureErased, (await db.Audit.SingleAsync(x => x.Subject == AuditSubject.Picture(sha256), Stop)).Action);

        // Seen again, it is not stored again, and nobody is told that it was lost.
        Assert.Equal(sha256, await blobs.PutAsync(picture, Stop));
        Assert.Null(await blobs.GetAsync(sha256, Stop));
        Assert.Empty(Directory.EnumerateFiles(core.Get<StorageOptions>().BlobFolder, sha256, SearchOption.AllDirectories));
        using FeatureStore another = new(core.Get<IDbContextFactory<TouchstoneDb>>(), blobs, core.Get<Touchstone.Recognition.Features.FeatureExtractor>(), core.Get<OcrStore>(), TimeProvider.System);
        foreach (ReadOutcome read in (ReadOutcome[])[await another.ReadStoredAsync(sha256, Stop), (await another.ReadStoredAsync([sha256], Stop))[sha256], await another.ReadAsync(picture, Stop)])
            Assert.StartsWith("It was erased on request on ", read.Failure, StringComparison.Ordinal);
        Assert.StartsWith("It was erased on request on ", (await core.Get<OcrStore>().ReadAsync(sha256, Stop)).Failure, StringComparison.Ordinal);

        EvidenceManifest manifest = (await EvidenceBundle.WriteAsync(By(db), blobs, new EvidenceTools(), null, caseId, Stream.Null, Stop))!.Manifest;
        MissingEvidence missing = Assert.Single(manifest.Missing, x => x.Sha256 == sha256);
        Assert.EndsWith("Asked for by the person shown.", missing.Why, StringComparison.Ordinal);
        Assert.Equal(sha256, (await db.Matches.SingleAsync(Stop)).ImageSha256);

        // Asked for twice, it is one erasure, with the first reason.
        Assert.Equal("Asked for by the person shown.", (await new Erase(sha256, "Again.").RunAsync(By(db), blobs, Stop)).Value!.Reason);
        Assert.Equal([bundle, sha256], (await db.Erasures.Select(x => x.Sha256).ToListAsync(Stop)).OrderBy(x => x == sha256));
    }

    [Fact]
    public async Task An_erasure_that_was_broken_off_gives_no_bytes_out_and_the_sweep_ends_it()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var folder = new FolderBlobStore(database.Storage.BlobFolder);
        using var blobs = new ErasedBlobs(folder, database);
        string sha256 = await blobs.PutAsync(new byte[] { 1 }, Stop);
        await using TouchstoneDb db = database.CreateDbContext();
        db.Erasures.Add(new ErasureRow { Sha256 = sha256, ErasedBy = "anna", Reason = "Asked.", ErasedAt = TimeProvider.System.GetUtcNow() });
        await db.SaveChangesAsync(Stop);
        Assert.NotNull(await folder.GetAsync(sha256, Stop));
        Assert.Null(await blobs.GetAsync(sha256, Stop));
        IReadOnlyList<RetentionLine> swept = await new RetentionJob(database, blobs, new RetentionOptions(), TimeProvider.System).RunAsync(dryRun: false, Stop);
        Assert.Equal(1, swept.Single(x => x.Table == RetentionJob.Blobs).Rows);
        Assert.Null(await folder.GetAsync(sha256, Stop));
    }

    [Fact]
    public async Task A_picture_that_is_searched_with_is_kept_until_its_reference_is_retired()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        string sha256 = await blobs.PutAsync(new byte[] { 1 }, Stop);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow reference = await SampleHits.AddReferenceAsync(db);
        reference.Images.Add(new ReferenceImageRow { ImageSha256 = sha256 });
        await db.SaveChangesAsync(Stop);
        VerbOutcome<ErasureRow> refused = await new Erase(sha256, "Asked.").RunAsync(By(db), blobs, Stop);
        Assert.Equal(Refusal.Conflict, refused.Refusal);
        Assert.Contains("Retire the reference first", refused.Detail, StringComparison.Ordinal);
        Assert.NotNull(await blobs.GetAsync(sha256, Stop));
        reference.RetiredAt = TimeProvider.System.GetUtcNow();
        await db.SaveChangesAsync(Stop);
        Assert.True((await new Erase(sha256, "Asked.").RunAsync(By(db), blobs, Stop)).Done);
    }

    [Fact]
    public async Task The_program_erases_and_applies_the_rules()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        string sha256 = await new FolderBlobStore(database.Storage.BlobFolder).PutAsync(new byte[] { 1 }, Stop);
        Assert.Equal(ExitCode.Usage, await RunAsync(database, "erase", "abc", "--reason", "Asked."));
        Assert.Equal(ExitCode.Usage, await RunAsync(database, "erase", sha256, "--reason", " "));
        Assert.Equal(ExitCode.Failed, await RunAsync(database, "erase", BlobName.Of([7]), "--reason", "Asked."));
        Assert.Equal(ExitCode.Done, await RunAsync(database, "erase", sha256, "--reason", "Asked."));
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal(("Asked.", sha256), ((await db.Erasures.SingleAsync(Stop)).Reason, (await db.Erasures.SingleAsync(Stop)).Sha256));
        Assert.Empty(Directory.EnumerateFiles(database.Storage.BlobFolder, "*", SearchOption.AllDirectories));

        Assert.Equal(ExitCode.Done, await RunAsync(database, "retention", "--dry-run"));
        Assert.Equal(ExitCode.Done, await RunAsync(database, "retention", "--json"));
        foreach (string wrong in (string[])["""{ "Retention": { "IdempotencyKeyDays": 0 } }""", """{ "Retention": { "OutboxDays": 1 } }""", """{ "Retention": { "HostLeaseDays": "one" } }"""])
        {
            await File.WriteAllTextAsync(Path.Combine(database.Storage.DataFolder, "appsettings.json"), wrong, Stop);
            Assert.Equal(ExitCode.Usage, await RunAsync(database, "retention", "--dry-run"));
        }
    }

    private static VerbContext By(TouchstoneDb db) => new(db, "anna", TimeProvider.System);

    private static Task<int> RunAsync(TestDatabase database, params string[] arguments) =>
        new TouchstoneProgram(EraseCommand.Create(), RetentionCommand.Create()).RunAsync([.. arguments, "--data", database.Storage.DataFolder]);
}
