namespace Touchstone.Screening.Notifications;

/// <summary>The mail server that takes this installation's mail. A class and no record, so that nothing prints the password.</summary>
public sealed class SmtpOptions
{
    /// <summary>The environment variable that holds the password where <see cref="Password"/> is not set.</summary>
    public const string PasswordVariable = "TOUCHSTONE_SMTP_PASSWORD";

    /// <summary>The server's name; null: this installation sends no mail.</summary>
    public string? Host { get; init; }

    /// <summary>Default 587, submission with STARTTLS; 1..65535.</summary>
    public int Port { get; init; } = 587;

    /// <summary>The sender's address.</summary>
    public string? From { get; init; }

    /// <summary>The sender's name as readers see it. Default Touchstone.</summary>
    public string FromName { get; init; } = "Touchstone";

    /// <summary>Null: the server is used without an account.</summary>
    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>Whether mail is only handed over encrypted, by STARTTLS with a trusted certificate. Default true; without it no account is used.</summary>
    public bool RequireTls { get; init; } = true;

    /// <summary>How long one message may take. Default 30 s; shorter than the outbox's lease.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Everything that is wrong with these options; empty: nothing.</summary>
    public IEnumerable<string> Problems(OutboxOptions outbox)
    {
        if (string.IsNullOrWhiteSpace(Host)) yield return "Smtp:Host is missing.";
        if (Port is < 1 or > 65535) yield return $"Smtp:Port is {Port}; it is within 1 and 65535.";
        if (EmailAddress.TryParse(From) is null) yield return $"Smtp:From is '{From}'; it is an e-mail address.";
        if (UserName is not null && !RequireTls) yield return "Smtp:UserName is set without Smtp:RequireTls; a password is not sent in the clear.";
        if (TimeLimit <= TimeSpan.Zero || TimeLimit >= outbox.Lease) yield return $"Smtp:TimeLimit is {TimeLimit}; it is more than zero and less than Outbox:Lease, {outbox.Lease}.";
    }
}
