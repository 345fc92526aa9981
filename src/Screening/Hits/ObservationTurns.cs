namespace Touchstone.Screening.Hits;

/// <summary>
/// Lets one at a time screen an observation: a search that sees a listing and those who ask what was seen before would else screen it twice with the same state. Several observations may
/// share a turn. Of one process; two nodes may still do the same work, and their hits are the same. Safe for concurrent use.
/// </summary>
public sealed class ObservationTurns : IDisposable
{
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits for the turn; disposing what is returned gives it on. Nobody takes two.</summary>
    public async Task<IDisposable> TakeAsync(long observationId, CancellationToken cancellationToken)
    {
        SemaphoreSlim turn = turns[(int)(observationId % turns.Length)];
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    public void Dispose()
    {
        foreach (SemaphoreSlim turn in turns) turn.Dispose();
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
