using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Watches;

/// <summary>Removed offers and their returns in words, in the language of the request.</summary>
internal static class WatchWords
{
    public static string Of(ReturnSign sign) => sign switch
    {
        ReturnSign.SameOffer => T("the same offer"),
        ReturnSign.SameImage => T("same image"),
        ReturnSign.SameProduct => T("same product"),
        ReturnSign.SameIdentifier => T("same identifier"),
        ReturnSign.SameSeller => T("same seller, nearly the same title"),
        _ => throw new ArgumentOutOfRangeException(nameof(sign), sign, "There is no word for it."),
    };

    /// <summary>After how long it was there again.</summary>
    public static string After(int days) => days == 0 ? T("returned within a day") : Many(days, "returned after {0} day", "returned after {0} days");

    /// <summary>What the removed offer is called in lists.</summary>
    public static string NameOf(WatchItem watch) => watch.Name ?? watch.Url;

    /// <inheritdoc cref="NameOf(WatchItem)"/>
    public static string NameOf(ReturnItem back) => back.Name ?? back.Url;
}
