using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Audit;

/// <summary>
/// How entries are chained: an entry's hash is the SHA-256 of the hash before it and of its own fields, each with its length in front,
/// so that no two different entries are written alike. Pure; safe for concurrent use.
/// </summary>
public static class AuditChain
{
    /// <summary>What the first entry has as the hash before it.</summary>
    public static string Genesis { get; } = new('0', 64);

    /// <summary>The entry's hash: 64 lower-case hexadecimal digits.</summary>
    public static string HashOf(AuditRow entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, entry.PreviousHash);
        Span<byte> at = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(at, entry.At.ToUnixTimeMilliseconds());
        hash.AppendData(at);
        Append(hash, entry.Actor);
        Append(hash, entry.Action);
        Append(hash, entry.Subject);
        Append(hash, entry.Detail);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Makes the entry follow the one with the given hash.</summary>
    public static void Seal(AuditRow entry, string previousHash)
    {
        entry.PreviousHash = previousHash;
        entry.Hash = HashOf(entry);
    }

    private static void Append(IncrementalHash hash, string? field)
    {
        byte[] bytes = field is null ? [] : Encoding.UTF8.GetBytes(field);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, field is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
