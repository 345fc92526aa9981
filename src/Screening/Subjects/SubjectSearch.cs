using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Shop;
using Touchstone.Recognition.Text;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Subjects;

/// <summary>Where something that may be of the person is kept, so that a person picks it.</summary>
public enum SubjectPlace
{
    /// <summary>A seller's name, as an observation states it within its shop.</summary>
    Observation,

    /// <summary>A contact that a page states.</summary>
    Trait,

    /// <summary>The address that a reply to a notice gives.</summary>
    Reply,

    /// <summary>The address that a notice goes to.</summary>
    Notice,
}

/// <summary>What a person picked: the row that shows the name or the contact. No name is in it, so that none is in a URL.</summary>
public readonly record struct SubjectPick(SubjectPlace Place, long Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Place.ToString().ToLowerInvariant()}:{Id}");

    /// <summary>Reads <c>observation:12</c>; null: it is no pick.</summary>
    public static SubjectPick? Parse(string? text) =>
        text?.Split(':') is [var place, var id] && Enum.TryParse(place, ignoreCase: true, out SubjectPlace known) && Enum.IsDefined(known) && place.All(char.IsAsciiLetter)
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? new SubjectPick(known, number) : null;
}

/// <summary>A name or contact that fits what was looked for.</summary>
/// <param name="Kind">Null: a seller's name.</param>
/// <param name="Value">As it is stated.</param>
/// <param name="Host">The shop; null: notices and replies have none.</param>
public sealed record SubjectFound(SubjectPick Pick, TraitKind? Kind, string Value, string? Host, long Rows);

/// <summary>
/// Finds what is kept of a named seller or a contact (e-mail address, telephone or VAT number). Names are compared as sellers are, so that other spellings are found; a name is one within a shop, and
/// whether two are of one person is for a person to say.
/// </summary>
public static class SubjectSearch
{
    /// <summary>Most that are listed.</summary>
    public const int Most = 200;

    /// <summary>The fewest letters or digits by which anything is looked for.</summary>
    public const int Shortest = 3;

    /// <returns>Names first, then contacts, each by shop; one more than <see cref="Most"/> at most.</returns>
    public static async Task<IReadOnlyList<SubjectFound>> FindAsync(TouchstoneDb db, string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = SellerName.Folded(text), plain = text.Trim().ToLowerInvariant(), digits = string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        if (name.Length < Shortest && digits.Length < Shortest) return [];
        var found = new Dictionary<(long, string), SubjectFound>();
        if (name.Length >= Shortest)
        {
            var stated = db.Observations.AsNoTracking().Where(o => o.Seller != null).GroupBy(o => new { o.Listing!.ShopId, o.Listing.Shop!.Host, o.Seller }).Select(g => new { g.Key.ShopId, g.Key.Host, Name = g.Key.Seller!, Id = g.Max(o => o.Id), Rows = g.LongCount() });
            await foreach (var row in stated.AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                string key = SellerName.Folded(row.Name);
                if (!key.Contains(name, StringComparison.Ordinal)) continue;
                // Spellings of one name within a shop are one.
                found[(row.ShopId, key)] = found.TryGetValue((row.ShopId, key), out SubjectFound? other) ? other with { Rows = other.Rows + row.Rows } : new SubjectFound(new SubjectPick(SubjectPlace.Observation, row.Id), null, row.Name, row.Host, row.Rows);
                if (found.Count > Most) break;
            }
        }
        var contacts = new List<SubjectFound>();
        string phone = string.Concat(text.Where(char.IsAsciiDigit)).TrimStart('0');
        // A number is kept as its company's, which may be a part of what stands on a letter.
        string person = TextFolding.Fold(text), vat = digits.ToUpperInvariant(), company = TaxNumber.Find($"VAT {text}").FirstOrDefault().Number ?? vat;
        contacts.AddRange((await db.Traits.AsNoTracking()
            .Where(t => (t.Kind == TraitKind.Email && t.Value.Contains(plain)) || (t.Kind == TraitKind.Phone && phone.Length >= Shortest && t.Value.Contains(phone)) || (t.Kind == TraitKind.Vat && vat.Length >= Shortest && (t.Value.Contains(vat) || t.Value == company)) || (t.Kind == TraitKind.ResponsiblePerson && person.Length >= Shortest && t.Value.Contains(person)))
            .GroupBy(t => new { t.Kind, t.Value, t.Shop!.Host }).Select(g => new { g.Key.Kind, g.Key.Value, g.Key.Host, Id = g.Max(t => t.Id), Rows = g.LongCount() }).OrderBy(x => x.Value).ThenBy(x => x.Host).Take(Most).ToListAsync(cancellationToken))
            .Select(x => new SubjectFound(new SubjectPick(SubjectPlace.Trait, x.Id), x.Kind, x.Value, x.Host, x.Rows)));
        contacts.AddRange((await db.NoticeReplies.AsNoTracking().Where(r => r.Email != null && r.Email.ToLower().Contains(plain)).GroupBy(r => r.Email!).Select(g => new { Value = g.Key, Id = g.Max(r => r.Id), Rows = g.LongCount() }).Take(Most).ToListAsync(cancellationToken))
            .Select(x => new SubjectFound(new SubjectPick(SubjectPlace.Reply, x.Id), TraitKind.Email, x.Value, null, x.Rows)));
        contacts.AddRange((await db.Notices.AsNoTracking().Where(n => n.Recipient != null && n.Way == NoticeWay.Email && n.Recipient.ToLower().Contains(plain)).GroupBy(n => n.Recipient!).Select(g => new { Value = g.Key, Id = g.Max(n => n.Id), Rows = g.LongCount() }).Take(Most).ToListAsync(cancellationToken))
            .Select(x => new SubjectFound(new SubjectPick(SubjectPlace.Notice, x.Id), TraitKind.Email, x.Value, null, x.Rows)));
        return [.. found.Values.OrderBy(x => x.Host, StringComparer.Ordinal).ThenBy(x => x.Value, StringComparer.Ordinal).Concat(contacts).Take(Most + 1)];
    }
}
