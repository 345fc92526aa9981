using Touchstone.Crawling.Extraction.Facts;

namespace Touchstone.Screening.Evidence;

/// <summary>Says the points of Article 19 of Regulation (EU) 2023/988 in the report's English.</summary>
internal static class EvidenceSafety
{
    public static string NameOf(SafetyPoint point) => point switch
    {
        SafetyPoint.Manufacturer => "Manufacturer",
        SafetyPoint.ManufacturerAddress => "Manufacturer's postal address",
        SafetyPoint.ManufacturerContact => "Manufacturer's electronic address",
        SafetyPoint.ResponsiblePerson => "Responsible person in the EU",
        SafetyPoint.ResponsibleAddress => "Responsible person's postal address",
        SafetyPoint.ResponsibleContact => "Responsible person's electronic address",
        SafetyPoint.Picture => "Picture",
        SafetyPoint.Type => "Type of the product",
        SafetyPoint.Identifier => "Identifier of the product",
        _ => "Warnings or safety information",
    };

    public static string SentenceOf(SafetyStatement statement) => statement.State switch
    {
        SafetyState.Found => statement.Where is { } where ? $"{statement.Text} (under “{where}”)" : statement.Text ?? "stated",
        SafetyState.NotNeeded => "not needed: the manufacturer's address is in the EU",
        SafetyState.Missing => statement.Reason == SafetyReason.OtherLanguage ? $"not in the page's language: {statement.Text}" : "not stated on the page",
        _ => "cannot be told: " + (statement.Reason switch
        {
            SafetyReason.MakerCountryUnknown => "the page does not say in which country the manufacturer is",
            SafetyReason.OnlyInPicture => "a picture may show it",
            SafetyReason.BroughtByScript => "a part of the page of that name is filled by a script",
            SafetyReason.OnAnotherPage => "the page links to another page of that name",
            _ => "it is in a language whose words are not known",
        }),
    };
}
