using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Touchstone.Screening;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Console.Layout;
using Touchstone.Server.Queries;
using Touchstone.Server.Security;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Hits;

/// <summary>Which hits a page shows and in which order, as its address says. What the address says wrongly narrows nothing. Immutable.</summary>
public sealed class HitView
{
    private static readonly string[] Names = ["state", "relation", "register", "reference", "search", "least", "shop", "seller", "from", "to", "mark", "lacks", "order", "market", "targets"];

    private readonly Dictionary<string, string> said;

    private HitView(HttpContext http)
    {
        said = Names.Select(x => (Name: x, Value: http.Request.Query[x].ToString())).Where(x => x.Value.Length > 0).ToDictionary(x => x.Name, x => x.Value, StringComparer.Ordinal);
        Order = Enum.TryParse(Said("order"), out HitOrder order) && Enum.IsDefined(order) ? order : HitOrder.Probability;
        State = Said("state") is not { } state ? HitState.New : Choice<HitState>(state);
        string me = http.User.ActorName();
        Mark = Said("mark") is "mine" or "unsure" or "snoozed" or "field" or "all" ? Said("mark") : null;
        Filter = new HitFilter(
            State,
            Choice<Relation>(Said("relation")),
            Number(Said("register")),
            Number(Said("reference")),
            Number(Said("search")),
            double.TryParse(Said("least"), CultureInfo.InvariantCulture, out double least) && least is > 0 and <= 1 ? least : null,
            Shop: Said("shop"),
            Seller: Said("seller"),
            From: Day(Said("from")),
            To: Day(Said("to"))?.AddDays(1),
            ClaimedBy: Mark == "mine" ? me : null,
            Unsure: Mark == "unsure" ? true : null,
            Snoozed: Mark == "snoozed" ? true : null,
            FromField: Mark == "field" ? true : null,
            LacksResponsible: Said("lacks") == "responsible" ? true : null,
            QueueOf: Mark is null or "field" && State == HitState.New ? me : null,
            Market: Markets.IsKnown(Said("market")) ? Said("market") : null,
            Targets: Said("targets") == "true" && Markets.IsKnown(Said("market")) ? true : null);
        // A form sends each of its fields; those that say what holds anyway narrow nothing.
        IsWhole = Filter == new HitFilter(HitState.New, QueueOf: me);
    }

    public HitFilter Filter { get; }

    public HitOrder Order { get; }

    /// <summary>Null: any.</summary>
    public HitState? State { get; }

    /// <summary>mine, unsure, snoozed, field or all; null: what this person is to decide now.</summary>
    public string? Mark { get; }

    /// <summary>Whether nothing narrows what is to be decided.</summary>
    public bool IsWhole { get; }

    public static HitView Of(HttpContext http) => new(http);

    /// <summary>What the address says of a name; null: nothing.</summary>
    public string? Said(string name) => said.GetValueOrDefault(name);

    /// <summary>The address of a page with the same view, or with one thing said otherwise.</summary>
    public string Link(string path, string? name = null, string? value = null)
    {
        var query = new Dictionary<string, string?>(said.Select(x => KeyValuePair.Create(x.Key, (string?)x.Value)), StringComparer.Ordinal);
        if (name is not null) query[name] = value;
        return QueryHelpers.AddQueryString(path, query.Where(x => !string.IsNullOrEmpty(x.Value)));
    }

    public static string WordOf(HitOrder order) => order switch
    {
        HitOrder.Newest => T("newest first"),
        HitOrder.Oldest => T("oldest first"),
        _ => T("most probable first"),
    };

    public static string WordOf(RejectReason reason) => reason switch
    {
        RejectReason.OtherProduct => T("another product"),
        RejectReason.Genuine => T("genuine"),
        RejectReason.OwnListing => T("the right holder's own offer"),
        RejectReason.Accessory => T("an accessory or a part"),
        RejectReason.TooUnlike => T("too unlike to say"),
        RejectReason.NoOffer => T("nothing is offered"),
        _ => T("another reason, in the note"),
    };

    public static string WordOf(ComparedName name) => name switch
    {
        ComparedName.Title => T("Title"),
        ComparedName.Brand => T("Brand"),
        ComparedName.Model => T("Model"),
        ComparedName.Gtin => T("GTIN"),
        _ => T("Seller, right holder"),
    };

    /// <summary>How the two values of a field stand to each other, or which side states none.</summary>
    public static string WordOf(ComparedField field) => field switch
    {
        { Agreement: FieldAgreement.Equal } => T("agrees"),
        { Agreement: FieldAgreement.Similar } => T("agrees in part"),
        { Agreement: FieldAgreement.Different } => T("differs"),
        { Offer: null, Reference: null } => T("neither states it"),
        { Offer: null } => T("the offer does not state it"),
        _ => T("the reference does not state it"),
    };

    /// <summary>What a hit is called in lists: the offer's name, or where the photo was taken.</summary>
    public static string NameOf(HitRow hit, CaptureRow? capture = null) =>
        hit.Listing is { } listing ? listing.Name ?? Words.Host(listing.Url) : string.IsNullOrWhiteSpace(capture?.Place) ? T("Photo from the field") : T("Photo from the field, {0}", capture.Place);

    /// <summary>What the address of a checkbox or a hidden field carries of a hit: its id, and the state and match that were seen.</summary>
    public static string Seen(HitRow hit) => string.Create(CultureInfo.InvariantCulture, $"{hit.Id}:{hit.State}:{hit.MatchId}");

    private static T? Choice<T>(string? text)
        where T : struct, Enum => Enum.TryParse(text, out T value) && Enum.IsDefined(value) ? value : null;

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    // After the last day that can be written there is none.
    private static DateTimeOffset? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) && day < DateOnly.MaxValue ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
}
