using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Touchstone.Cli.Frame;
using Touchstone.Screening;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Evidence;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Cli;

/// <summary>A bundle that is larger than all memory that the program may take, and a program that is killed while it makes one.</summary>
public sealed class LargeEvidenceTests
{
    private const int Pictures = 40, PictureBytes = 3 << 20;

    // 96 MiB; the pictures alone have more.
    private static readonly (string, string) SmallHeap = ("DOTNET_GCHeapHardLimit", "0x6000000");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bundle_larger_than_the_heap_is_made_and_verified()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        long caseId = await CaseAsync(database);
        string file = Path.Combine(database.Storage.DataFolder, "case.zip");
        ProgramRun made = await ProgramRun.InAsync([SmallHeap], "evidence", $"{caseId}", "--out", file, "--data", database.Storage.DataFolder);
        Assert.True(made.ExitCode == ExitCode.Done, made.Error);
        Assert.True(new FileInfo(file).Length > 2L * Pictures * PictureBytes, $"{new FileInfo(file).Length} bytes");
        ProgramRun verified = await ProgramRun.InAsync([SmallHeap], "evidence", "verify", file, "--data", database.Storage.DataFolder);
        Assert.True(verified.ExitCode == ExitCode.Done, verified.Output + verified.Error);
        Assert.StartsWith("whole: ", verified.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(database.Storage.BlobFolder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Whoever_is_killed_meanwhile_leaves_nothing_that_passes_as_whole()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        long caseId = await CaseAsync(database);
        string[] before = Directory.GetFiles(database.Storage.BlobFolder, "*", SearchOption.AllDirectories);
        string file = Path.Combine(database.Storage.DataFolder, "case.zip");
        using (Process program = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "touchstone.dll"), "evidence", $"{caseId}", "--out", file, "--data", database.Storage.DataFolder]))!)
        {
            while (!program.HasExited && !Parts().Any(x => x.Length > PictureBytes)) await Task.Delay(5, Stop);
            program.Kill();
            await program.WaitForExitAsync(Stop);
        }
        Assert.False(File.Exists(file));
        Assert.Equal(before.Order(), Directory.GetFiles(database.Storage.BlobFolder, "*", SearchOption.AllDirectories).Where(x => !x.EndsWith(".part", StringComparison.Ordinal)).Order());
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal(0, await db.Evidence.CountAsync(Stop));
        Assert.NotEmpty(Parts());
        foreach (FileInfo part in Parts())
        {
            await using FileStream read = part.OpenRead();
            Assert.False((await EvidenceCheck.RunAsync(read, null, null, Stop)).Whole);
        }

        FileInfo[] Parts() => new DirectoryInfo(database.Storage.BlobFolder).GetFiles("*.part", SearchOption.AllDirectories);
    }

    /// <summary>A case of one hit whose listing shows many large pictures.</summary>
    private static async Task<long> CaseAsync(TestDatabase database)
    {
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        HitRow hit = await SampleHits.AddAsync(db);
        ObservationRow seen = await db.Observations.Include(x => x.Images).SingleAsync(Stop);
        byte[] picture = new byte[PictureBytes];
        var random = new Random(1);
        for (int i = 1; i <= Pictures; i++)
        {
            random.NextBytes(picture);
            seen.Images.Add(new() { Position = i, Url = $"https://shop.example/{i}.jpg", ImageSha256 = await blobs.PutAsync(picture, Stop) });
        }
        await db.SaveChangesAsync(Stop);
        return (await new OpenCase([hit.Id]).RunAsync(new VerbContext(db, "anna", TimeProvider.System), Stop)).Value!.Case.Id;
    }
}
