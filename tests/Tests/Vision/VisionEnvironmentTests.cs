using Touchstone.Tests.Cli;
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

    [Theory]
    [InlineData("libonnxruntime", "ONNX Runtime cannot be loaded", "Microsoft.ML.OnnxRuntime")]
    [InlineData("libvips", "libvips cannot be loaded", "NetVips.Native")]
    public async Task A_program_without_a_library_names_it_and_the_command_that_installs_it(string library, string fault, string package)
    {
        string folder = Directory.CreateTempSubdirectory("touchstone-without-").FullName;
        try
        {
            // Without the list of dependencies, the host takes what lies beside the program.
            foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(f => !f.EndsWith(".deps.json", StringComparison.Ordinal)))
                if (!Path.GetFileName(file).StartsWith(library, StringComparison.Ordinal)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            ProgramRun run = await ProgramRun.FromAsync(folder, "system", "check", "--json", "--data", Path.Combine(folder, "data"));
            string remedy = run.Json.GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "native libraries").GetProperty("remedy").GetString()!;
            Assert.StartsWith(fault, remedy, StringComparison.Ordinal);
            Assert.EndsWith($"Run 'dotnet build' again on this machine: NuGet brings it with {package}.", remedy, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
