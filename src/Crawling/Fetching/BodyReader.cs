namespace Touchstone.Crawling.Fetching;

/// <summary>Reads a body while it counts the decompressed bytes, so that a small answer cannot unfold into a large one.</summary>
internal static class BodyReader
{
    private const int Step = 64 << 10;

    /// <summary>The body; null if it is longer than the limit and the limit does not cut.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent content, FetchLimits limits, CancellationToken cancellationToken)
    {
        // The declared length is of the bytes on the wire; decompression removes it, so a length that is here is the body's.
        if (content.Headers.ContentLength > limits.MaxBytes && !limits.CutAtMaxBytes) return null;
        await using Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream body = new((int)Math.Min(content.Headers.ContentLength ?? Step, limits.MaxBytes));
        byte[] buffer = new byte[Step];
        while (true)
        {
            int read = await stream.ReadAsync(buffer, cancellationToken);
            if (read == 0) return body.ToArray();
            long room = limits.MaxBytes - body.Length;
            if (read > room && !limits.CutAtMaxBytes) return null;
            body.Write(buffer, 0, (int)Math.Min(read, room));
            if (read > room) return body.ToArray();
        }
    }
}
