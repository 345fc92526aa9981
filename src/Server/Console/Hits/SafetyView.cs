using Touchstone.Crawling.Extraction.Facts;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Hits;

/// <summary>Says what an offer states of its product's safety in the reader's language.</summary>
public static class SafetyView
{
    public static string NameOf(SafetyPoint point) => point switch
    {
        SafetyPoint.Manufacturer => T("manufacturer"),
        SafetyPoint.ManufacturerAddress => T("manufacturer's postal address"),
        SafetyPoint.ManufacturerContact => T("manufacturer's electronic address"),
        SafetyPoint.ResponsiblePerson => T("responsible person in the EU"),
        SafetyPoint.ResponsibleAddress => T("responsible person's postal address"),
        SafetyPoint.ResponsibleContact => T("responsible person's electronic address"),
        SafetyPoint.Picture => T("picture"),
        SafetyPoint.Type => T("type of the product"),
        SafetyPoint.Identifier => T("identifier of the product"),
        _ => T("warnings or safety information"),
    };

    public static string SentenceOf(SafetyStatement statement)
    {
        ArgumentNullException.ThrowIfNull(statement);
        return statement.State switch
        {
            SafetyState.Found when statement.Point == SafetyPoint.Picture => T("shown"),
            SafetyState.Found => statement.Where is { } where and not ("brand" or "manufacturer") ? T("{0} (under “{1}”)", statement.Text, where) : statement.Text ?? "",
            SafetyState.NotNeeded => T("not needed: the manufacturer's address is in the EU"),
            SafetyState.Missing when statement.Reason == SafetyReason.OtherLanguage => T("not in the page's language: {0}", statement.Text),
            SafetyState.Missing when statement.Reason == SafetyReason.NoneStated => T("not stated on the page; whether the product needs any, a person must say"),
            SafetyState.Missing => T("not stated on the page"),
            _ => WhyUntold(statement.Reason),
        };
    }

    private static string WhyUntold(SafetyReason? reason) => reason switch
    {
        SafetyReason.MakerCountryUnknown => T("cannot be told: the page does not say in which country the manufacturer is"),
        SafetyReason.OnlyInPicture => T("cannot be told: a picture may show it"),
        SafetyReason.BroughtByScript => T("cannot be told: a part of the page of that name is filled by a script"),
        SafetyReason.OnAnotherPage => T("cannot be told: the page links to another page of that name"),
        _ => T("cannot be told: the page's language is not known"),
    };
}
