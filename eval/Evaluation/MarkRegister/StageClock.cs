using System.Diagnostics;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>Adds up how long the stages of recognitions take. For one recognition at a time.</summary>
internal sealed class StageClock : IStageObserver
{
    private Dictionary<RecognitionStage, double> milliseconds = [];

    public IDisposable Enter(RecognitionStage stage) => new Running(this, stage, Stopwatch.GetTimestamp());

    /// <summary>Milliseconds of the stages that were entered since this was asked last.</summary>
    public IReadOnlyDictionary<RecognitionStage, double> Take()
    {
        IReadOnlyDictionary<RecognitionStage, double> taken = milliseconds;
        milliseconds = [];
        return taken;
    }

    private sealed class Running(StageClock clock, RecognitionStage stage, long started) : IDisposable
    {
        public void Dispose() => clock.milliseconds[stage] = clock.milliseconds.GetValueOrDefault(stage) + Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
