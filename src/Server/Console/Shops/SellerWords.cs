using System.Globalization;
using Touchstone.Screening.Sellers;
using Touchstone.Server.Console.Language;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Shops;

/// <summary>Shops, sellers and what joins them in words, in the language of the request.</summary>
internal static class SellerWords
{
    public static string Of(JoinKind kind) => kind switch
    {
        JoinKind.Picture => T("picture"),
        JoinKind.Email => T("e-mail"),
        JoinKind.Phone => T("telephone"),
        JoinKind.Vat => T("VAT or company number"),
        JoinKind.ResponsiblePerson => T("person responsible in the EU"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no word for it."),
    };

    public static string LinkTo(long shopId, long? sellerId) => sellerId is { } id ? $"/sellers/{id}" : $"/shops/{shopId}";

    /// <summary>A middle of days, such as "3.5 days".</summary>
    public static string Days(double? days) => days is not { } value ? "–" : T("{0} days", value.ToString("0.#", ConsoleLanguage.Current.Culture));

    /// <summary>A picture's value is a hash, of which the beginning tells enough.</summary>
    public static string ValueOf(SharedTrait trait) => trait.Kind == JoinKind.Picture ? string.Create(CultureInfo.InvariantCulture, $"{trait.Value[..Math.Min(12, trait.Value.Length)]}…") : trait.Value;
}
