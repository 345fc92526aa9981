namespace Touchstone.Vision.Imaging.Libvips;

/// <summary>libvips refused an operation. The message is libvips' own; it may name an error of another thread too, because libvips keeps one error text for the process.</summary>
public sealed class VipsException : Exception
{
    public VipsException(string operation, string message)
        : base($"libvips, {operation}: {message}") => Operation = operation;

    /// <summary>The nickname of the operation, such as <c>jpegload_buffer</c>.</summary>
    public string Operation { get; }
}
