using System.Security.Cryptography;

namespace Touchstone.Screening.Storage;

/// <summary>What a secret is for. Each kind is encrypted for itself: one cannot be read as another.</summary>
public enum SecretKind
{
    /// <summary>The password at the mail server.</summary>
    MailPassword,

    /// <summary>The key of a service that searches the web.</summary>
    SearchKey,
}

/// <summary>How secrets are kept: encrypted by keys that every node of the installation has, and nobody else.</summary>
/// <param name="Protect">Encrypts.</param>
/// <param name="Reveal">Decrypts; throws <see cref="CryptographicException"/> where the keys do not fit.</param>
public sealed record SecretProtection(Func<SecretKind, string, string> Protect, Func<SecretKind, string, string> Reveal);
