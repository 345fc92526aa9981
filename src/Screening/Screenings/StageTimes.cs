namespace Touchstone.Screening.Screenings;

/// <summary>Adds up how long each stage of one screening takes, over its pictures. Not safe for concurrent use.</summary>
internal sealed class StageTimes(TimeProvider clock) : IStageObserver
{
    private readonly Dictionary<RecognitionStage, TimeSpan> taken = [];

    /// <summary>The stages that were entered.</summary>
    public IEnumerable<KeyValuePair<RecognitionStage, TimeSpan>> Taken => taken;

    public IDisposable Enter(RecognitionStage stage) => new Running(this, stage, clock.GetTimestamp());

    private void Add(RecognitionStage stage, long started) => taken[stage] = taken.GetValueOrDefault(stage) + clock.GetElapsedTime(started);

    private sealed class Running(StageTimes times, RecognitionStage stage, long started) : IDisposable
    {
        public void Dispose() => times.Add(stage, started);
    }
}
