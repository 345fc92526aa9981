using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Touchstone.Recognition;

namespace Touchstone.Tests.Recognition;

public sealed class RecognitionStageTests
{
    [Fact]
    public void A_stage_is_told_to_who_listens_and_costs_nothing_otherwise()
    {
        var heard = new ConcurrentBag<double>();
        using (RecognitionStage.Time("a stage of this test")) Thread.SpinWait(100);
        using (var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Name == RecognitionStage.Instrument && instrument.Meter.Name == RecognitionStage.MeterName) l.EnableMeasurementEvents(instrument); } })
        {
            listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
            {
                foreach (KeyValuePair<string, object?> tag in tags)
                    if (tag is { Key: RecognitionStage.Tag, Value: "a stage of this test" }) heard.Add(seconds);
            });
            listener.Start();
            using (RecognitionStage.Time("a stage of this test")) Thread.SpinWait(100_000);
        }
        Assert.InRange(Assert.Single(heard), 1e-6, 10);
    }
}
