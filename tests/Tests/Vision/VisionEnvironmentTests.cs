using Touchstone.Vision;

namespace Touchstone.Tests.Vision;

public sealed class VisionEnvironmentTests
{
    [Fact]
    public void The_check_states_the_versions_of_both_libraries_and_the_text_model()
    {
        VisionReport report = VisionEnvironment.Check();
        Assert.Matches(@"^1\.\d+\.\d+", report.OnnxRuntimeVersion);
        Assert.Matches(@"^8\.\d+\.\d+$", report.LibvipsVersion);
        Assert.Equal("pp-ocr-v4-mobile", report.TextModel);
        Assert.NotEmpty(report.Simd);
    }

    [Fact]
    public void An_absent_library_names_the_command_that_installs_it()
    {
        string path = Path.Combine(Path.GetTempPath(), "native", "libabsent.so");
        Assert.Contains("npm ci --ignore-scripts", Assert.Throws<NativeLibraryMissingException>(() => NativeLibraries.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_names_the_command_too()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "no library");
            Assert.Contains("npm ci --ignore-scripts", Assert.Throws<NativeLibraryMissingException>(() => NativeLibraries.Load(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
