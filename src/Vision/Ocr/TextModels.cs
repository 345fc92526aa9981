namespace Touchstone.Vision.Ocr;

/// <summary>
/// The files of PP-OCRv4 (PaddleOCR, Apache-2.0), which the build takes from npm and puts under <c>native/text/</c> beside the program. Thread-safe.
/// </summary>
internal static class TextModels
{
    /// <summary>The name under which texts are kept; other files or other preparation need another name.</summary>
    internal const string Id = "pp-ocr-v4-mobile";

    internal static string Detection => PathOf("detection.onnx");

    internal static string Direction => PathOf("direction.onnx");

    internal static string Recognition => PathOf("recognition.onnx");

    internal static string Characters => PathOf("characters.txt");

    /// <summary>Looks whether all files are there.</summary>
    /// <exception cref="NativeLibraryMissingException">A file is absent; the message names it and the command that installs it.</exception>
    internal static string Check()
    {
        foreach (string path in new[] { Detection, Direction, Recognition, Characters })
            if (!File.Exists(path)) throw new NativeLibraryMissingException($"The text model {Path.GetFileName(path)} is not in {Path.GetDirectoryName(path)}. Run 'npm ci --ignore-scripts' in native/ and build again.");
        return Id;
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "native", "text", file);
}
