using System.Text.Json;
using Touchstone.Screening.Storage.Blobs;

namespace Touchstone.Screening.References;

/// <summary>The identity of a parsed record's content. Pure; deterministic; safe for concurrent use.</summary>
internal static class ReferenceHash
{
    /// <summary>SHA-256, hexadecimal, of all parsed facts and of the pictures' keys; the raw payload does not count.</summary>
    /// <param name="reference">The record.</param>
    /// <param name="pictures">What identifies each picture: its URL, or its name and the hash of its bytes.</param>
    public static string Of(ParsedReference reference, IReadOnlyList<string> pictures)
    {
        ParsedReference facts = reference with { RawPayload = "", Pictures = [] };
        return BlobName.Of(JsonSerializer.SerializeToUtf8Bytes(new { facts, pictures }));
    }
}
