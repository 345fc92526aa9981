using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.BlockLists;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Cli;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.BlockLists;

public sealed class BlockListTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Links_follow_the_decisions_and_each_change_is_told_since_a_number(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        HitRow hit = await ConfirmedAsync(db);
        string url = hit.Listing!.Url;
        JsonElement first = await JsonAsync(db, 0);
        Assert.Equal(url, Assert.Single(first.GetProperty("entries").EnumerateArray()).GetProperty("value").GetString());
        long seen = first.GetProperty("sequence").GetInt64();
        Assert.Equal(seen, (await JsonAsync(db, 0)).GetProperty("sequence").GetInt64());
        Assert.Empty((await JsonAsync(db, seen)).GetProperty("entries").EnumerateArray());

        await DecideAsync(db, hit.Id, HitState.Rejected);
        JsonElement after = await JsonAsync(db, seen);
        Assert.Empty(after.GetProperty("entries").EnumerateArray());
        Assert.Equal(url, Assert.Single(after.GetProperty("removed").EnumerateArray()).GetProperty("value").GetString());
        Assert.Empty((await JsonAsync(db, 0)).GetProperty("entries").EnumerateArray());

        await DecideAsync(db, hit.Id, HitState.Confirmed);
        Assert.Single((await JsonAsync(db, after.GetProperty("sequence").GetInt64())).GetProperty("entries").EnumerateArray());
        BlockEntryRow entry = await db.BlockEntries.AsNoTracking().SingleAsync(Stop);
        Assert.True((await BlockList.RemoveAsync(By(db), entry.Id, "The shop was right.", Stop)).Done);
        Assert.Empty((await JsonAsync(db, 0)).GetProperty("entries").EnumerateArray());
        // What a person took off stays off until the hit is decided anew.
        await DecideAsync(db, hit.Id, HitState.Rejected);
        await JsonAsync(db, 0);
        await DecideAsync(db, hit.Id, HitState.Confirmed);
        Assert.Single((await JsonAsync(db, 0)).GetProperty("entries").EnumerateArray());
        Assert.Equal(1, await db.BlockEntries.CountAsync(Stop));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task What_only_the_gate_was_told_of_is_no_link(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        await ConfirmedAsync(db);
        await ConfirmedAsync(db);
        await db.Listings.Where(l => l.Id == db.Listings.Max(x => x.Id)).ExecuteUpdateAsync(l => l.SetProperty(x => x.Url, "gate://market-1/7"), Stop);
        Assert.StartsWith("http", Assert.Single((await JsonAsync(db, 0)).GetProperty("entries").EnumerateArray()).GetProperty("value").GetString(), StringComparison.Ordinal);
        // One that an earlier version listed goes.
        db.BlockEntries.Add(new BlockEntryRow { Kind = BlockKind.Link, Value = "gate://market-1/7", Reason = "r", ListedBy = "touchstone" });
        await db.SaveChangesAsync(Stop);
        Assert.Single((await JsonAsync(db, 0)).GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task Readers_at_once_list_each_link_once_with_a_number_of_its_own()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        for (int i = 0; i < 20; i++) await ConfirmedAsync(db);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await using TouchstoneDb own = database.CreateDbContext();
            await BlockList.ReconcileAsync(own, clock, Stop);
        })));
        List<BlockEntryRow> rows = await db.BlockEntries.AsNoTracking().ToListAsync(Stop);
        Assert.Equal(20, rows.Count);
        Assert.Equal(20, rows.Select(x => x.Sequence).Distinct().Count());
    }

    [Fact]
    public async Task A_host_is_listed_by_a_person_with_a_reason_and_the_log_says_who()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await ConfirmedAsync(db);
        await BlockList.ReconcileAsync(db, clock, Stop);
        Assert.DoesNotContain(await db.BlockEntries.ToListAsync(Stop), x => x.Kind == BlockKind.Host);
        Assert.Equal(Refusal.Invalid, (await BlockList.ListHostAsync(By(db), "shop.example", " ", Stop)).Refusal);
        foreach (string bad in (string[])["", "http://shop.example", "shop.example/p", "shop example", "localhost", "-a.example", "a\nb.example", "*.example", "a..example"]) Assert.Equal(Refusal.Invalid, (await BlockList.ListHostAsync(By(db), bad, "Why", Stop)).Refusal);
        foreach (string shared in (string[])["co.uk", "Com.PL.", "myshopify.com", "co.kr"]) Assert.StartsWith("Beneath ", (await BlockList.ListHostAsync(By(db), shared, "Why", Stop)).Detail, StringComparison.Ordinal);
        foreach (string own in (string[])["web.de", "a-shop.co.uk", "a-shop.myshopify.com", "uk.example"]) Assert.True((await BlockList.ListHostAsync(By(db), own, "Why", Stop)).Done);
        VerbOutcome<BlockEntryRow> listed = await BlockList.ListHostAsync(By(db), "Ärger.Shop.Example.", "Only fakes.", Stop);
        Assert.Equal("xn--rger-koa.shop.example", listed.Value!.Value);
        Assert.Equal(Refusal.Conflict, (await BlockList.ListHostAsync(By(db), "xn--rger-koa.shop.example", "Again", Stop)).Refusal);
        Assert.Contains(await db.Audit.AsNoTracking().ToListAsync(Stop), x => x is { Action: AuditAction.HostListed, Actor: "anna" } && x.Detail!.Contains("Only fakes.", StringComparison.Ordinal));
        Assert.True((await AuditLog.VerifyAsync(db, Stop)).Whole);
    }

    [Fact]
    public async Task The_zone_holds_hosts_alone_and_its_serial_grows()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await ConfirmedAsync(db);
        foreach (string host in (string[])["shop.example", "192.0.2.7", "2001:db8::1"]) Assert.True((await BlockList.ListHostAsync(By(db), host, "Why", Stop)).Done);
        string zone = Encoding.ASCII.GetString((await BlockFeed.ReadAsync(db, clock, BlockFeedFormat.Rpz, 0, Stop)).Content);
        string[] lines = zone.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches(@"^\$TTL 300$", lines[0]);
        Assert.Matches(@"^@ IN SOA localhost\. hostmaster\.localhost\. \d+ 300 60 86400 60$", lines[1]);
        Assert.Equal("@ IN NS localhost.", lines[2]);
        Assert.Equal(["shop.example CNAME .", "*.shop.example CNAME .", "32.7.2.0.192.rpz-ip CNAME .", "128.1.0.0.0.0.0.db8.2001.rpz-ip CNAME ."], lines[3..]);
        long serial = long.Parse(lines[1].Split(' ')[5]);
        Assert.True((await BlockList.ListHostAsync(By(db), "other.example", "Why", Stop)).Done);
        Assert.True(long.Parse(Encoding.ASCII.GetString((await BlockFeed.ReadAsync(db, clock, BlockFeedFormat.Rpz, 0, Stop)).Content).Split('\n')[1].Split(' ')[5]) > serial);
    }

    [Fact]
    public async Task A_spreadsheet_takes_nothing_of_the_csv_for_a_formula()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.True((await BlockList.ListHostAsync(By(db), "shop.example", "=HYPERLINK(\"http://evil\")\r\n@x", Stop)).Done);
        string[] lines = Encoding.UTF8.GetString((await BlockFeed.ReadAsync(db, clock, BlockFeedFormat.Csv, 0, Stop)).Content).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("1,listed,host,\"shop.example\",\"'=HYPERLINK(\"\"http://evil\"\")  @x\",", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feed_is_checked_without_the_installation_by_the_program_and_by_openssl_rules()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await ConfirmedAsync(db);
        BlockFeed feed = await BlockFeed.ReadAsync(db, clock, BlockFeedFormat.Json, 0, Stop);
        byte[] signature = await feed.SignAsync(db, clock, Stop);
        string folder = Directory.CreateDirectory(Path.Combine(database.Storage.DataFolder, "elsewhere")).FullName, file = Path.Combine(folder, "blocklist.json"), key = Path.Combine(folder, "key.pem");
        using (SigningKey own = await SigningKey.OpenAsync(db, clock, Stop)) await File.WriteAllTextAsync(key, PemEncoding.WriteString("PUBLIC KEY", Convert.FromBase64String(own.PublicKey)) + "\n", Stop);
        await File.WriteAllBytesAsync(file, feed.Content, Stop);
        await File.WriteAllBytesAsync($"{file}.sig", signature, Stop);
        using var ec = ECDsa.Create();
        ec.ImportFromPem(await File.ReadAllTextAsync(key, Stop));
        Assert.True(ec.VerifyData(feed.Content, Convert.FromBase64String(Encoding.ASCII.GetString(signature)), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal(0, (await ProgramRun.OfAsync("blocklist", "verify", file, "--key", key)).ExitCode);
        byte[] changed = [.. feed.Content];
        changed[20]++;
        await File.WriteAllBytesAsync(file, changed, Stop);
        ProgramRun broken = await ProgramRun.OfAsync("blocklist", "verify", file, "--key", key);
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("is not what the key signed", broken.Output, StringComparison.Ordinal);
    }

    private VerbContext By(TouchstoneDb db) => new(db, "anna", clock);

    private static async Task<HitRow> ConfirmedAsync(TouchstoneDb db)
    {
        HitRow hit = await SampleHits.AddAsync(db);
        await DecideAsync(db, hit.Id, HitState.Confirmed);
        return hit;
    }

    private static Task DecideAsync(TouchstoneDb db, long id, HitState state) => db.Hits.Where(x => x.Id == id).ExecuteUpdateAsync(x => x.SetProperty(h => h.State, state), Stop);

    private async Task<JsonElement> JsonAsync(TouchstoneDb db, long since)
    {
        db.ChangeTracker.Clear();
        return JsonDocument.Parse((await BlockFeed.ReadAsync(db, clock, BlockFeedFormat.Json, since, Stop)).Content).RootElement;
    }
}
