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

    /// <summary>Digits as a GTIN: valid if it has 8, 12, 13 or 14 of them and the right check digit; UPC-E is the UPC-A that it shortens.</summary>
    public static ParsedIdentifier OfGtin(string digits)
    {
        Gtin? read = digits.Length is 8 or 12 or 13 or 14 ? Gtin.Parse(digits) : null;
        return read?.ToTradeNumber() is { } number && (number == digits || read.Kind == GtinKind.UpcE) ? new(IdentifierScheme.Gtin, number, true) : new(IdentifierScheme.Gtin, digits, false);
    }

    /// <summary>The identifiers in a barcode field: GTINs apart by lines, commas, blanks or words, right or wrong, and marketplaces' numbers.</summary>
    public static IReadOnlyList<ParsedIdentifier> Barcodes(string? text) =>
        [.. BarcodeField.Lines(ReferenceText.Clean(Separated(text)) ?? "").SelectMany(line => OfBarcodeLine(Label().Replace(line, "").Trim(), BookLabel().IsMatch(line))).Distinct()];

    // Cleaned text has no control characters; this one separates elements.
    private static string? Separated(string? text) => text?.Replace('\u001D', '^');

    /// <param name="book">Whether the line calls its number an ISBN.</param>
    private static IEnumerable<ParsedIdentifier> OfBarcodeLine(string line, bool book)
    {
        if (ReferenceText.CleanLine(line) is null) yield break;
        if (OfBook(line, book) is { } isbn)
        {
            yield return isbn;
            yield break;
        }
        if (GtinCarrier.Carried(line) is { } carried)
        {
            yield return OfGtin(carried);
            yield break;
        }
        List<string> rest = [];
        foreach (string part in BarcodeField.Parts(line))
        {
            string digits = string.Concat(part.Where(char.IsAsciiDigit));
            // Such a number has lost its last digits in a spreadsheet.
            if (Rounded().IsMatch(part))
            {
                yield return new ParsedIdentifier(IdentifierScheme.Gtin, part, Valid: false);
                continue;
            }
            if (OfBook(part, book) is { } one)
            {
                yield return one;
                continue;
            }
            bool number = part.All(c => char.IsAsciiDigit(c) || BarcodeField.IsDivider(c));
            if (number && (digits.Length is >= 7 and <= 14 || part.Length == line.Length)) yield return OfGtin(BarcodeField.WithLostZeros(digits));
            else if (Asin().IsMatch(part)) yield return Of(IdentifierScheme.Marketplace, part.ToUpperInvariant());
            else if (digits.Length > 0) rest.Add(part);
        }
        if (rest.Count > 0) yield return Of(IdentifierScheme.Marketplace, string.Join(' ', rest));
    }

    /// <summary>The GTIN of a book with an ISBN of ten characters. Ten digits that a cell for numbers left of a GTIN-12 are none, unless they are called one.</summary>
    private static ParsedIdentifier? OfBook(string text, bool called)
    {
        string compact = string.Concat(text.Where(c => c is not (' ' or '-' or '\u2010' or '\u2011' or '\u2012' or '\u2013')));
        if (compact.Length != 10 || (!called && char.IsAsciiDigit(compact[9]) && BarcodeField.WithLostZeros(compact) != compact)) return null;
        return Gtin.Parse(compact) is { Kind: GtinKind.Isbn10 } isbn ? Of(IdentifierScheme.Gtin, isbn.ToTradeNumber()!) : null;
    }

    [GeneratedRegex(@"^\s*(?:EAN(?:[- ]?\d{1,2}(?!\d))?|GTIN(?:[- ]?\d{1,2}(?!\d))?|UPC(?:-?[AE])?|ISBN(?:[- ]?1[03](?=\s*[:#. ]))?|barcode|bar code|ASIN|SKU|item (?:no|id|number))(?:\s*(?:code|no|number|nr))?\s*[.:#=]*\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Label();

    [GeneratedRegex("ISBN", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BookLabel();

    [GeneratedRegex(@"^\d(?:[.,]\d+)?E\+?\d{1,2}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Rounded();

    [GeneratedRegex("^B0[0-9A-Z]{8}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Asin();
}
