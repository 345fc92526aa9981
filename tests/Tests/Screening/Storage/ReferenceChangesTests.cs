using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Following;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Storage;

/// <summary>The numbers of changes of references, on both databases.</summary>
public sealed class ReferenceChangesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Whoever_has_seen_a_number_has_seen_all_before_it_however_long_a_transaction_takes(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        long register = await RegisterAsync(database);
        var follower = new RegisterChanges(database);
        using var written = new CancellationTokenSource();
        Task writing = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(
            async () =>
            {
                var random = new Random(writer);
                for (int i = 0; i < 8; i++)
                {
                    await using TouchstoneDb db = database.CreateDbContext();
                    await using var transaction = await db.Database.BeginTransactionAsync(Stop);
                    db.References.Add(Reference(register, $"{writer}-{i}"));
                    await db.SaveChangesAsync(Stop);
                    await Task.Delay(random.Next(10), Stop);
                    await transaction.CommitAsync(Stop);
                }
            },
            Stop)));
        var seen = new List<long>();
        while (true)
        {
            bool last = writing.IsCompleted;
            seen.AddRange((await follower.SinceAsync(seen.LastOrDefault(), Stop)).Select(c => c.Number));
            if (last) break;
        }
        await writing;
        Assert.Equal(Enumerable.Range(1, 32).Select(i => (long)i), seen);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Every_way_in_which_a_reference_changes_is_a_change_and_a_note_for_people_is_none(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        long register = await RegisterAsync(database);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow row = Reference(register, "one");
        row.Images.Add(new ReferenceImageRow { SourceUrl = "https://register.example/1.jpg" });
        row.Identifiers.Add(new ReferenceIdentifierRow { Scheme = "Gtin", Value = "4006381333931", Valid = true });
        db.References.Add(row);
        Assert.Equal(1, await SavedAsync());
        row.Kind = ReferenceKind.Mark;
        Assert.Equal(1, await SavedAsync());
        row.ExpiresOn = new DateOnly(2027, 1, 1);
        Assert.Equal(1, await SavedAsync());
        row.Territory = "EU";
        Assert.Equal(1, await SavedAsync());
        row.Identifiers.Single().Value = "4006381333948";
        Assert.Equal(1, await SavedAsync());
        row.Images.Single().ImageSha256 = new string('1', 64);
        Assert.Equal(1, await SavedAsync());
        row.Images.Single().Failure = "The host could not be reached.";
        Assert.Equal(0, await SavedAsync());
        row.RetiredAt = DateTimeOffset.UnixEpoch;
        Assert.Equal(1, await SavedAsync());
        db.ReferenceIdentifiers.Remove(row.Identifiers.Single());
        Assert.Equal(1, await SavedAsync());
        db.References.Add(Reference(register, "a search's", ReferenceKind.SearchedPicture));
        Assert.Equal(0, await SavedAsync());
        Assert.Equal([8L], (await new RegisterChanges(database).SinceAsync(0, Stop)).Select(c => c.Number));

        async Task<int> SavedAsync()
        {
            int before = await db.ReferenceChanges.CountAsync(Stop);
            await db.SaveChangesAsync(Stop);
            return await db.ReferenceChanges.CountAsync(Stop) - before;
        }
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task A_save_that_is_refused_leaves_no_number_and_is_numbered_once_when_it_succeeds(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        long register = await RegisterAsync(database);
        await using TouchstoneDb db = database.CreateDbContext();
        db.References.Add(Reference(register, "one"));
        await db.SaveChangesAsync(Stop);
        ReferenceRow twice = Reference(register, "one");
        db.References.Add(twice);
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Stop));
        twice.ExternalId = "two";
        await db.SaveChangesAsync(Stop);
        Assert.Equal([1L, 2L], await db.ReferenceChanges.OrderBy(c => c.Number).Select(c => c.Number).ToListAsync(Stop));
    }

    private static async Task<long> RegisterAsync(TestDatabase database)
    {
        await using TouchstoneDb db = database.CreateDbContext();
        var register = new RegisterRow { Name = "test", Format = "csv", CreatedAt = DateTimeOffset.UnixEpoch };
        db.Registers.Add(register);
        await db.SaveChangesAsync(Stop);
        return register.Id;
    }

    private static ReferenceRow Reference(long register, string id, ReferenceKind kind = ReferenceKind.Alert) =>
        new() { RegisterId = register, ExternalId = id, Kind = kind, Title = id, RawPayload = "{}", ContentHash = "x", ImportedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch };
}
