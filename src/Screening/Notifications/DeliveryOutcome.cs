namespace Touchstone.Screening.Notifications;

/// <summary>Why a message was not delivered.</summary>
public enum DeliveryFailure
{
    /// <summary>The server was not reached, or it hung up.</summary>
    Unreachable,

    /// <summary>The server did not answer in time.</summary>
    TimedOut,

    /// <summary>The server refuses for now (SMTP 4xx).</summary>
    RefusedForNow,

    /// <summary>The server refuses this message for good (SMTP 5xx).</summary>
    Refused,

    /// <summary>The server does not accept the account or its password.</summary>
    AuthenticationRefused,

    /// <summary>No trusted encrypted connection came about.</summary>
    EncryptionRefused,

    /// <summary>The address or a header cannot be written into a message.</summary>
    Unwritable,

    /// <summary>A defect: the delivery threw.</summary>
    Broken,

    /// <summary>The worker that had the message ended without an answer.</summary>
    Abandoned,
}

/// <summary>What an attempt gave: delivered, or why not. <paramref name="Detail"/> is for people, the server's own answer where it gave one, and never holds a password.</summary>
public sealed record DeliveryOutcome(DeliveryFailure? Failure, string? Detail)
{
    public static DeliveryOutcome Delivered { get; } = new(null, null);

    public static DeliveryOutcome Failed(DeliveryFailure failure, string detail) => new(failure, detail);
}

/// <summary>Delivers one message. Safe for concurrent use; may throw, which counts as <see cref="DeliveryFailure.Broken"/>.</summary>
public delegate Task<DeliveryOutcome> OutboxTransport(Storage.Rows.OutboxRow message, CancellationToken cancellationToken);

/// <summary>How messages leave at the moment, by <see cref="OutboxKind"/>. Asked before each look at the outbox, so that a mail server that was just set is used.</summary>
public delegate Task<IReadOnlyDictionary<string, OutboxTransport>> OutboxTransports(CancellationToken cancellationToken);
