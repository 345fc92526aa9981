namespace Touchstone.Server.Api;

/// <summary>Reads a request's body as bytes, up to a limit.</summary>
internal static class RequestBytes
{
    /// <param name="visit">Holds what was read until it ends.</param>
    /// <param name="what">What the body is, for whoever sent another.</param>
    /// <exception cref="InvalidValueException">The body is empty or longer than the limit.</exception>
    /// <exception cref="BusyException">The server holds too much at the moment.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, long most, Admission.Visit visit, CancellationToken cancellationToken, string what = "one picture")
    {
        if (request.ContentLength > most) throw new InvalidValueException("body", $"{request.ContentLength} bytes", $"1 to {most} bytes of {what}");
        if (request.ContentLength is { } announced) visit.Hold((int)announced);
        using var buffer = new MemoryStream((int)(request.ContentLength ?? 0));
        byte[] part = new byte[81_920];
        for (int read; (read = await request.Body.ReadAsync(part, cancellationToken)) > 0;)
        {
            if (request.ContentLength is null) visit.Hold(read);
            buffer.Write(part, 0, read);
            if (buffer.Length > most) throw new InvalidValueException("body", $"more than {most} bytes", $"1 to {most} bytes of {what}");
        }
        if (buffer.Length == 0) throw new InvalidValueException("body", "0 bytes", $"1 to {most} bytes of {what}");
        return buffer.Capacity == buffer.Length ? buffer.GetBuffer() : buffer.ToArray();
    }
}
