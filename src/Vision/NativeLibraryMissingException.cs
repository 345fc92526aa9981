namespace Touchstone.Vision;

/// <summary>A native library is not beside the program or cannot be loaded. The message names the command that installs it.</summary>
public sealed class NativeLibraryMissingException : Exception
{
    public NativeLibraryMissingException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
