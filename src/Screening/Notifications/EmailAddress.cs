using MimeKit;

namespace Touchstone.Screening.Notifications;

/// <summary>What counts as the address of a person whom this installation writes to.</summary>
public static class EmailAddress
{
    private static readonly ParserOptions Strict = new() { AllowAddressesWithoutDomain = false, AllowUnquotedCommasInAddresses = false };

    /// <summary>Reads one address with a domain (RFC 5322), with or without a name before it; null where the text is anything else or would break a header.</summary>
    public static MailboxAddress? TryParse(string? text) =>
        !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl) && MailboxAddress.TryParse(Strict, text, out MailboxAddress? address) ? address : null;
}
