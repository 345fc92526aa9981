using System.Text.Json.Nodes;
using Touchstone.Crawling.Extraction.Identifiers;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Crawling.Extraction;

public class GtinTests
{
    [Theory]
    [InlineData("4006381333931", "4006381333931")]
    [InlineData("ISBN 0-306-40615-2", "9780306406157")]
    [InlineData("EAN: 96385074", "96385074")]
    [InlineData("urn:isbn:9780306406157", "9780306406157")]
    [InlineData("]d2010400638133393117271231", "4006381333931")]
    [InlineData("\u001D010400638133393117271231", "4006381333931")]
    [InlineData("(17)271231(01)04006381333931", "4006381333931")]
    [InlineData("GTIN (01) 04006381333931", "4006381333931")]
    [InlineData("https://id.shop.example/8004/1?01=04006381333931", "4006381333931")]
    [InlineData("]E04006381333931", "4006381333931")]
    [InlineData("010400638133393110A1", "4006381333931")]
    public void Reads_a_right_number(string text, string expected) => Assert.Equal(expected, Gtin.Parse(text)?.ToTradeNumber());

    [Theory]
    [InlineData("4006381333932")]
    [InlineData("00000000")]
    [InlineData("HD978193-INT3624341")]
    [InlineData("")]
    public void Refuses_a_wrong_number(string text) => Assert.Null(Gtin.Parse(text));

    [Fact]
    public void Classifies_real_numbers()
    {
        JsonArray cases = Cases("GTIN_CLASSIFICATION_CASES");
        List<string> failures = [];
        foreach (JsonNode? row in cases)
        {
            string? expected = row![1]?.GetValue<string>();
            string? read = Gtin.Parse(row[0]!.GetValue<string>())?.Kind.ToString().ToLowerInvariant();
            if (read != expected) failures.Add($"{row[0]}: expected {expected}, read {read}");
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.Equal(77, cases.Count);
    }

    [Fact]
    public void Strips_labels_from_real_numbers()
    {
        List<string> failures = [];
        foreach (JsonNode? row in Cases("GTIN_IDS"))
        {
            string? expected = row![1]?.GetValue<string>();
            string? read = Gtin.DigitsOf(row[0]!.GetValue<string>());
            if (read != expected) failures.Add($"{row[0]}: expected {expected}, read {read}");
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static JsonArray Cases(string name) => JsonNode.Parse(File.ReadAllText(SharedData.Require("web/zyte-parsers/gtin_cases.json")))![name]!.AsArray();
}
