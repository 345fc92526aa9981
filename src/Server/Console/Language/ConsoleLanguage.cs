using System.Collections.Frozen;
using System.Globalization;
using System.Xml.Linq;

namespace Touchstone.Server.Console.Language;

/// <summary>
/// A language that the console speaks: its own name, how it writes numbers, and its texts. Only what people read follows it; the thread's culture stays
/// invariant, so that addresses, forms, files and the API are the same in each language. Immutable; safe for concurrent use.
/// </summary>
internal sealed class ConsoleLanguage
{
    private readonly Lazy<FrozenDictionary<string, string>> _texts;

    private ConsoleLanguage(string code, string name, string groups, string point)
    {
        (Code, Name) = (code, name);
        Culture = new CultureInfo(code) { NumberFormat = { NumberGroupSeparator = groups, NumberDecimalSeparator = point } };
        _texts = new Lazy<FrozenDictionary<string, string>>(Load);
    }

    /// <summary>The language of the keys, and of a request that asks for none of the others.</summary>
    public static ConsoleLanguage English { get; } = new("en", "English", ",", ".");

    public static IReadOnlyList<ConsoleLanguage> All { get; } = [English, new("da", "Dansk", ".", ","), new("de", "Deutsch", ".", ","), new("ko", "한국어", ",", ".")];

    /// <summary>The language of the request in hand.</summary>
    public static ConsoleLanguage Current => Find(CultureInfo.CurrentUICulture.Name) ?? English;

    /// <summary>The code of BCP 47, as in <c>&lt;html lang&gt;</c>.</summary>
    public string Code { get; }

    /// <summary>What its speakers call it.</summary>
    public string Name { get; }

    /// <summary>Numbers as its readers write them. Dates stay those of ISO 8601 in each language.</summary>
    public CultureInfo Culture { get; }

    /// <summary>The texts by their English; empty for English itself.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts.Value;

    /// <summary>The language of a code such as <c>de</c> or <c>de-AT</c>; null where the console does not speak it.</summary>
    public static ConsoleLanguage? Find(string? code) =>
        code is null ? null : All.FirstOrDefault(x => code.Equals(x.Code, StringComparison.OrdinalIgnoreCase) || code.StartsWith($"{x.Code}-", StringComparison.OrdinalIgnoreCase));

    /// <summary>The text for its English; the English itself where there is none, so that a page says something readable.</summary>
    public string Translate(string english) => _texts.Value.TryGetValue(english, out string? text) ? text : english;

    // The file is read as it is, not compiled: compiled resources take two names that differ only in case, such as "Open" and "open", for one.
    private FrozenDictionary<string, string> Load()
    {
        if (Code == "en") return FrozenDictionary<string, string>.Empty;
        using Stream file = typeof(ConsoleLanguage).Assembly.GetSatelliteAssembly(Culture).GetManifestResourceStream("texts.resx")
            ?? throw new InvalidOperationException($"The texts of {Name} are not in the program: the file {Code}/Touchstone.Server.resources.dll is not of this build.");
        return XDocument.Load(file).Root!.Elements("data").ToFrozenDictionary(x => (string)x.Attribute("name")!, x => (string)x.Element("value")!, StringComparer.Ordinal);
    }
}
