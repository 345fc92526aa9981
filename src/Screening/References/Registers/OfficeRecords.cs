using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Touchstone.Screening.References.Registers;

/// <summary>What the records of intellectual property offices share, whatever right they are about and whichever of WIPO's standards they follow. Pure; safe for concurrent use.</summary>
internal static partial class OfficeRecords
{
    // From the most formal name to a part of one.
    private static readonly string[] Names = ["OrganizationStandardName", "EntityName", "FreeFormatNameLine", "OrganizationName", "PersonFullName"];

    /// <summary>The text of the first child of that name.</summary>
    public static string? Value(XElement element, string child) => Text(element.Child(child)?.Value);

    /// <summary>The standards' names and numbers are text; offices write markup into lists of goods alone.</summary>
    public static string? Text(string? text) => ReferenceText.CleanLine(text, TextForm.Plain);

    /// <summary>Whether the words of a status say that the right is none any more, or became none.</summary>
    public static bool IsEnded(string status) => Ended().IsMatch(status);

    /// <summary>Whether a text is the name of a picture file.</summary>
    public static bool IsPictureFile(string name) => PictureFile().IsMatch(name);

    /// <summary>An applicant's or holder's name: of an organisation, else of a person, first name first.</summary>
    public static string? NameOf(XElement party) =>
        Names.Select(x => Text(party.Within(x).FirstOrDefault()?.Value)).FirstOrDefault(x => x is not null)
        ?? Text(string.Join(' ', new[] { "FirstName", "LastName" }.Select(x => party.Within(x).FirstOrDefault()?.Value.Trim())));

    [GeneratedRegex(@"\b(?:cancel+ed|abandoned|expired|invalidated|(?:declared )?invalid|surrendered|withdrawn|dead|lapsed|refused|lack of effects)\b|^(?:(?:application )?rejected|ended)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Ended();

    [GeneratedRegex(@"^[^<>|]+\.(?:jpe?g|png|gif|tiff?|webp|bmp|svg)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex PictureFile();
}
