namespace Touchstone.Screening.References;

/// <summary>How one GTIN is written: one of 8, 12 or 13 digits also with zeros before it. Pure.</summary>
internal static class GtinForms
{
    private static readonly int[] Lengths = [8, 12, 13, 14];

    /// <summary>Every form of the number, the given one among them.</summary>
    public static IEnumerable<string> Of(string gtin)
    {
        string digits = gtin.TrimStart('0');
        return Lengths.Where(length => length >= digits.Length).Select(length => digits.PadLeft(length, '0')).Append(gtin).Distinct(StringComparer.Ordinal);
    }
}
