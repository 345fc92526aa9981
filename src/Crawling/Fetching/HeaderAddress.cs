using System.Net.Http.Headers;
using System.Text;

namespace Touchstone.Crawling.Fetching;

/// <summary>
/// The value of a header that names an address. Bytes beyond ASCII are escaped as they are, as browsers do: UTF-8 then means what it says, and what is in another
/// encoding goes back to the server that wrote it byte for byte. The values are expected as Latin-1 (<see cref="Names"/>). Pure; thread-safe.
/// </summary>
internal static class HeaderAddress
{
    /// <summary>The headers that are read by this class, so that their bytes are kept.</summary>
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "Location", "Refresh" };

    /// <summary>The first value that is not empty; null where there is none.</summary>
    public static string? Of(HttpResponseMessage response, string name)
    {
        if (!response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values)) return null;
        foreach (string value in values)
            if (!string.IsNullOrWhiteSpace(value)) return Escaped(value.Trim());
        return null;
    }

    private static string Escaped(string value)
    {
        if (Ascii.IsValid(value)) return value;
        StringBuilder to = new(value.Length + 16);
        foreach (char c in value)
        {
            if (char.IsAscii(c)) to.Append(c);
            else to.Append('%').Append(((int)c).ToString("X2"));
        }
        return to.ToString();
    }
}
