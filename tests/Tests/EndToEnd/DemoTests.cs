using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Touchstone.Cli.Frame;
using Touchstone.Crawling.Rendering;
using Touchstone.Tests.Cli;

namespace Touchstone.Tests.EndToEnd;

/// <summary>The demo as a user runs it: the program, its registers, three shops, a real browser, the shipped model and profile.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-demo-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_planted_violation_is_found_and_nothing_else()
    {
        Assert.SkipUnless(new RenderingOptions().FindExecutable() is not null, "Chromium is missing: apt-get install -y chromium");
        // Where a server of this machine keeps its state is none of the demo's business.
        (string, string)[] environment = [("TOUCHSTONE_POSTGRESQL", "Host=127.0.0.1;Port=1"), ("TOUCHSTONE_BLOBS", "s3://nowhere?endpoint=http://127.0.0.1:1")];
        string[] demo = ["demo", "--json", "--exit", "--data", _folder, "--port", FreePort()];
        ProgramRun first = await ProgramRun.InAsync(environment, demo);
        Assert.True(first.ExitCode == ExitCode.Done, first.Error);
        JsonElement check = first.Json.GetProperty("check");
        string[] missed = [.. check.GetProperty("missed").EnumerateArray().Select(x => x.ToString())];
        Assert.True(missed.Length == 0, $"{string.Join(' ', missed)}; not read: {first.Json.GetProperty("coverage")}; not searched: {check.GetProperty("notSearched")}");
        Assert.Empty(check.GetProperty("false").EnumerateArray().Select(x => x.ToString()));
        Assert.Equal(0, check.GetProperty("disallowedFetches").GetInt32());
        Assert.Equal(3, first.Json.GetProperty("shops").GetInt32());
        Assert.Equal(check.GetProperty("listingsExpected").GetInt32(), first.Json.GetProperty("listings").GetInt32());
        Assert.Equal(["ImageNotDecoded", "ImageNotFetched", "NoImage"], first.Json.GetProperty("undetermined").EnumerateArray().Select(x => x.GetProperty("reason").GetString()).Order());
        Assert.All(first.Json.GetProperty("hits").EnumerateArray(), x =>
        {
            Assert.InRange(x.GetProperty("probability").GetDouble(), 0, 1);
            Assert.True(Uri.IsWellFormedUriString(x.GetProperty("url").GetString(), UriKind.Absolute));
        });
    }

    /// <summary>The first of five ports that were free a moment ago.</summary>
    private static string FreePort()
    {
        for (int port = 21_080; ; port += 10)
        {
            if (Enumerable.Range(port, 5).All(IsFree)) return $"{port}";
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
