using System.Text.RegularExpressions;
using Touchstone.Server.Assets;
using Touchstone.Tests.Architecture;

namespace Touchstone.Tests.Server;

public sealed partial class IconTests
{
    [Fact]
    public void Every_icon_that_a_page_names_is_there()
    {
        string[] names = [.. SourceTree.Files(["src/Server"], ".razor").SelectMany(x => Use().Matches(SourceTree.Read(x))).Select(x => x.Groups[1].Value).Distinct(StringComparer.Ordinal)];
        Assert.Contains("layout-dashboard", names);
        foreach (string name in names) Assert.StartsWith("<", Icons.DrawingOf(name), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Icons.DrawingOf("no-such-icon"));
    }

    [GeneratedRegex(@"(?:<Icon Name|Symbol)=""([a-z0-9-]+)""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Use();
}
