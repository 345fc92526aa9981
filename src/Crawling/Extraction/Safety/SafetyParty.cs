using System.Text.RegularExpressions;
using Touchstone.Crawling.Text;

namespace Touchstone.Crawling.Extraction.Safety;

/// <summary>A maker or a responsible person as the page states it.</summary>
/// <param name="Label">The label or heading under which it stands.</param>
internal sealed partial record SafetyParty(string Label, string? Name, string? Address, string? Contact)
{
    // Lines under a label, and characters of them.
    private const int MostLines = 9, MostCharacters = 700, LongestName = 120, LongestAddress = 240, LongestLead = 40;

    [GeneratedRegex(@"(?:(?<![\p{L}\d._%+\-])|\G)[\p{L}\d._%+\-]+\s?(?:@|\(at\)|\[at\]|\{at\})\s?[\p{L}\d.\-]+\.[a-z]{2,}|\b(?:https?://|www\.)[^\s,;)<>]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex ElectronicAddress();

    // What a line may begin with before the name, the street or the mail address.
    [GeneratedRegex(@"^\s*(?:(?:company |firmen|trade )?name|nom|nombre|nome|nazwa|namn|navn|naam|firma|company|unternehmen|marke|brand|trade ?mark|marka|marque|address|adresse|adres|adress|anschrift|indirizzo|dirección|postal address|straße|street|e-?mail(?:[\s-]adresse)?|mail|web(?:site|seite)?|internet|tel(?:efon|ephone)?\.?|phone|kontakt|contact|url|elektronische adresse)\s*[:：]\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex FieldName();

    [GeneratedRegex(@"^(?:tel|phone|fon|fax|e-?mail|web|www|http|contact|kontakt)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTime.Most)]
    private static partial Regex IsNoName();

    /// <summary>Whether all that tells of it is a line behind a label, which may be any line.</summary>
    public bool IsLoose { get; private init; }

    /// <summary>Whether its label ends its line with a colon, or has the party beside it.</summary>
    public bool IsMarked { get; private init; }

    /// <summary>Whether the party's address is in the Union; null where it names no country.</summary>
    public bool? IsInUnion => Address is null ? null : PostalAddress.IsInUnion(Address);

    public int Stated => (Name is null ? 0 : 1) + (Address is null ? 0 : 1) + (Contact is null ? 0 : 1);

    /// <summary>The party that the most is stated of under labels that match; null where none is.</summary>
    public static SafetyParty? Find(IReadOnlyList<string> lines, Func<string, Match?> label, Func<string, bool> isOther)
    {
        SafetyParty? best = null;
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].Length > MostCharacters || label(lines[i]) is not { Success: true } match) continue;
            string own = lines[i][match.Length..], rest = own[SafetyWords.RestOfLabel().Match(own).Length..].Trim();
            // "Manufacturer warranty" is no label.
            if (rest.Length > 0 && char.IsLower(rest[0]) && !own.Contains(':', StringComparison.Ordinal)) continue;
            List<string> block = rest.Length > 1 ? [rest] : [];
            int characters = rest.Length;
            for (int next = i + 1; next < lines.Count && block.Count < MostLines && (characters += lines[next].Length) < MostCharacters; next++)
            {
                if (isOther(lines[next]) || label(lines[next]) is { Success: true }) break;
                block.Add(lines[next]);
            }
            if (Of(lines[i][..Math.Min(lines[i].Length - rest.Length, 60)].Trim(' ', ':', '：', '-', '–', '|'), block, rest.Length > 1) is { } read && read with { IsMarked = lines[i].AsSpan().TrimEnd() is [.., ':' or '：'] || rest.Length > 1 } is var party && (best is null || party.Stated > best.Stated)) best = party;
        }
        return best;
    }

    private static SafetyParty? Of(string label, List<string> block, bool inLine)
    {
        // What follows a name that stands beside its label belongs to it only as far as it is an address or a contact.
        int end = 0;
        for (int i = 0; i < block.Count; i++)
            if (PostalAddress.IsIn(block[i]) || ElectronicAddress().IsMatch(block[i]) || (i > 0 && PostalAddress.IsIn(block[i - 1] + ", " + block[i]))) end = i + 1;
        if (end == 0) end = Math.Min(1, block.Count);
        // What a law or a marketplace says of the party stands before its name: "An operator in the EU who ensures that …:".
        string[] told = [.. block.Take(end).Where(static l => !(l.Length > LongestLead && l[^1] is ':' or '：'))];
        if (told.Length == 0) return null;
        string all = string.Join(", ", told);
        string? contact = ElectronicAddress().Match(all) is { Success: true } reached ? reached.Value.TrimEnd('.', ',') : null;
        string plain = ElectronicAddress().Replace(all, "");
        string? address = PostalAddress.IsIn(plain) ? Short(string.Join(", ", told.Select(static l => FieldName().Replace(ElectronicAddress().Replace(l, ""), "").Trim(' ', ',')).Where(static l => l.Length > 0)), LongestAddress) : null;
        string? name = NameIn(told);
        // Without a label's colon or an address a line is any line.
        bool likely = name is not null && (inLine || address is not null || contact is not null || told[0].Length < 60);
        return likely || address is not null || contact is not null ? new(label, likely ? name : null, address, contact) { IsLoose = !inLine && address is null && contact is null } : null;
    }

    private static string? NameIn(string[] lines)
    {
        foreach (string line in lines.Take(3))
        {
            string text = FieldName().Replace(ElectronicAddress().Replace(line, ""), "").Trim(' ', ',', ';', ':', '-', '–', '|');
            if (text.Length < 2 || !text.Any(char.IsLetter) || IsNoName().IsMatch(text)) continue;
            string first = text.Split([',', ';', '|', '('], 2)[0].Trim();
            return Short(first.Length > 1 ? first : text, LongestName);
        }
        return null;
    }

    private static string Short(string text, int most) => text.Length > most ? text[..most].TrimEnd() + "…" : text;
}
