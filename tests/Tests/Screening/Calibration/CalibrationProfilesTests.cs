using Touchstone.Recognition.Calibration;
using Touchstone.Screening.Calibration;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Calibration;

/// <summary>A profile is parsed once for each version of it, and a change counts at once.</summary>
public sealed class CalibrationProfilesTests : IDisposable
{
    private const string ModelId = "touchstone_embed_3";

    private readonly string folder = Directory.CreateTempSubdirectory("touchstone-profiles-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_profile_that_comes_with_the_program_is_parsed_once()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Touchstone.Screening.Storage.DatabaseProvider.Sqlite);
        var profiles = new CalibrationProfiles(database, new ManualClock());
        CalibrationProfile first = (await profiles.ActiveAsync(ModelId, Stop))!;
        Assert.Same(first, await profiles.ActiveAsync(ModelId, Stop));
        Assert.Same(first, await new CalibrationProfiles(database, new ManualClock()).ActiveAsync(ModelId, Stop));
    }

    [Fact]
    public async Task A_profile_that_an_administrator_made_active_is_parsed_once_and_anew_when_it_changes()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(Touchstone.Screening.Storage.DatabaseProvider.Sqlite);
        var recorded = new RecordedSql(database);
        var profiles = new CalibrationProfiles(recorded, new ManualClock());
        CalibrationProfile own = ShippedProfiles.Find(ModelId)! with { Id = $"{ModelId}-own" };
        await profiles.ActivateAsync(own, Stop);
        CalibrationProfile first = (await profiles.ActiveAsync(ModelId, Stop))!;
        int from = recorded.Statements.Count;
        Assert.Same(first, await profiles.ActiveAsync(ModelId, Stop));
        Assert.DoesNotContain("Content", Assert.Single(recorded.Statements.Skip(from)), StringComparison.Ordinal);

        // Another node changes it under the same id and at the same instant.
        await new CalibrationProfiles(database, new ManualClock()).ActivateAsync(own with { DataSetId = "other" }, Stop);
        Assert.Equal("other", (await profiles.ActiveAsync(ModelId, Stop))!.DataSetId);
    }

    [Fact]
    public void A_file_that_changed_is_parsed_anew()
    {
        string file = Path.Combine(folder, "profile.json");
        CalibrationProfile shipped = ShippedProfiles.Find(ModelId)!;
        File.WriteAllText(file, shipped.ToJson());
        CalibrationProfile first = ShippedProfiles.Read(file);
        Assert.Same(first, ShippedProfiles.Read(file));
        File.WriteAllText(file, (shipped with { DataSetId = "another set of pictures" }).ToJson());
        Assert.Equal("another set of pictures", ShippedProfiles.Read(file).DataSetId);
    }
}
