using System.CommandLine;
using System.Runtime.InteropServices;
using Touchstone.Cli.Frame;
using Touchstone.Crawling.Rendering;
using Touchstone.Vision;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone system check</c>: what this machine has of what the product needs, and the command that installs the rest.</summary>
public static class SystemCommand
{
    public static Command Create() => new("system", "Looks at the machine") { new Command("check", "Says what is there and what is missing").Runs(CheckAsync) };

    private static Task<int> CheckAsync(CommandContext context, CancellationToken cancellationToken)
    {
        List<SystemPart> parts =
        [
            new("runtime", true, RuntimeInformation.FrameworkDescription, null),
            new("data folder", InstallationFolder.IsWritable(context.DataFolder), context.DataFolder, "choose a folder that can be written: --data DIR"),
            Vision(),
            Browser(),
        ];
        bool ready = parts.TrueForAll(x => x.Ready);
        if (context.Json)
        {
            context.WriteJson(new { ready, parts });
            return Task.FromResult(ready ? ExitCode.Done : ExitCode.Failed);
        }
        foreach (SystemPart part in parts)
            context.Output.WriteLine($"{(part.Ready ? "ok     " : "missing")}  {part.Name}: {part.Found ?? "not found"}{(part.Ready ? "" : $"; {part.Remedy}")}");
        return Task.FromResult(ready ? ExitCode.Done : ExitCode.Failed);
    }

    private static SystemPart Vision()
    {
        try
        {
            VisionReport report = VisionEnvironment.Check();
            return new("native libraries", true, $"ONNX Runtime {report.OnnxRuntimeVersion}, libvips {report.LibvipsVersion}, text model {report.TextModel}, SIMD {report.Simd}", null);
        }
        catch (NativeLibraryMissingException e)
        {
            return new("native libraries", false, null, e.Message);
        }
    }

    private static SystemPart Browser()
    {
        string? program = new RenderingOptions().FindExecutable();
        return new("browser", program is not null, program, $"{RenderRemedy.Installation} (shops that show nothing without a browser need it)");
    }
}

/// <summary>A thing that the product needs: whether it is there, what was found, and how to get it.</summary>
public sealed record SystemPart(string Name, bool Ready, string? Found, string? Remedy);
