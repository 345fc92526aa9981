using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Field;

/// <summary>What an officer does when a photo matches a reference of a kind, in the language of the request.</summary>
internal static class FieldAdvice
{
    public static string Of(ReferenceKind kind) => kind switch
    {
        ReferenceKind.Alert => T("Secure the thing and stop its release. Compare batch and model with the alert, then tell market surveillance."),
        ReferenceKind.KnownFake => T("Hold the thing back. Compare it with the points by which the known fake is told, and ask the owner."),
        ReferenceKind.GenuineProduct => T("Compare it point by point with the genuine product: label, seams, print, packing. Ask the holder where it differs."),
        ReferenceKind.Mark => T("Look who sent it and whether the mark's owner allows it. Ask the owner before you hold it back longer."),
        ReferenceKind.Design => T("Compare the shape with the design's views from all sides. Ask the owner whether it is made with consent."),
        _ => T("Compare it with the picture, and decide."),
    };
}
