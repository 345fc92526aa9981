using System.Text;
using Touchstone.Crawling;
using Touchstone.Screening.Searches;
using Touchstone.Vision.Isolation;

namespace Touchstone.Tests.Screening.Searches;

/// <summary>Pages in processes of their own: the same reading as here, and what takes too much is given up there.</summary>
public sealed class IsolatedPagesTests
{
    private const string Offer = """
        <html lang=de><head><title>Tasse Blau – Laden</title><link rel=canonical href="/p/1"><meta http-equiv=refresh content="90; url=/p/2"></head><body>
        <nav class=breadcrumb><a href="/">Laden</a> <a href="/tassen">Tassen</a></nav><h1>Tasse "Blau" €</h1><img src="/1.jpg" width=800 height=800>
        <script type="application/ld+json">{"@type":"Product","name":"Tasse Blau","sku":"T-1","gtin13":"4006381333931","brand":"Ton","image":["/1.jpg","/2.jpg"],"offers":{"price":"12.50","priceCurrency":"EUR","availability":"InStock"}}</script>
        <a href="/p/3" rel=nofollow>3</a><a href="https://elsewhere.example/">x</a></body></html>
        """;

    private static readonly PageReader Isolated = IsolatedPages.Reader(IsolatedProcesses.Shared);

    [Theory]
    [InlineData(Offer, "text/html; charset=utf-8")]
    [InlineData("<html><body><p>Nothing for sale</p>\uD800</body></html>", null)]
    [InlineData("", "text/html")]
    [InlineData("%PDF-1.7", "application/pdf")]
    public async Task A_page_is_read_the_same_from_another_process(string html, string? type)
    {
        Assert.Null(IsolatedProcesses.Shared.Problem);
        PageReading here = PageReading.Read(html, "https://laden.example/p/1?a=b", type), there = await Isolated(html, "https://laden.example/p/1?a=b", type);
        Assert.Equal(Encoding.UTF8.GetString(here.ToBytes()), Encoding.UTF8.GetString(there.ToBytes()));
        Assert.Equal(here.Extraction.Listing is null, html != Offer);
    }

    [Fact]
    public async Task What_takes_too_long_there_is_given_up_and_said()
    {
        using IsolatedProcesses processes = new(new IsolatedProgram(IsolatedProgram.Beside.Path, IsolatedProgram.Beside.Arguments), most: 1);
        IsolatedAnswer answer = await processes.AskAsync(IsolatedTask.Page, TimeSpan.FromMilliseconds(1), 1 << 20, IsolatedPages.Request(Offer, "https://laden.example/p/1", "text/html"));
        Assert.Equal(IsolatedEnd.TookTooLong, answer.End);
        Assert.Contains("1 ms of a processor", answer.Detail, StringComparison.Ordinal);
        Assert.Equal(1, processes.Ended);
        Assert.NotNull((await IsolatedPages.Reader(processes)(Offer, "https://laden.example/p/1", "text/html")).Extraction.Listing);
    }

    [Fact]
    public async Task Where_no_process_can_be_started_the_page_is_read_here()
    {
        using IsolatedProcesses processes = new(new IsolatedProgram("/nowhere/touchstone", []));
        Assert.NotNull((await IsolatedPages.Reader(processes)(Offer, "https://laden.example/p/1", "text/html")).Extraction.Listing);
    }
}
