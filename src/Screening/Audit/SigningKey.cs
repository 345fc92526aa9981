using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Audit;

/// <summary>
/// The installation's key: ECDSA on P-256 over SHA-256, signatures in the form of RFC 3279, so that other programs check them, too. It is made when it is first
/// needed, and kept in the database. Not safe for concurrent use; dispose it.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private const int OnlyId = 1;

    private readonly ECDsa key;

    private SigningKey(ECDsa key) => this.key = key;

    /// <summary>SubjectPublicKeyInfo, base64.</summary>
    public string PublicKey => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    /// <summary>Reads the key, making it where there is none yet.</summary>
    public static async Task<SigningKey> OpenAsync(TouchstoneDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        SigningKeyRow? row = await FindAsync(db, cancellationToken);
        if (row is null)
        {
            using ECDsa made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            row = new SigningKeyRow { Id = OnlyId, PrivateKey = made.ExportPkcs8PrivateKey(), CreatedAt = clock.GetUtcNow() };
            db.SigningKeys.Add(row);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException)
            {
                // Another node made it at the same moment.
                db.Entry(row).State = EntityState.Detached;
                row = await FindAsync(db, cancellationToken) ?? throw new InvalidOperationException("The key that signs could be neither kept nor found.");
            }
        }
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(row.PrivateKey, out _);
        return new SigningKey(key);
    }

    /// <summary>
    /// A secret of 32 bytes that only this installation can make again: HKDF (RFC 5869) with SHA-256 of the key, bound to what it is for. Whoever knows the secret of one
    /// purpose learns nothing of another's, or of the key.
    /// </summary>
    public static async Task<byte[]> DeriveAsync(TouchstoneDb db, TimeProvider clock, string purpose, CancellationToken cancellationToken)
    {
        using SigningKey made = await OpenAsync(db, clock, cancellationToken);
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, made.key.ExportPkcs8PrivateKey(), 32, info: Encoding.UTF8.GetBytes($"touchstone {purpose}"));
    }

    /// <summary>The public key of the installation; null where it has signed nothing yet.</summary>
    public static async Task<string?> FindPublicKeyAsync(TouchstoneDb db, CancellationToken cancellationToken)
    {
        if (await FindAsync(db, cancellationToken) is not { } row) return null;
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(row.PrivateKey, out _);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>A short name of a public key, for people to compare: 16 hexadecimal digits of its SHA-256.</summary>
    public static string NameOf(string publicKey) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(publicKey)))[..16];

    /// <summary>The signature of a SHA-256 hash, base64.</summary>
    public string Sign(ReadOnlySpan<byte> sha256) => Convert.ToBase64String(key.SignHash(sha256, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>Whether a signature is this public key's of a SHA-256 hash; false also for what is no key or no signature.</summary>
    public static bool IsValid(string publicKey, ReadOnlySpan<byte> sha256, string signature)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            return key.VerifyHash(sha256, Convert.FromBase64String(signature), DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception e) when (e is FormatException or CryptographicException or PlatformNotSupportedException or ArgumentException)
        {
            return false;
        }
    }

    public void Dispose() => key.Dispose();

    private static Task<SigningKeyRow?> FindAsync(TouchstoneDb db, CancellationToken cancellationToken) => db.SigningKeys.AsNoTracking().FirstOrDefaultAsync(x => x.Id == OnlyId, cancellationToken);
}
