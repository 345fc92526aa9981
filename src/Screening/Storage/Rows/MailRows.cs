namespace Touchstone.Screening.Storage.Rows;

/// <summary>The mail server that an administrator set in the console: one row, or none.</summary>
public sealed class MailSettingsRow
{
    public const int Only = 1;

    public int Id { get; set; } = Only;

    public required string Host { get; set; }

    public int Port { get; set; }

    public required string From { get; set; }

    public required string FromName { get; set; }

    public string? UserName { get; set; }

    /// <summary>Encrypted by the installation's keys; null: no account is used.</summary>
    public string? ProtectedPassword { get; set; }

    public bool RequireTls { get; set; }

    public required string ChangedBy { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}
