using System.Globalization;
using Touchstone.Screening.Sellers;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>
/// What templates may read, by name. What is not known is an empty text, so that <c>{% if x != blank %}</c> asks for it. Texts of shops and registers are one line each;
/// those that a person wrote for the notice keep their lines, which begin no heading or list.
/// </summary>
public static class NoticeValues
{
    /// <summary>The values of a notice.</summary>
    /// <param name="links">With hit, listing, observation and reference.</param>
    /// <param name="replyUrl">Null: the notice bears no reply link.</param>
    public static IReadOnlyDictionary<string, object> Of(NoticeRow notice, CaseRow of, OperatorRow? from, IReadOnlyList<NoticeLinkRow> links, string? replyUrl, DateOnly today) => new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["number"] = Number(notice),
        ["today"] = Day(today),
        ["case"] = Dictionary(("number", of.Id.ToString(CultureInfo.InvariantCulture)), ("market", of.Market)),
        ["authority"] = Dictionary(
            ("name", from?.Name), ("address", NoticeLiquid.OneLine(from?.Address)), ("contact", from?.ContactName), ("email", from?.ContactEmail), ("phone", from?.Phone)),
        ["recipient"] = Dictionary(("name", notice.RecipientName), ("address", notice.Recipient)),
        ["reasons"] = Prose(notice.Reasons),
        ["legal_basis"] = Prose(notice.LegalBasis),
        ["redress"] = Prose(notice.Redress),
        ["territory"] = Prose(notice.Territory),
        ["measure"] = Prose(notice.Measure),
        ["good_faith"] = notice.GoodFaith,
        ["respond_by"] = notice.RespondBy is { } by ? Day(by) : "",
        ["reply_url"] = replyUrl ?? "",
        ["links"] = links.OrderBy(x => x.Id).ThenBy(x => x.HitId).Select(LinkOf).ToList<object>(),
        ["products"] = links.Select(x => x.Hit?.Reference).OfType<ReferenceRow>().DistinctBy(x => x.Id).Select(ProductOf).ToList<object>(),
    };

    /// <summary>How a notice is named in what is sent.</summary>
    public static string Number(NoticeRow notice) => FormattableString.Invariant($"{notice.CaseId}-{notice.Id}");

    /// <summary>Values of no case, in which everything is there, to try a template on.</summary>
    public static IReadOnlyDictionary<string, object> Sample(string language)
    {
        var reference = new ReferenceRow { Id = 1, Register = new RegisterRow { Name = "Safety Gate", Format = "csv" }, ExternalId = "A12/00017/26", Kind = ReferenceKind.Alert, Title = "Face mask Alfa", Brand = "Alfa", Model = "A-50", Danger = "The filter lets particles through.", Measures = "Withdrawal from the market", RawPayload = "", ContentHash = "" };
        var listing = new ListingRow { Url = "https://shop.example/p/1", Shop = new ShopRow { Host = "shop.example" }, Name = "Mask, 50 pieces" };
        var seen = new ObservationRow { ContentHash = "", Price = 9.95m, Currency = "EUR", Seller = "Shop Ltd", LastSeenAt = DateTimeOffset.UnixEpoch };
        var hit = new HitRow { Id = 1, Listing = listing, Reference = reference, Relation = Relation.SameProduct, Match = new MatchRow { Signals = "{}", Screening = new ScreeningRow { Observation = seen, ModelId = "", ProfileId = "", GalleryFingerprint = "", InputHash = "" } } };
        var notice = new NoticeRow
        {
            Id = 1, CaseId = 1, Language = language, Recipient = "contact@shop.example", RecipientName = "Shop Ltd", Reasons = "The product is dangerous.", LegalBasis = "Regulation (EU) 2023/988", Redress = "A court", Territory = "Denmark", Measure = "Removal",
            GoodFaith = true, RespondBy = new DateOnly(2026, 1, 9), CreatedBy = "",
        };
        var from = new OperatorRow { Name = "Safety Authority", Address = "1 Street, City", ContactName = "A. Person", ContactEmail = "contact@authority.example", Phone = "+45 1", Language = language, ChangedBy = "" };
        return Of(notice, new CaseRow { Id = 1, Title = "", Market = "DK", OpenedBy = "" }, from, [new NoticeLinkRow { Url = listing.Url, Hit = hit }], "https://touchstone.example/r/sample", new DateOnly(2026, 1, 5));
    }

    private static Dictionary<string, object> LinkOf(NoticeLinkRow link)
    {
        ObservationRow? seen = link.Hit?.Match?.Screening?.Observation;
        Dictionary<string, object> values = Dictionary(
            ("url", link.Url), ("shop", link.Hit?.Listing?.Shop?.Host), ("name", seen?.Name ?? link.Hit?.Listing?.Name), ("seller", ErasedNames.IsToken(seen?.Seller) ? null : seen?.Seller),
            ("price", seen?.Price is { } price ? string.Create(CultureInfo.InvariantCulture, $"{price:0.##} {seen.Currency}") : null), ("seen", seen is null ? null : Day(DateOnly.FromDateTime(seen.LastSeenAt.UtcDateTime))));
        values["product"] = link.Hit?.Reference is { } reference ? ProductOf(reference) : Dictionary();
        return values;
    }

    private static Dictionary<string, object> ProductOf(ReferenceRow row) => Dictionary(
        ("title", row.Title), ("register", row.Register?.Name), ("number", row.ExternalId), ("brand", row.Brand), ("model", row.Model), ("danger", row.Danger), ("measures", row.Measures), ("source", row.SourceUrl), ("holder", row.RightHolder));

    private static Dictionary<string, object> Dictionary(params (string Name, string? Value)[] values) => values.ToDictionary(x => x.Name, x => (object)NoticeLiquid.OneLine(x.Value), StringComparer.Ordinal);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A person's text with its lines; one that looks like a heading or an item is told apart by a blank before it.</summary>
    private static string Prose(string? text) =>
        string.Join('\n', (text ?? "").ReplaceLineEndings("\n").Trim().Split('\n').Select(NoticeLiquid.OneLine).Select(x => x.StartsWith("# ", StringComparison.Ordinal) || x.StartsWith("- ", StringComparison.Ordinal) ? $" {x}" : x));
}
