using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Cli.Frame;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Cli;

namespace Touchstone.Tests.Screening.References;

public sealed class ReferencesCommandTests
{
    [Fact]
    public async Task Register_is_imported_listed_shown_and_retired()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        string data = bench.DataFolder;
        string table = await bench.WriteAsync("table.csv", "id,title,gtin,pictures\nA1,Desk lamp,4006381333931,lamp.png\n,,,\nA2,,,\n");
        await bench.WriteAsync("lamp.png", ImportBench.Picture(40));

        JsonElement report = (await ProgramRun.OfAsync("references", "import", table, "--register", "mine", "--data", data, "--json")).Json;
        Assert.Equal(("mine", 1, 0, 0, 2), (report.GetProperty("register").GetString(), report.GetProperty("added").GetInt32(), report.GetProperty("changed").GetInt32(), report.GetProperty("unchanged").GetInt32(), report.GetProperty("rejected").GetInt32()));
        Assert.Equal("table.csv:4", report.GetProperty("rejections")[1].GetProperty("row").GetString());
        Assert.Equal(1, report.GetProperty("pictures").GetProperty("stored").GetInt32());

        JsonElement listed = (await ProgramRun.OfAsync("references", "list", "lamp", "--data", data, "--json")).Json;
        string id = listed.GetProperty("id").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(1, listed.GetProperty("pictures").GetInt32());
        JsonElement shown = (await ProgramRun.OfAsync("references", "show", id, "--data", data, "--json")).Json;
        Assert.True(shown.GetProperty("identifiers")[0].GetProperty("valid").GetBoolean());
        Assert.Equal(ExitCode.Done, (await ProgramRun.OfAsync("references", "retire", id, "--reason", "withdrawn", "--data", data)).ExitCode);
        Assert.Empty((await ProgramRun.OfAsync("references", "list", "--data", data, "--json")).Output);

        var builder = new DbContextOptionsBuilder<TouchstoneDb>();
        StorageSetup.Configure(builder, new StorageOptions { DataFolder = data });
        await using (var db = new TouchstoneDb(builder.Options))
        {
            AuditRow[] entries = await db.Audit.OrderBy(x => x.Id).ToArrayAsync(TestContext.Current.CancellationToken);
            Assert.Equal([(AuditAction.RegisterImported, "register/mine"), ("reference.retired", $"reference/{id}")], entries.Select(x => (x.Action, x.Subject)));
            Assert.Equal((Installation.Actor, "table.csv: 3 read, 1 added, 0 changed, 0 unchanged, 2 rejected"), (entries[0].Actor, entries[0].Detail));
        }

        ProgramRun unknown = await ProgramRun.OfAsync("references", "import", table, "--register", "mine", "--format", "ods", "--data", data);
        Assert.Equal(ExitCode.Usage, unknown.ExitCode);
        Assert.Contains("safety-gate", unknown.Error, StringComparison.Ordinal);
    }
}
