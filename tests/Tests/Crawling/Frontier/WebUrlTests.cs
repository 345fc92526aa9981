using System.Text.Json;
using Touchstone.Crawling.Frontier;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Frontier;

public sealed class WebUrlTests
{
    /// <summary>
    /// The cases of the URL Standard whose result is http or https or a failure. Left out: 387 cases of other schemes or with a page of another scheme,
    /// and the host <c>xn--</c> alone (1), which the standard keeps although it decodes to nothing.
    /// </summary>
    [Fact]
    public void Urls_are_read_as_browsers_read_them()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(SharedData.Require("web/wpt-url/urltestdata.json")));
        int parsed = 0;
        int refused = 0;
        int otherScheme = 0;
        int emptyPunycode = 0;
        List<string> failed = [];
        foreach (JsonElement test in document.RootElement.EnumerateArray())
        {
            if (test.ValueKind != JsonValueKind.Object) continue;
            string input = test.GetProperty("input").GetString()!;
            string? start = test.GetProperty("base").GetString();
            WebUrl? page = start is null ? null : WebUrl.TryParse(start);
            bool invalid = test.TryGetProperty("failure", out _);
            if ((start is not null && page is null) || (!invalid && test.GetProperty("protocol").GetString() is not ("http:" or "https:")))
            {
                otherScheme++;
                continue;
            }
            if (input == "https://xn--/")
            {
                emptyPunycode++;
                continue;
            }
            string? expected = invalid ? null : test.GetProperty("href").GetString();
            string? got = WebUrl.TryParse(input, page)?.ToString();
            if (invalid) refused++;
            else parsed++;
            if (got != expected) failed.Add($"{JsonSerializer.Serialize(input)} on {start} gave {JsonSerializer.Serialize(got)}, not {JsonSerializer.Serialize(expected)}");
        }
        Assert.Empty(failed);
        Assert.Equal((246, 257, 387, 1), (parsed, refused, otherScheme, emptyPunycode));
    }
}
