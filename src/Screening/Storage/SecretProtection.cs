using System.Security.Cryptography;

namespace Touchstone.Screening.Storage;

/// <summary>How secrets are kept: encrypted by keys that every node of the installation has, and nobody else.</summary>
/// <param name="Protect">Encrypts.</param>
/// <param name="Reveal">Decrypts; throws <see cref="CryptographicException"/> where the keys do not fit.</param>
public sealed record SecretProtection(Func<string, string> Protect, Func<string, string> Reveal);
