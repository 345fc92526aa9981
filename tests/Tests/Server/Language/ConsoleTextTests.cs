using System.Text.RegularExpressions;
using System.Xml.Linq;
using Touchstone.Server.Console.Language;
using Touchstone.Tests.Architecture;

namespace Touchstone.Tests.Server.Language;

/// <summary>
/// Each text of the console is in each language, and no language holds a text that nobody says. The messages name the English and where it is said:
/// write it into src/Server/Console/Language/Texts.*.resx.
/// </summary>
public sealed class ConsoleTextTests
{
    private const string Folder = "src/Server";

    private static readonly TextCall[] Calls = [.. SourceTree.Files([Folder], ".cs", ".razor").Where(x => !x.EndsWith("Language/Text.cs", StringComparison.Ordinal)).SelectMany(x => TextCall.In(x, SourceTree.Read(x))), .. CorePatterns.English.Select(x => new TextCall(x, "CorePatterns.cs"))];

    public static TheoryData<string> Languages => [.. ConsoleLanguage.All.Where(x => x != ConsoleLanguage.English).Select(x => x.Code)];

    [Fact]
    public void Every_text_is_a_literal_in_its_call() => None(Calls.Where(x => x.Key is null).Select(x => x.Place));

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_text_is_missing(string language)
    {
        IReadOnlyDictionary<string, string> texts = ConsoleLanguage.Find(language)!.Texts;
        None(Calls.Where(x => x.Key is not null && !texts.ContainsKey(x.Key)).GroupBy(x => x.Key).Select(x => $"{language} lacks \"{x.Key}\" of {string.Join(", ", x.Select(y => y.Place).Distinct())}"));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_text_is_unused(string language)
    {
        HashSet<string> said = [.. Calls.Select(x => x.Key).OfType<string>()];
        None(ConsoleLanguage.Find(language)!.Texts.Keys.Where(x => !said.Contains(x)));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Places_for_values_are_those_of_the_English(string language) =>
        None(ConsoleLanguage.Find(language)!.Texts.Where(x => !Places(x.Key).SetEquals(Places(x.Value))).Select(x => $"\"{x.Key}\" and \"{x.Value}\""));

    [Theory]
    [MemberData(nameof(Languages))]
    public void The_file_is_sorted_and_says_nothing_twice(string language)
    {
        string[] names = [.. XDocument.Parse(SourceTree.Read($"{Folder}/Console/Language/Texts.{language}.resx")).Root!.Elements("data").Select(x => (string)x.Attribute("name")!)];
        Assert.Equal(names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void Pages_say_nothing_outside_of_the_languages() => None(
        SourceTree.Files([$"{Folder}/Console", $"{Folder}/Field"], ".razor").SelectMany(x => RazorTexts.In(x, SourceTree.Read(x)))
            .Concat(SourceTree.Files([$"{Folder}/Console"], ".cs").Where(x => !x.EndsWith("Patterns.cs", StringComparison.Ordinal)).SelectMany(x => RazorTexts.SentencesIn(x, SourceTree.Read(x)))));

    [Theory]
    [InlineData("<p>Hello</p>", 1)]
    [InlineData("<p>@T(\"Hello\")</p>", 0)]
    [InlineData("<p title=\"Hello\">@T(\"Hello\")</p>", 1)]
    [InlineData("<p class=\"hello there\" title=\"@T(\"Hello\")\">1 · Touchstone</p>", 0)]
    [InlineData("@if (a < b && c is \"x\")\n{\n  <p>Hello</p>\n}\nelse if (d)\n{\n  <br />\n  <Fact Name=\"Hello\" Value=\"@T(\"x\")\" />\n}", 2)]
    [InlineData("@foreach (var x in y)\n{\n  string z = \"abc\";\n  if (z.Length > 0) { <li>@z</li> }\n}", 0)]
    [InlineData("<td>@(name ?? \"nobody\")</td>", 1)]
    [InlineData("<td>@(name == \"mine\" ? T(\"Mine\") : at.ToString(\"yyyy\"))</td>", 0)]
    [InlineData("<form data-ask=\"Close it?\" @onsubmit=\"Close\"><kbd>j</kbd></form>", 1)]
    [InlineData("<p></p>\n@code {\n  string a = \"notice danger\";\n  string b = \"There is none.\";\n  string c = T(\"There is none.\");\n}", 1)]
    [InlineData("<p>@Many(n, \"{0} hit\", \"{0} hits\")</p>", 0)]
    public void A_planted_text_is_found(string razor, int texts) => Assert.Equal(texts, RazorTexts.In("Planted.razor", razor).Count);

    [Fact]
    public void Calls_are_read()
    {
        Assert.Equal(["Say \"a\" b", null, "{0} hit", "{0} hits"], TextCall.In("Planted.cs", "T(\"Say \\\"a\\\" \" + \"b\", x); T(y); // T(\"no\")\nMany(F(a, \"b\"), \"{0} hit\", \"{0} hits\"); List<T>(z)").Select(x => x.Key));
    }

    private static void None(IEnumerable<string> found)
    {
        string[] all = [.. found];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    private static HashSet<string> Places(string text) => [.. Regex.Matches(text, @"\{\d+(?::[^}]*)?\}", RegexOptions.CultureInvariant).Select(x => x.Value)];
}
