using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Touchstone.Cli.Commands;
using Touchstone.Cli.Frame;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Cli;

public sealed class EvidenceCommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_evidence_of_a_case_becomes_a_file_and_an_audit_entry_and_the_log_is_whole()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await SampleHits.AddAsync(db);
        long caseId = (await new OpenCase([hit.Id]).RunAsync(new VerbContext(db, "anna", TimeProvider.System), Stop)).Value!.Case.Id;
        string file = Path.Combine(database.Storage.DataFolder, "case.zip");

        Assert.Equal(ExitCode.Done, await RunAsync(database, "evidence", $"{caseId}", "--out", file));
        await using (FileStream stream = File.OpenRead(file))
        {
            using var archive = new ZipArchive(stream);
            Assert.Contains(archive.Entries, x => x.FullName == "manifest.json");
        }
        AuditRow entry = await db.Audit.SingleAsync(x => x.Action == AuditAction.EvidenceExported, Stop);
        Assert.Contains(BlobName.Of(await File.ReadAllBytesAsync(file, Stop)), entry.Detail, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await RunAsync(database, "evidence", $"{caseId}", "--out", file));
        Assert.Equal(ExitCode.Done, await RunAsync(database, "audit", "verify"));

        await db.Audit.ExecuteUpdateAsync(x => x.SetProperty(a => a.Actor, "someone else"), Stop);
        Assert.Equal(ExitCode.Failed, await RunAsync(database, "audit", "verify"));
    }

    [Fact]
    public async Task A_file_is_verified_without_an_installation_and_the_bytes_that_do_not_hold_are_named()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await using TimestampServer server = await TimestampServer.StartAsync();
        HitRow hit = await SampleHits.AddAsync(db);
        long caseId = (await new OpenCase([hit.Id]).RunAsync(new VerbContext(db, "anna", TimeProvider.System), Stop)).Value!.Case.Id;
        string file = Path.Combine(database.Storage.DataFolder, "case.zip"), elsewhere = Directory.CreateDirectory(Path.Combine(database.Storage.DataFolder, "elsewhere")).FullName;
        Assert.Equal(ExitCode.Done, await RunAsync(database, "evidence", $"{caseId}", "--out", file, "--timestamp-authority", server.Url.ToString(), "--allow-host", server.Url.Authority));
        Assert.Equal(ExitCode.Done, await RunAsync(database, "evidence", "verify", file));
        (int status, string said) = await VerifyAsync("--ca", server.CertificateFile);
        Assert.Equal(ExitCode.Done, status);
        Assert.Contains("for whom the given certificates vouch", said, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await VerifyAsync("--ca", file)).Status);

        byte[] bytes = await File.ReadAllBytesAsync(file, Stop);
        bytes[100]++;
        await File.WriteAllBytesAsync(file, bytes, Stop);
        (status, said) = await VerifyAsync();
        Assert.Equal(ExitCode.Failed, status);
        Assert.Contains("The first that do not hold: bytes 0 to 4095, in case.json.", said, StringComparison.Ordinal);

        async Task<(int Status, string Said)> VerifyAsync(params string[] more)
        {
            ProgramRun run = await ProgramRun.OfAsync(["evidence", "verify", file, .. more, "--data", elsewhere]);
            return (run.ExitCode, run.Output);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_said_and_leaves_no_file()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        string file = Path.Combine(database.Storage.DataFolder, "none.zip");
        Assert.Equal(ExitCode.Failed, await RunAsync(database, "evidence", "4711", "--out", file));
        Assert.Empty(Directory.GetFiles(database.Storage.DataFolder, "none.zip*"));
        string empty = Directory.CreateDirectory(Path.Combine(database.Storage.DataFolder, "empty")).FullName;
        Assert.Equal(ExitCode.Failed, await new TouchstoneProgram(EvidenceCommand.Create()).RunAsync(["evidence", "1", "--out", file, "--data", empty]));
    }

    private static Task<int> RunAsync(TestDatabase database, params string[] arguments) =>
        new TouchstoneProgram(EvidenceCommand.Create(), AuditCommand.Create()).RunAsync([.. arguments, "--data", database.Storage.DataFolder]);
}
