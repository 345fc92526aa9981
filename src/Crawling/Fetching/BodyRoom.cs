using System.Threading.Channels;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// Room for large bodies: any number of small ones may be read at once, of those above <see cref="Small"/> bytes only <see cref="Places"/>. Unpacked and as text
/// a body takes five times its size, and a sitemap may have 50 MiB. Thread-safe.
/// </summary>
public sealed class BodyRoom
{
    /// <summary>Up to so many bytes a body is small: 4 MiB.</summary>
    public const int Small = 4 << 20;

    /// <summary>Large bodies at once: 2.</summary>
    public const int Places = 2;

    private readonly Channel<bool> _free = Channel.CreateBounded<bool>(Places);

    public BodyRoom()
    {
        for (int i = 0; i < Places; i++) _free.Writer.TryWrite(true);
    }

    /// <summary>For one body, until it is disposed: whoever holds the body holds this.</summary>
    public BodyPlace Enter() => new(_free);
}

/// <summary>The place of one body. Not safe for concurrent use.</summary>
public sealed class BodyPlace : IDisposable
{
    private readonly Channel<bool> _free;
    private bool _taken;

    internal BodyPlace(Channel<bool> free) => _free = free;

    /// <summary>Waits for room if the body has so many bytes or may get them.</summary>
    public async Task GrowAsync(long bytes, CancellationToken cancellationToken)
    {
        if (_taken || bytes <= BodyRoom.Small) return;
        _taken = await _free.Reader.ReadAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (_taken) _free.Writer.TryWrite(true);
        _taken = false;
    }
}
