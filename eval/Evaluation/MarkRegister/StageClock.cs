using System.Diagnostics.Metrics;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>Hears how long the stages of recognitions take. For one recognition at a time.</summary>
internal sealed class StageClock : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly Dictionary<string, double> milliseconds = new(StringComparer.Ordinal);

    public StageClock()
    {
        listener.InstrumentPublished = (instrument, heard) =>
        {
            if (instrument is { Meter.Name: RecognitionStage.MeterName, Name: RecognitionStage.Instrument }) heard.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
                if (tag.Key == RecognitionStage.Tag) Add((string)tag.Value!, 1_000 * seconds);
        });
        listener.Start();
    }

    /// <summary>What was heard since this was asked last.</summary>
    public Dictionary<string, double> Take()
    {
        lock (milliseconds)
        {
            var taken = new Dictionary<string, double>(milliseconds, StringComparer.Ordinal);
            milliseconds.Clear();
            return taken;
        }
    }

    public void Dispose() => listener.Dispose();

    private void Add(string stage, double time)
    {
        lock (milliseconds) milliseconds[stage] = milliseconds.GetValueOrDefault(stage) + time;
    }
}
