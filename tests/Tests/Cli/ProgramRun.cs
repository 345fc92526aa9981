using System.Diagnostics;
using System.Text.Json;

namespace Touchstone.Tests.Cli;

/// <summary>One run of the program as a process of its own, with its two outputs.</summary>
public sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>The output as one JSON object; fails the test where it is not exactly that.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Runs <c>touchstone</c> with the arguments and ends it when the test is cancelled.</summary>
    public static Task<ProgramRun> OfAsync(params string[] arguments) => FromAsync(AppContext.BaseDirectory, arguments);

    /// <summary>The same with the program that lies in a folder of its own.</summary>
    public static Task<ProgramRun> FromAsync(string folder, params string[] arguments) => RunAsync(folder, [], arguments);

    /// <summary>The same with further variables in its environment.</summary>
    public static Task<ProgramRun> InAsync(IReadOnlyCollection<(string Name, string Value)> environment, params string[] arguments) => RunAsync(AppContext.BaseDirectory, environment, arguments);

    private static async Task<ProgramRun> RunAsync(string folder, IReadOnlyCollection<(string Name, string Value)> environment, string[] arguments)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(folder, "touchstone.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration ended = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return new ProgramRun(process.ExitCode, await output, await error);
    }
}
