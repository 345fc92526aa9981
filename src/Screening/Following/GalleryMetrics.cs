using System.Diagnostics.Metrics;
using Touchstone.Recognition.Gallery;

namespace Touchstone.Screening.Following;

/// <summary>How this node's gallery stands, as instruments that are read when somebody asks. Safe for concurrent use.</summary>
public sealed class GalleryMetrics : IDisposable
{
    public const string MeterName = "Touchstone.Gallery";

    private readonly GalleryFollower follower;
    private readonly TimeProvider clock;
    private readonly Meter meter = new(MeterName);
    private readonly Histogram<double> merges;

    public GalleryMetrics(GalleryFollower follower, ReferenceGallery gallery, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        (this.follower, this.clock) = (follower, clock);
        Gauge("touchstone.gallery.sequence", "{change}", "The number of the last change of the registers that was taken over.", status => status.Sequence);
        Gauge("touchstone.gallery.pictures", "{picture}", "Reference pictures that are searched.", status => status.Images);
        Gauge("touchstone.gallery.undescribed", "{picture}", "Reference pictures that could not be described.", status => status.Failed);
        Gauge("touchstone.gallery.behind", "{picture}", "Reference pictures that wait to be described.", status => status.Behind);
        meter.CreateObservableGauge("touchstone.gallery.delta", () => gallery.Unmerged, "{picture}", "Pictures that came or went since the last merge; they are in memory.");
        meter.CreateObservableGauge("touchstone.gallery.load.done", () => Load(load => load.Done), "{picture}", "Pictures that the load that goes on has taken in; absent while there is none.");
        meter.CreateObservableGauge("touchstone.gallery.load.total", () => Load(load => load.Total), "{picture}", "Pictures that the load that goes on takes in; absent while there is none.");
        meter.CreateObservableGauge("touchstone.gallery.refresh.age", Age, "s", "Since the registers were last followed to their end; absent before the first time.");
        merges = meter.CreateHistogram("touchstone.gallery.merge.duration", "s", "A merge of what is in memory into a generation.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600] });
    }

    /// <summary>A merge ended.</summary>
    public void Merged(TimeSpan taken, bool failed) => merges.Record(taken.TotalSeconds, new KeyValuePair<string, object?>("outcome", failed ? "failed" : "merged"));

    public void Dispose() => meter.Dispose();

    private void Gauge(string name, string unit, string description, Func<GalleryStatus, long> read) => meter.CreateObservableGauge(name, () => read(follower.Status), unit, description);

    private IEnumerable<Measurement<long>> Load(Func<GalleryLoad, long> read) => follower.Status.Load is { } load ? [new Measurement<long>(read(load))] : [];

    private IEnumerable<Measurement<double>> Age() => follower.Status.FollowedAt is { } at ? [new Measurement<double>((clock.GetUtcNow() - at).TotalSeconds)] : [];
}
