namespace Touchstone.Vision;

/// <summary>A native library or a model file is not beside the program or cannot be loaded. The message names the command that installs it.</summary>
public sealed class NativeLibraryMissingException : Exception
{
    public NativeLibraryMissingException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The failure of a library that a NuGet package brings.</summary>
    /// <param name="library">Its name for people.</param>
    /// <param name="package">The package that brings it.</param>
    /// <param name="fault">What its loader said; the innermost cause is quoted.</param>
    internal static NativeLibraryMissingException Of(string library, string package, Exception? fault) =>
        new($"{library} cannot be loaded on {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}: {fault?.GetBaseException().Message ?? "it gives no reason"} Run 'dotnet build' again on this machine: NuGet brings it with {package}.", fault);
}
