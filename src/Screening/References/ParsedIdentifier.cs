using System.Text.RegularExpressions;
using Touchstone.Crawling.Extraction.Identifiers;

namespace Touchstone.Screening.References;

/// <summary>What kind of identifier a value is.</summary>
public enum IdentifierScheme
{
    /// <summary>GTIN-8, -12, -13 or -14, digits only.</summary>
    Gtin,

    /// <summary>The maker's part number.</summary>
    Mpn,

    /// <summary>A type or model name.</summary>
    Model,

    /// <summary>A batch, lot or serial number, or a range of them.</summary>
    Batch,

    /// <summary>A marketplace's own number of an offer.</summary>
    Marketplace,

    /// <summary>The number of a right at its office.</summary>
    Registration,

    /// <summary>The maker's code of the recall.</summary>
    Recall,
}

/// <summary>An identifier that a register names.</summary>
/// <param name="Valid">False for a GTIN whose length or check digit is wrong; it is kept, because people search for it.</param>
public sealed partial record ParsedIdentifier(IdentifierScheme Scheme, string Value, bool Valid)
{
    public static ParsedIdentifier Of(IdentifierScheme scheme, string value) => new(scheme, value, Valid: true);

    /// <summary>Digits as a GTIN: valid if it has 8, 12, 13 or 14 of them and the right check digit.</summary>
    public static ParsedIdentifier OfGtin(string digits) =>
        new(IdentifierScheme.Gtin, digits, digits.Length is 8 or 12 or 13 or 14 && Gtin.Parse(digits)?.ToTradeNumber() == digits);

    /// <summary>The identifiers in a barcode field: GTINs apart by lines, commas, blanks or words, right or wrong, and marketplaces' numbers.</summary>
    public static IReadOnlyList<ParsedIdentifier> Barcodes(string? text)
    {
        List<ParsedIdentifier> found = [];
        foreach (string line in (ReferenceText.Clean(text) ?? "").Split(['\n', ';', ',', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            found.AddRange(OfBarcodeLine(Label().Replace(line, "").Trim()));
        return [.. found.Distinct()];
    }

    private static IEnumerable<ParsedIdentifier> OfBarcodeLine(string line)
    {
        if (ReferenceText.CleanLine(line) is null) yield break;
        string digits = string.Concat(line.Where(char.IsAsciiDigit));
        bool onlyDigits = line.All(c => char.IsAsciiDigit(c) || c is ' ' or '-' or '.' or '\u00a0');
        string[] words = line.Split([' ', '/', '\u00a0'], StringSplitOptions.RemoveEmptyEntries);
        // "4 006381 333931" is one number in three groups; "4006381333931 5901234123457" are two.
        bool grouped = onlyDigits && words.All(x => x.Length < 8) && digits.Length is >= 6 and <= 14;
        if (grouped || words.Length == 1 && onlyDigits)
        {
            if (digits.Length > 0) yield return OfGtin(digits);
            yield break;
        }
        List<string> rest = [];
        foreach (string word in words)
        {
            string trimmed = word.Trim('(', ')', '[', ']', ':', '.', '"', '\'');
            if (trimmed.Length is >= 7 and <= 14 && trimmed.All(char.IsAsciiDigit)) yield return OfGtin(trimmed);
            else if (Asin().IsMatch(trimmed)) yield return Of(IdentifierScheme.Marketplace, trimmed.ToUpperInvariant());
            else if (trimmed.Any(char.IsDigit)) rest.Add(trimmed);
        }
        if (rest.Count > 0) yield return Of(IdentifierScheme.Marketplace, string.Join(' ', rest));
    }

    [GeneratedRegex(@"^\s*(?:EAN(?:[- ]?\d{1,2}(?!\d))?|GTIN(?:[- ]?\d{1,2}(?!\d))?|UPC(?:-A)?|ISBN|barcode|bar code|ASIN|SKU|item (?:no|id|number))(?:\s*(?:code|no|number|nr))?\s*[.:#=]*\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Label();

    [GeneratedRegex("^B0[0-9A-Z]{8}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Asin();
}
