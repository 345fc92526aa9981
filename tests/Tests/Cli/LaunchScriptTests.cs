using System.Diagnostics;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Cli;

/// <summary>
/// What <c>./touchstone</c> does before the program starts: the script itself in a checkout of its own, where the programs that it calls
/// tell what they were called with.
/// </summary>
public sealed class LaunchScriptTests : IDisposable
{
    private const string Build = "echo built $2 >>\"$CALLS\"; mkdir -p src/Cli/bin/Release/net10.0; : >src/Cli/bin/Release/net10.0/touchstone.dll";
    private readonly string _checkout = Directory.CreateTempSubdirectory("touchstone-checkout-").FullName;

    public LaunchScriptTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is for bash.");
        foreach (string folder in (string[])["src", "eval", "native", ".ci", "tools"]) Directory.CreateDirectory(Path.Combine(_checkout, folder));
        foreach (string script in (string[])["touchstone", ".ci/prerequisites"]) File.Copy(Path.Combine(SharedData.RepositoryRoot, script), Path.Combine(_checkout, script));
        foreach (string file in (string[])["Directory.Build.props", "Directory.Packages.props", "native/package-lock.json"]) File.WriteAllText(Path.Combine(_checkout, file), "");
        Tool("dotnet", $"case \"$1\" in --list-sdks) echo '10.0.100 [/sdk]' ;; build) {Build} ;; *) shift; echo \"ran $*\" ;; esac");
        Tool("node", "echo v20.0.0");
        Tool("npm", "mkdir -p node_modules; : >node_modules/.package-lock.json");
        Tool("id", "[ \"$1\" = -u ] && echo \"$ACCOUNT\" || echo somebody");
        Tool("apt-get", "case \"$*\" in *chromium*) echo installed >>\"$CALLS\"; [ -z \"$NO_NETWORK\" ] || { echo 'E: Unable to fetch some archives'; exit 100; } ;; esac");
        foreach (string tool in (string[])["bash", "dirname", "grep", "cut", "tr", "mkdir", "flock", "touch", "find", "mktemp", "rm", "cat", "tail", "stat", "sort", "head"]) Link(tool);
    }

    public void Dispose() => Directory.Delete(_checkout, recursive: true);

    [Theory]
    [InlineData(true, "demo")]
    [InlineData(true, "demo", "--exit")]
    [InlineData(true, "--json", "--data", "somewhere", "demo")]
    [InlineData(false, "demo", "--help")]
    [InlineData(false, "extract", "demo")]
    [InlineData(false, "--data", "demo", "screen", "picture.jpg")]
    [InlineData(false, "--data")]
    [InlineData(false)]
    public async Task Only_the_demo_installs_a_browser(bool installs, params string[] arguments)
    {
        (int exit, string output, string error) = await RunAsync(arguments);
        Assert.Equal((0, $"ran {string.Join(' ', arguments)}".TrimEnd()), (exit, output.TrimEnd()));
        Assert.Equal(installs, Calls().Contains("installed"));
        Assert.Equal(installs, error.Contains("installing Chromium", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_browser_that_is_there_is_not_installed_again()
    {
        Tool("google-chrome", ":");
        Assert.Equal(0, (await RunAsync(["demo"])).Exit);
        Assert.DoesNotContain("installed", Calls());
    }

    [Theory, InlineData("1000", ""), InlineData("0", "1")]
    public async Task The_demo_runs_without_a_browser_where_none_can_be_installed(string account, string noNetwork)
    {
        (int exit, string output, string error) = await RunAsync(["demo"], account, noNetwork);
        Assert.Equal((0, "ran demo"), (exit, output.TrimEnd()));
        Assert.Equal(noNetwork.Length > 0, error.Contains("Chromium could not be installed:\nE: Unable to fetch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_builds_once_and_a_built_checkout_need_not_be_writable()
    {
        await RunAsync(["extract"]);
        string locked = Path.Combine(_checkout, "artifacts", ".build-lock");
        File.Delete(locked);
        Directory.CreateDirectory(locked); // now nobody can take the lock, not even root
        (int exit, string output, _) = await RunAsync(["extract"]);
        Assert.Equal((0, "ran extract"), (exit, output.TrimEnd()));
        Assert.Single(Calls(), x => x.StartsWith("built", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_checkout_that_has_to_be_built_and_cannot_be_written_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(_checkout, "artifacts"), "no folder", TestContext.Current.CancellationToken);
        (int exit, string output, string error) = await RunAsync(["demo"]);
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains($"has to be built in {_checkout}, and somebody may not write there", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_home_that_can_be_written_it_builds_with_a_temporary_one_and_says_so()
    {
        (int exit, _, string error) = await RunAsync(["extract"], home: "/nowhere");
        Assert.Equal(0, exit);
        Assert.Contains("/nowhere cannot be written", error, StringComparison.Ordinal);
    }

    private string[] Calls() => File.Exists(Path.Combine(_checkout, "calls")) ? File.ReadAllLines(Path.Combine(_checkout, "calls")) : [];

    private async Task<(int Exit, string Output, string Error)> RunAsync(string[] arguments, string account = "0", string noNetwork = "", string? home = null)
    {
        var start = new ProcessStartInfo(Path.Combine(_checkout, "tools", "bash")) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(_checkout, "touchstone"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        start.Environment["PATH"] = Path.Combine(_checkout, "tools");
        start.Environment["HOME"] = home ?? _checkout;
        start.Environment["TMPDIR"] = _checkout;
        start.Environment["ACCOUNT"] = account;
        start.Environment["NO_NETWORK"] = noNetwork;
        start.Environment["CALLS"] = Path.Combine(_checkout, "calls");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    private void Tool(string name, string script)
    {
        string file = Path.Combine(_checkout, "tools", name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>A program of the machine; everything else is absent.</summary>
    private void Link(string name)
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(x => Path.Combine(x, name)).FirstOrDefault(File.Exists);
        Assert.True(program is not null, $"{name} is not on the PATH");
        File.CreateSymbolicLink(Path.Combine(_checkout, "tools", name), program);
    }
}
