namespace Touchstone.Server.Api;

/// <summary>Reads a request's body as bytes, up to a limit.</summary>
internal static class RequestBytes
{
    /// <exception cref="InvalidValueException">The body is empty or longer than the limit.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, long most, CancellationToken cancellationToken)
    {
        if (request.ContentLength > most) throw new InvalidValueException("body", $"{request.ContentLength} bytes", $"1 to {most} bytes of one picture");
        using var buffer = new MemoryStream();
        byte[] part = new byte[81_920];
        for (int read; (read = await request.Body.ReadAsync(part, cancellationToken)) > 0;)
        {
            buffer.Write(part, 0, read);
            if (buffer.Length > most) throw new InvalidValueException("body", $"more than {most} bytes", $"1 to {most} bytes of one picture");
        }
        return buffer.Length == 0 ? throw new InvalidValueException("body", "0 bytes", $"1 to {most} bytes of one picture") : buffer.ToArray();
    }
}
