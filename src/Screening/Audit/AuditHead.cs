using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Touchstone.Screening.Audit;

/// <summary>
/// What the audit log held at one moment, signed by the installation. Whoever keeps it elsewhere can prove later that entries were cut off, or the whole log exchanged.
/// </summary>
/// <param name="Format">Names this form and its version.</param>
/// <param name="Entries">How many entries there were.</param>
/// <param name="Hash">The newest entry's, 64 hexadecimal digits.</param>
/// <param name="At">By the installation's clock.</param>
/// <param name="PublicKey">Of the installation (<see cref="SigningKey.PublicKey"/>).</param>
/// <param name="Signature">Over <see cref="Signed"/>; DER, base64.</param>
/// <param name="Timestamp">The token of a time-stamping authority (RFC 3161) over the signature's bytes, base64; null: none was asked.</param>
public sealed record AuditHead(string Format, long Entries, string Hash, DateTimeOffset At, string PublicKey, string Signature, string? Timestamp)
{
    public const string CurrentFormat = "touchstone-audit-head/1";

    /// <summary>The text that is signed, as UTF-8: format, number of entries, hash and instant, a line each.</summary>
    public static string Signed(long entries, string hash, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{CurrentFormat}\n{entries}\n{hash}\n{at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}\n");

    /// <summary>What is wrong with the head itself, for people; null: it is as it was signed.</summary>
    /// <param name="installation">The public key of the installation whose log it is said to be of; null: it has none.</param>
    public string? Problem(string? installation)
    {
        if (Format != CurrentFormat) return $"The head has the form '{Format}'; {CurrentFormat} is read.";
        if (!SigningKey.IsValid(PublicKey, SHA256.HashData(Encoding.UTF8.GetBytes(Signed(Entries, Hash, At))), Signature)) return "The head does not have its signature: it was changed.";
        if (PublicKey != installation) return $"The head was signed by the key {SigningKey.NameOf(PublicKey)}, and this installation {(installation is null ? "has signed nothing yet" : $"signs with {SigningKey.NameOf(installation)}")}: it is another one's, or this one's database was exchanged.";
        return Timestamp is null ? null : TimestampAuthority.Read(Timestamp, Convert.FromBase64String(Signature)) is null ? "The time stamp is none of this head's signature." : null;
    }
}
