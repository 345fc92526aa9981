using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Crawling.Politeness;
using Touchstone.Screening.Features;
using Touchstone.Screening.Following;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Screenings;
using Touchstone.Server.Gate;
using Touchstone.Server.Security;
using Touchstone.Tests.Architecture;
using Touchstone.Tests.Screening.Screenings;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Server;

/// <summary>
/// A listing through the gate of a running server shows in what that server's metrics page says. Other servers of the process would count into it, and take the
/// gallery's instruments with them when they end, so these tests run alone.
/// </summary>
[Collection(AloneSet.Name)]
public sealed partial class TelemetryTests(ServerFixture server)
{
    [Fact]
    public async Task A_listing_is_counted_with_its_stages_and_its_verdict()
    {
        IReadOnlyDictionary<string, double> before = await ReadAsync();
        await AskAsync(ImageEncoder.Jpeg(Drawn.Package(7), 71)); // an alert's picture, in bytes that nobody has asked with
        IReadOnlyDictionary<string, double> after = await ReadAsync();
        double Grown(string sample) => after.GetValueOrDefault(sample) - before.GetValueOrDefault(sample);
        foreach (string stage in new[] { "decode", "first_look", "description", "candidates", "scoring", "decision" })
        {
            Assert.True(Grown($"touchstone_screening_stage_duration_seconds_count{{stage=\"{stage}\"}}") >= 1, stage);
            Assert.InRange(Grown($"touchstone_screening_stage_duration_seconds_sum{{stage=\"{stage}\"}}"), 1e-9, 60);
        }
        Assert.True(Grown("touchstone_screening_verdicts_total{verdict=\"Match\"}") >= 1);
        Assert.True(Grown("touchstone_screening_pictures_total{outcome=\"Read\"}") >= 1);
        double whole = Grown("touchstone_screening_duration_seconds_sum");
        Assert.True(whole >= Grown("touchstone_screening_stage_duration_seconds_sum{stage=\"description\"}"), "A stage takes no longer than the whole.");
        Assert.Equal(after["touchstone_screening_duration_seconds_count"], after["touchstone_screening_duration_seconds_bucket{le=\"+Inf\"}"]);
    }

    [Fact]
    public async Task A_picture_that_leaves_early_is_counted_as_that_and_its_later_stages_are_not()
    {
        IReadOnlyDictionary<string, double> before = await ReadAsync();
        var times = new StageTimes(TimeProvider.System);
        await server.Services.GetRequiredService<FeatureStore>().ReadAsync(ImageEncoder.Jpeg(Drawn.Bottle(), 72), _ => true, times, TestContext.Current.CancellationToken);
        Assert.Equal([RecognitionStage.Decode, RecognitionStage.FirstLook], times.Taken.Select(x => x.Key));
        await AskAsync(ImageEncoder.Jpeg(Drawn.Bottle(), 73));
        IReadOnlyDictionary<string, double> after = await ReadAsync();
        const string Early = "touchstone_screening_pictures_total{outcome=\"ExitedEarly\"}", All = "touchstone_screening_duration_seconds_count";
        Assert.True(after.GetValueOrDefault(Early) > before.GetValueOrDefault(Early));
        Assert.True(after[All] > before.GetValueOrDefault(All));
    }

    [Fact]
    public async Task The_gallery_says_how_it_stands()
    {
        IReadOnlyDictionary<string, double> read = await ReadAsync();
        GalleryStatus status = server.Services.GetRequiredService<GalleryFollower>().Status;
        Assert.True(status.Ready);
        foreach (string name in new[] { "sequence", "pictures", "undescribed", "behind", "delta", "refresh_age_seconds" }) Assert.Contains($"touchstone_gallery_{name}", read.Keys);
        Assert.InRange(read["touchstone_gallery_refresh_age_seconds"], 0, 600);
        server.Services.GetRequiredService<GalleryMetrics>().Merged(TimeSpan.FromSeconds(3), failed: true);
        Assert.True((await ReadAsync())["touchstone_gallery_merge_duration_seconds_bucket{outcome=\"failed\",le=\"5\"}"] >= 1);
    }

    [Fact]
    public void The_document_names_every_instrument_and_no_other()
    {
        foreach (Type instruments in (Type[])[typeof(CrawlMetrics), typeof(ImageJobMetrics), typeof(OutboxMetrics), typeof(GateMetrics), typeof(ScreeningMetrics)]) RuntimeHelpers.RunClassConstructor(instruments.TypeHandle);
        List<string> published = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name.StartsWith("Touchstone.", StringComparison.Ordinal)) lock (published) published.Add(instrument.Name);
        };
        listener.Start();
        Assert.Equal(published.Distinct().Order(StringComparer.Ordinal), InstrumentName().Matches(SourceTree.Read("docs/operations.md")).Select(x => x.Value).Distinct().Order(StringComparer.Ordinal));
    }

    private async Task AskAsync(byte[] picture)
    {
        using HttpClient client = server.Client(AccountRole.Gate);
        using HttpResponseMessage response = await client.PostAsJsonAsync("/api/v1/gate/listings", new { images = new[] { new { bytes = picture } } });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Every sample by its name and its own labels, in the order written; samples of several servers are added up.</summary>
    private async Task<IReadOnlyDictionary<string, double>> ReadAsync()
    {
        using HttpClient client = server.Client(AccountRole.Viewer);
        string text = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var samples = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n').Where(x => x.StartsWith("touchstone_", StringComparison.Ordinal)))
        {
            Match sample = Sample().Match(line);
            string[] labels = [.. sample.Groups["labels"].Value.Split(',').Where(x => x.Length > 0 && !x.StartsWith("otel_scope", StringComparison.Ordinal))];
            string name = sample.Groups["name"].Value + (labels.Length == 0 ? "" : $"{{{string.Join(',', labels)}}}");
            samples[name] = samples.GetValueOrDefault(name) + double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture);
        }
        return samples;
    }

    [GeneratedRegex("""^(?<name>\w+)(\{(?<labels>[^}]*)\})? (?<value>[-+.\dEeINnaf]+)""")]
    private static partial Regex Sample();

    [GeneratedRegex(@"\btouchstone(\.[a-z]+)+\b")]
    private static partial Regex InstrumentName();
}
