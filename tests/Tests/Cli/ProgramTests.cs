using System.Net;
using System.Net.Sockets;
using Touchstone.Cli.Frame;

namespace Touchstone.Tests.Cli;

public sealed class ProgramTests
{
    [Fact]
    public async Task Unknown_command_is_a_usage_error_on_standard_error()
    {
        ProgramRun run = await ProgramRun.OfAsync("sytem");
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("sytem", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Help_lists_the_commands()
    {
        ProgramRun run = await ProgramRun.OfAsync("--help");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("--data", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task System_check_prints_one_json_object()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"touchstone-{Guid.NewGuid():N}");
        ProgramRun run = await ProgramRun.OfAsync("system", "check", "--json", "--data", folder);
        Assert.Contains(run.Json.GetProperty("parts").EnumerateArray(), x => x.GetProperty("found").GetString() == folder);
        Assert.False(Directory.Exists(folder), "a check changes nothing");
    }

    [Fact]
    public async Task Password_of_the_first_administrator_is_told_although_the_address_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string folder = Path.Combine(Path.GetTempPath(), $"touchstone-{Guid.NewGuid():N}");
        try
        {
            ProgramRun run = await ProgramRun.OfAsync("serve", "--data", folder, "--url", $"http://{taken.LocalEndpoint}");
            Assert.Equal(ExitCode.Failed, run.ExitCode);
            Assert.Contains("cannot listen", run.Error, StringComparison.Ordinal);
            Assert.Contains("The first administrator is admin with the password ", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
