using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Touchstone.Screening.Storage;
using Touchstone.Server.Gate;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

public sealed class IdempotencyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Two_callers_never_share_an_answer_whatever_their_names_and_keys_are(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var kept = new Idempotency(database, new ManualClock(), Options.Create(new Microsoft.AspNetCore.Http.Json.JsonOptions()));
        // Joined by a colon, these two would be one.
        Remembered first = await kept.KeepAsync("key:shop", "eu:1", "hash", new { of = "shop" }, Stop);
        Assert.Null(await kept.FindAsync("key:shop:eu", "1", "hash", Stop));
        Remembered second = await kept.KeepAsync("key:shop:eu", "1", "hash", new { of = "shop:eu" }, Stop);
        Assert.NotEqual(first.Json, second.Json);
        Assert.Equal(first.Json, (await kept.FindAsync("key:shop", "eu:1", "hash", Stop))!.Json);
        Assert.Equal(StatusCodes.Status422UnprocessableEntity, (await kept.FindAsync("key:shop", "eu:1", "other", Stop))!.Status);
        await using TouchstoneDb db = database.CreateDbContext();
        Assert.Equal(2, await db.IdempotencyKeys.CountAsync(Stop));
    }
}
