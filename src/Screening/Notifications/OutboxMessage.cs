namespace Touchstone.Screening.Notifications;

/// <summary>How a message travels; kept by name in the outbox.</summary>
public static class OutboxKind
{
    public const string Email = "Email";
    public const string Webhook = "Webhook";
}

/// <summary>A message to put into the outbox.</summary>
/// <param name="Kind">One of <see cref="OutboxKind"/>.</param>
/// <param name="Recipient">An e-mail address, or a URL.</param>
/// <param name="Subject">One line.</param>
/// <param name="Body">Plain text, or JSON for a webhook.</param>
/// <param name="Key">Names the cause, such as <c>capture/3/reference/17/owner</c>: the same cause gives one message.</param>
public sealed record OutboxMessage(string Kind, string Recipient, string Subject, string Body, string Key)
{
    /// <summary>A file that goes with an e-mail; null: none.</summary>
    public MessageAttachment? Attachment { get; init; }
}

/// <summary>A file that goes with a message.</summary>
/// <param name="Sha256">Of its bytes, which are in the blob store.</param>
/// <param name="Name">Such as <c>notice-3.pdf</c>; its ending says its type.</param>
public sealed record MessageAttachment(string Sha256, string Name);
