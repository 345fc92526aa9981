using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Touchstone.Vision.Embedding;

namespace Touchstone.Tests.Vision.Embedding;

/// <summary>The downloader against a real server on loopback.</summary>
public sealed class ModelDownloaderTests : IAsyncLifetime
{
    private readonly byte[] _content = new byte[700_000];
    private readonly ConcurrentQueue<string?> _ranges = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("touchstone-models-").FullName;
    private readonly HttpClient _client = new(new SocketsHttpHandler());
    private WebApplication? _server;
    private Uri _root = new("http://127.0.0.1/");

    public async ValueTask InitializeAsync()
    {
        new Random(7).NextBytes(_content);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapGet("/model.onnx", (HttpRequest request) =>
        {
            _ranges.Enqueue(request.Headers.Range);
            return Results.Bytes(_content, "application/octet-stream", enableRangeProcessing: true);
        });
        _server.MapGet("/whole.onnx", () => Results.Bytes(_content, "application/octet-stream"));
        _server.MapGet("/long.onnx", () => Results.Bytes([.. _content, 1, 2, 3], "application/octet-stream"));
        _server.MapGet("/short.onnx", () => Results.Bytes(_content[..1_000], "application/octet-stream"));
        await _server.StartAsync();
        _root = new Uri(_server.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_model_is_fetched_checked_and_reported()
    {
        Collected progress = new();
        ModelDownloadOutcome outcome = await Downloader().PullAsync(Entry("model.onnx"), progress);
        Assert.Equal(ModelDownloadResult.Installed, outcome.Result);
        Assert.Equal(_content, await File.ReadAllBytesAsync(outcome.Path!));
        Assert.Equal(new ModelDownloadProgress(700_000, 700_000), progress.Reports[^1]);
        Assert.Equal(progress.Reports.OrderBy(r => r.Received), progress.Reports);
        Assert.Equal(["m.onnx"], Directory.GetFiles(_folder).Select(Path.GetFileName));
        Assert.Equal(ModelDownloadResult.AlreadyThere, (await Downloader().PullAsync(Entry("model.onnx"))).Result);
        Assert.Single(_ranges);
    }

    [Fact]
    public async Task A_broken_download_goes_on_where_it_stopped()
    {
        ModelEntry entry = Entry("short.onnx");
        Assert.Equal(ModelDownloadResult.Unreachable, (await Downloader().PullAsync(entry)).Result);
        ModelDownloadOutcome outcome = await Downloader().PullAsync(entry with { Url = new Uri(_root, "model.onnx").AbsoluteUri });
        Assert.Equal(ModelDownloadResult.Installed, outcome.Result);
        Assert.Equal(["bytes=1000-"], _ranges);
        Assert.Equal(_content, await File.ReadAllBytesAsync(outcome.Path!));
    }

    [Fact]
    public async Task A_server_without_ranges_sends_the_whole_file_again()
    {
        ModelEntry entry = Entry("short.onnx");
        await Downloader().PullAsync(entry);
        ModelDownloadOutcome outcome = await Downloader().PullAsync(entry with { Url = new Uri(_root, "whole.onnx").AbsoluteUri });
        Assert.Equal(ModelDownloadResult.Installed, outcome.Result);
        Assert.Equal(_content, await File.ReadAllBytesAsync(outcome.Path!));
    }

    [Fact]
    public async Task Other_bytes_than_the_manifests_are_refused_and_deleted()
    {
        ModelEntry other = Entry("model.onnx") with { Sha256 = new string('0', 64) };
        ModelDownloadOutcome outcome = await Downloader().PullAsync(other);
        Assert.Equal(ModelDownloadResult.WrongContent, outcome.Result);
        Assert.Contains("SHA-256", outcome.Detail, StringComparison.Ordinal);
        Assert.Equal(ModelDownloadResult.WrongContent, (await Downloader().PullAsync(Entry("long.onnx"))).Result);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Absent_files_and_absent_urls_are_named()
    {
        ModelDownloadOutcome absent = await Downloader().PullAsync(Entry("nothing.onnx"));
        Assert.Equal(ModelDownloadResult.Unreachable, absent.Result);
        Assert.Contains("404", absent.Detail, StringComparison.Ordinal);
        Assert.Equal(ModelDownloadResult.NoUrl, (await Downloader().PullAsync(Entry("x") with { Url = null })).Result);
    }

    private ModelDownloader Downloader() => new(_client, _folder);

    private ModelEntry Entry(string path) => new()
    {
        Id = "m",
        File = "m.onnx",
        Url = new Uri(_root, path).AbsoluteUri,
        Bytes = _content.Length,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(_content)),
    };

    private sealed class Collected : IProgress<ModelDownloadProgress>
    {
        internal List<ModelDownloadProgress> Reports { get; } = [];

        public void Report(ModelDownloadProgress value) => Reports.Add(value);
    }
}
