using System.Text;
using System.Text.RegularExpressions;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>An address that a kept page of the shop names.</summary>
public sealed record ContactSuggestion(string Address, string FoundOn);

/// <summary>Looks for addresses in the kept pages of a notice's offers, for a person to choose from. None is used by itself. Safe for concurrent use.</summary>
public static partial class ContactSuggestions
{
    private const int MostPages = 5, MostFound = 8, MostBytes = 4 << 20;

    /// <summary>Addresses in the order in which they were found, links to mail before what stands in the text.</summary>
    public static async Task<IReadOnlyList<ContactSuggestion>> FindAsync(TouchstoneDb db, IBlobStore blobs, NoticeRow notice, CancellationToken cancellationToken)
    {
        var found = new List<ContactSuggestion>();
        foreach (string page in await NoticeQueries.KeptPagesAsync(db, notice, MostPages, cancellationToken))
        {
            byte[]? bytes;
            try
            {
                bytes = await blobs.GetAsync(page, cancellationToken);
            }
            catch (InvalidDataException)
            {
                // Bytes that were changed suggest nothing.
                continue;
            }
            if (bytes is not { Length: <= MostBytes }) continue;
            foreach (string address in In(Encoding.UTF8.GetString(bytes)))
                if (found.Count < MostFound && found.TrueForAll(x => !string.Equals(x.Address, address, StringComparison.OrdinalIgnoreCase))) found.Add(new(address, page));
        }
        return found;
    }

    /// <summary>The addresses that a page names.</summary>
    public static IReadOnlyList<string> In(string html)
    {
        IEnumerable<string> links = Link().Matches(html).Select(x => Uri.UnescapeDataString(x.Groups[1].Value)), texts = Plain().Matches(html).Select(x => x.Value);
        return [.. links.Concat(texts).Select(x => x.Trim().TrimEnd('.')).Where(x => x.Length <= 254 && !Picture().IsMatch(x) && EmailAddress.TryParse(x) is not null).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostFound)];
    }

    [GeneratedRegex("mailto:([^\"'?<>\\s]{3,254})", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex("[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,200}\\.[A-Za-z]{2,24}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();

    // Files are named so for screens of double density.
    [GeneratedRegex("\\.(png|jpe?g|gif|webp|avif|svg|css|js)$", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Picture();
}
