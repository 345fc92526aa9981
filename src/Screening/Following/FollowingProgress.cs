namespace Touchstone.Screening.Following;

/// <summary>What a reference misses: pictures that wait to be described or cannot be, and whose texts wait to be read or cannot be.</summary>
internal readonly record struct Gaps(int Waiting, int Failed, int TextsWaiting, int TextsFailed)
{
    public static Gaps operator +(Gaps a, Gaps b) => new(a.Waiting + b.Waiting, a.Failed + b.Failed, a.TextsWaiting + b.TextsWaiting, a.TextsFailed + b.TextsFailed);

    public static Gaps operator -(Gaps a, Gaps b) => new(a.Waiting - b.Waiting, a.Failed - b.Failed, a.TextsWaiting - b.TextsWaiting, a.TextsFailed - b.TextsFailed);
}

/// <summary>How far a node is in following. One writer; read from any thread.</summary>
internal sealed class FollowingProgress(TimeProvider clock)
{
    // A database that was away for less is no reason to send work elsewhere.
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly Dictionary<long, Gaps> gaps = [];
    private Gaps all;

    // The references that the first load left waiting; null before it came so far.
    private HashSet<long>? first;
    private long loadStarted;
    private int loadTotal;
    private DateTimeOffset? failingSince;
    private string? failure;

    public int Waiting => Read(() => all.Waiting);

    public int Failed => Read(() => all.Failed);

    public int TextsWaiting => Read(() => all.TextsWaiting);

    public int TextsFailed => Read(() => all.TextsFailed);

    /// <summary>When the registers were last followed to their end.</summary>
    public DateTimeOffset? FollowedAt { get; private set; }

    /// <summary>Whether what the registers held at the start is in the gallery, as far as it can be.</summary>
    public bool Loaded => Read(() => first is { Count: 0 });

    public GalleryLoad? Load => Read(() => all.Waiting == 0 ? null : new GalleryLoad(loadTotal - all.Waiting, loadTotal, clock.GetElapsedTime(loadStarted)));

    /// <summary>Why the registers have not been followed for longer than may be; null where they are.</summary>
    public string? Fault => Read(() => failingSince is { } since && clock.GetUtcNow() - since > StaleAfter ? $"The registers could not be followed since {since:yyyy-MM-dd HH:mm:ss} UTC: {failure}" : null);

    public void Set(long referenceId, Gaps now)
    {
        lock (gate) Change(referenceId, now - gaps.GetValueOrDefault(referenceId));
    }

    /// <summary>One more text that waits, or that cannot be read.</summary>
    public void AddText(long referenceId, bool failed)
    {
        lock (gate) Change(referenceId, failed ? new Gaps(0, 0, 0, 1) : new Gaps(0, 0, 1, 0));
    }

    /// <summary>The pictures that were described came in; those of the first load that did not are waited for.</summary>
    public void PicturesTaken()
    {
        lock (gate) first ??= [.. gaps.Where(g => g.Value.Waiting > 0).Select(g => g.Key)];
    }

    public void Followed()
    {
        lock (gate) (FollowedAt, failingSince, failure) = (clock.GetUtcNow(), null, null);
    }

    public void NotFollowed(Exception e)
    {
        lock (gate) (failingSince, failure) = (failingSince ?? clock.GetUtcNow(), e.Message);
    }

    private void Change(long referenceId, Gaps by)
    {
        if (all.Waiting == 0 && by.Waiting > 0) (loadStarted, loadTotal) = (clock.GetTimestamp(), 0);
        loadTotal += Math.Max(by.Waiting, 0);
        all += by;
        Gaps now = gaps.GetValueOrDefault(referenceId) + by;
        if (now == default) gaps.Remove(referenceId);
        else gaps[referenceId] = now;
        if (now.Waiting == 0) first?.Remove(referenceId);
    }

    private T Read<T>(Func<T> value)
    {
        lock (gate) return value();
    }
}
