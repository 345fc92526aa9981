using System.Text;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>An address that a kept page of the shop names.</summary>
public sealed record ContactSuggestion(string Address, string FoundOn);

/// <summary>Looks for addresses in the kept pages of a notice's offers, for a person to choose from. None is used by itself. Safe for concurrent use.</summary>
public static class ContactSuggestions
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
    public static IReadOnlyList<string> In(string html) => [.. PageTraits.Of(html).Where(x => x.Kind == TraitKind.Email && EmailAddress.TryParse(x.Value) is not null).Select(x => x.Value)];
}
