using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Subjects;

/// <summary>A seller's name within a shop, in all its spellings.</summary>
/// <param name="Key">As it is compared.</param>
public sealed record SubjectName(long ShopId, string Host, string Key, IReadOnlyList<string> Spellings);

/// <summary>A contact, in the form in which traits are compared.</summary>
public sealed record SubjectContact(TraitKind Kind, string Value);

/// <summary>The person that was picked, by the names and contacts under which something is kept.</summary>
public sealed record Subject(IReadOnlyList<SubjectName> Names, IReadOnlyList<SubjectContact> Contacts)
{
    /// <summary>Most rows that are picked at once.</summary>
    public const int MostPicks = 50;

    /// <summary>What texts are searched for.</summary>
    internal IReadOnlyList<string> Words => [.. Names.SelectMany(x => x.Spellings).Concat(Contacts.Select(x => x.Value)).Distinct(StringComparer.Ordinal)];

    internal IReadOnlyList<string> Emails => [.. Contacts.Where(x => x.Kind == TraitKind.Email).Select(x => x.Value)];

    /// <summary>Reads whom picks mean; null where one of the rows is gone, or none was picked.</summary>
    public static async Task<Subject?> ReadAsync(TouchstoneDb db, IReadOnlyList<SubjectPick> picks, CancellationToken cancellationToken)
    {
        if (picks.Count is 0 or > MostPicks) return null;
        var names = new Dictionary<(long, string), SubjectName>();
        var contacts = new HashSet<SubjectContact>();
        foreach (SubjectPick pick in picks.Distinct())
        {
            switch (pick.Place)
            {
                case SubjectPlace.Observation:
                    var seen = await db.Observations.Where(o => o.Id == pick.Id && o.Seller != null).Select(o => new { o.Listing!.ShopId, o.Listing.Shop!.Host, Name = o.Seller! }).FirstOrDefaultAsync(cancellationToken);
                    if (seen is null) return null;
                    string key = SellerName.Folded(seen.Name);
                    List<string> stated = await db.Observations.Where(o => o.Listing!.ShopId == seen.ShopId && o.Seller != null).Select(o => o.Seller!).Distinct().ToListAsync(cancellationToken);
                    names[(seen.ShopId, key)] = new SubjectName(seen.ShopId, seen.Host, key, [.. stated.Where(x => SellerName.Folded(x) == key).Order(StringComparer.Ordinal)]);
                    break;
                case SubjectPlace.Trait:
                    if (await db.Traits.Where(t => t.Id == pick.Id).Select(t => new SubjectContact(t.Kind, t.Value)).FirstOrDefaultAsync(cancellationToken) is not { } trait) return null;
                    contacts.Add(trait);
                    break;
                default:
                    string? address = pick.Place == SubjectPlace.Reply ? await db.NoticeReplies.Where(r => r.Id == pick.Id).Select(r => r.Email).FirstOrDefaultAsync(cancellationToken)
                        : await db.Notices.Where(n => n.Id == pick.Id).Select(n => n.Recipient).FirstOrDefaultAsync(cancellationToken);
                    if (address is null) return null;
                    contacts.Add(new SubjectContact(TraitKind.Email, address.Trim().ToLowerInvariant()));
                    break;
            }
        }
        return new Subject([.. names.Values], [.. contacts]);
    }

    /// <summary>What was seen under the names.</summary>
    internal IEnumerable<IQueryable<ObservationRow>> Observations(TouchstoneDb db) => Names.Select(name =>
    {
        string[] spellings = [.. name.Spellings];
        return db.Observations.Where(o => o.Listing!.ShopId == name.ShopId && o.Seller != null && EF.Parameter(spellings).Contains(o.Seller));
    });

    /// <summary>Traits of the sellers, and of the contacts wherever they are stated.</summary>
    internal IEnumerable<IQueryable<TraitRow>> Traits(TouchstoneDb db) =>
        [.. Names.Select(name => db.Traits.Where(t => t.Seller!.ShopId == name.ShopId && t.Seller.Key == name.Key)), .. Contacts.Select(contact => db.Traits.Where(t => t.Kind == contact.Kind && t.Value == contact.Value))];
}
