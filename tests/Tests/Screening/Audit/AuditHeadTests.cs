using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Audit;

/// <summary>What a chain of hashes alone does not show: that its end, or all of it, is gone.</summary>
public sealed class AuditHeadTests
{
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_head_that_was_handed_out_shows_that_the_end_or_everything_is_gone(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await using TouchstoneDb db = database.CreateDbContext();
        await AddAsync(db, 5);
        AuditHead head = await HandOutAsync(db);
        Assert.Equal((5, (string?)null), (head.Entries, head.Problem(await SigningKey.FindPublicKeyAsync(db, Stop))));
        await AddAsync(db, 2);
        Assert.True((await AuditLog.VerifyAsync(db, head, Stop)).Whole);
        // That it was handed out is an entry, too.
        Assert.Equal(AuditAction.HeadHandedOut, (await db.Audit.AsNoTracking().OrderBy(x => x.Id).Skip(5).FirstAsync(Stop)).Action);

        List<long> ids = await db.Audit.OrderBy(x => x.Id).Select(x => x.Id).ToListAsync(Stop);
        long kept = ids[3];
        await db.Audit.Where(x => x.Id > kept).ExecuteDeleteAsync(Stop);
        db.ChangeTracker.Clear();
        Assert.True((await AuditLog.VerifyAsync(db, Stop)).Whole); // the chain alone says nothing
        AuditVerification cut = await AuditLog.VerifyAsync(db, head, Stop);
        Assert.Contains("its end was cut off", cut.Problem, StringComparison.Ordinal);

        await AddAsync(db, 9);
        Assert.Contains("written anew", (await AuditLog.VerifyAsync(db, head, Stop)).Problem, StringComparison.Ordinal);
        await db.Audit.ExecuteDeleteAsync(Stop);
        Assert.False((await AuditLog.VerifyAsync(db, head, Stop)).Whole);
    }

    [Fact]
    public async Task A_head_that_was_changed_or_is_another_installations_is_refused()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite), other = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext(), elsewhere = other.CreateDbContext();
        await AddAsync(db, 2);
        AuditHead head = await HandOutAsync(db);
        string? key = await SigningKey.FindPublicKeyAsync(db, Stop);
        Assert.Null(head.Problem(key));
        foreach (AuditHead changed in (AuditHead[])[head with { Entries = 1 }, head with { Hash = AuditChain.Genesis }, head with { At = head.At.AddSeconds(1) }, head with { Signature = "AAAA" }, head with { PublicKey = "x" }, head with { Format = "2" }, head with { Timestamp = "AAAA" }])
            Assert.NotNull(changed.Problem(key));
        await HandOutAsync(elsewhere);
        Assert.Contains("another one's", head.Problem(await SigningKey.FindPublicKeyAsync(elsewhere, Stop)), StringComparison.Ordinal);
        Assert.Contains("signed nothing yet", head.Problem(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_stamps_the_head_and_its_stamp_fits_no_other_one()
    {
        await using TimestampServer server = await TimestampServer.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        await AddAsync(db, 1);
        using (var closed = new TimestampAuthority(server.Url, new OutboundOptions()))
        {
            // The guard opens no internal address by itself.
            VerbOutcome<AuditHead> refused = await new HandOutHead(closed).RunAsync(new VerbContext(db, "anna", clock), Stop);
            Assert.Contains("gave no time stamp", refused.Detail, StringComparison.Ordinal);
        }
        var open = new OutboundOptions();
        open.AllowedInternalHosts.Add("127.0.0.1");
        using var authority = new TimestampAuthority(server.Url, open);
        AuditHead head = await HandOutAsync(db, authority), plain = await HandOutAsync(db);
        string? key = await SigningKey.FindPublicKeyAsync(db, Stop);
        Assert.Null(head.Problem(key));
        ReadStamp stamp = TimestampAuthority.Read(head.Timestamp!, Convert.FromBase64String(head.Signature))!;
        Assert.Equal("CN=A time-stamping authority", stamp.Signer);
        Assert.InRange((TimeProvider.System.GetUtcNow() - stamp.At).Duration(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Contains("time stamp", (plain with { Timestamp = head.Timestamp }).Problem(key), StringComparison.Ordinal);
    }

    private async Task<AuditHead> HandOutAsync(TouchstoneDb db, TimestampAuthority? authority = null) => (await new HandOutHead(authority).RunAsync(new VerbContext(db, "anna", clock), Stop)).Value!;

    private Task AddAsync(TouchstoneDb db, int count) => AuditLog.SaveAsync(db, clock, [.. Enumerable.Range(0, count).Select(i => new AuditEntry("anna", "test.done", $"thing/{i}"))], Stop);
}
