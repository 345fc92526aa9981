using System.Globalization;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Queries;
using static Touchstone.Server.Console.Language.Text;

namespace Touchstone.Server.Console.Layout;

/// <summary>How far a message to an owner came, said as it is, in the language of the request.</summary>
internal static class OwnerMessages
{
    public static string Told(CaptureMessage message, bool hasMailServer) => message.State switch
    {
        OutboxState.Delivered => T("The mail server took the message to {0} at {1} UTC.", message.Recipient, message.DeliveredAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
        OutboxState.Dead => T("The message to {0} was not delivered; an administrator can send it again under System.", message.Recipient),
        _ when !hasMailServer => T("The message to {0} waits: no mail server is set up here.", message.Recipient),
        _ when message.Attempts > 0 => T("The message to {0} could not be handed over yet; it is tried again.", message.Recipient),
        _ => T("The message to {0} is on its way: it is in the outbox.", message.Recipient),
    };
}
