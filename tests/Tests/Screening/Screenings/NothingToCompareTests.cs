using Microsoft.EntityFrameworkCore;
using Touchstone.Screening;
using Touchstone.Screening.Screenings;
using Touchstone.Screening.Storage;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.Screenings;

/// <summary>Where there is nothing to compare with, nothing is ruled out.</summary>
public sealed class NothingToCompareTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_installation_clears_nothing()
    {
        await using TestCore core = await TestCore.StartAsync();
        await core.Follower.RefreshAsync(null, Stop);
        ScreeningOutcome empty = await ScreenAsync(core, null);
        Assert.Equal((Verdict.Undetermined, UndeterminedReason.NothingToCompare), (empty.Verdict, empty.Reason));
        Assert.Contains("touchstone references import", empty.Detail, StringComparison.Ordinal);

        await core.AddReferenceAsync("R-1", ImageEncoder.Png(Drawn.Package(1)));
        await core.Follower.RefreshAsync(null, Stop);
        Assert.Equal(Verdict.NoMatch, (await ScreenAsync(core, null)).Verdict);
    }

    [Fact]
    public async Task A_wanted_reference_without_a_picture_clears_nothing()
    {
        await using TestCore core = await TestCore.StartAsync();
        await core.AddReferenceAsync("R-1", ImageEncoder.Png(Drawn.Package(1)));
        long bare = await core.AddReferenceAsync("R-2", ImageEncoder.Png(Drawn.Package(2)));
        await using (TouchstoneDb db = await core.OpenAsync()) await db.ReferenceImages.Where(x => x.ReferenceId == bare).ExecuteDeleteAsync(Stop);
        await core.Follower.RefreshAsync(null, Stop);
        ScreeningOutcome outcome = await ScreenAsync(core, bare);
        Assert.Equal((Verdict.Undetermined, UndeterminedReason.NothingToCompare), (outcome.Verdict, outcome.Reason));
    }

    private static Task<ScreeningOutcome> ScreenAsync(TestCore core, long? wanted) =>
        core.Pipeline.ScreenAsync(new ScreeningInput { Images = [new ScreeningImage(null, ImageEncoder.Jpeg(Drawn.Bottle()))], ReferenceId = wanted }, Stop);
}
