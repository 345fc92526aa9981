using Touchstone.Screening.Notifications;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Installation;

/// <summary>Why a message did not leave, for people.</summary>
internal static class DeliveryWords
{
    public static string Of(DeliveryFailure failure) => failure switch
    {
        DeliveryFailure.Unreachable => T("The server was not reached, or it hung up."),
        DeliveryFailure.TimedOut => T("The server did not answer in time."),
        DeliveryFailure.RefusedForNow => T("The server refuses for now; try again later."),
        DeliveryFailure.Refused => T("The server refuses this message."),
        DeliveryFailure.AuthenticationRefused => T("The server does not accept the account or its password."),
        DeliveryFailure.EncryptionRefused => T("No trusted encrypted connection came about."),
        DeliveryFailure.Unwritable => T("The address cannot be written into a message."),
        _ => T("The message was not delivered."),
    };

    /// <summary>What is kept with a message of its last attempt: the failure in words, then the server's own.</summary>
    public static string? OfError(string? kept) =>
        kept?.Split(':', 2) is [var name, var detail] && Enum.TryParse(name, out DeliveryFailure failure) && Enum.IsDefined(failure) ? $"{Of(failure)} {detail.Trim()}" : kept;
}
