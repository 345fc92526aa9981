using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.References;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.References;

/// <summary>A reference's record as received is read where it is shown, and nowhere else.</summary>
public sealed class ReferenceRecordTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Lists_read_no_records_and_the_reference_itself_has_its_own(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        long id;
        await using (TouchstoneDb db = database.CreateDbContext()) id = (await SampleHits.AddAsync(db)).ReferenceId;
        var recorded = new RecordedSql(database);
        await using TouchstoneDb read = recorded.CreateDbContext();
        ReferenceRow listed = Assert.Single((await ReferenceQueries.ListAsync(read, new ReferenceFilter(), null, 10, Stop)).Items);
        HitRow hit = await read.Hits.AsNoTracking().Include(x => x.Reference).SingleAsync(Stop);
        Assert.DoesNotContain(recorded.Statements, x => x.Contains("ReferenceRecords", StringComparison.Ordinal));
        Assert.Throws<InvalidOperationException>(() => listed.RawPayload);
        Assert.Throws<InvalidOperationException>(() => hit.Reference!.RawPayload);
        Assert.Equal("{}", (await ReferenceQueries.FindAsync(read, id, Stop))!.RawPayload);
    }
}
