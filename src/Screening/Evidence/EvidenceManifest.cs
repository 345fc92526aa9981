using System.Security.Cryptography;
using System.Text;

namespace Touchstone.Screening.Evidence;

/// <summary>
/// What a bundle holds; its part <c>manifest.json</c>. Beside it stand <c>manifest.sig</c>, the signature of its bytes (DER), <c>manifest.pem</c>, the key of the installation, and
/// <c>manifest.tsr</c>, the token of a time-stamping authority (RFC 3161) over its bytes.
/// </summary>
/// <param name="Format">Names this layout and its version.</param>
/// <param name="Software">The program that made it.</param>
/// <param name="MadeBy">The account that asked for it.</param>
/// <param name="AuditHead">The hash of the audit log's newest entry when the bundle was made; that entry follows all that this installation handed out before.</param>
/// <param name="TimestampAuthority">Who stamps the manifest; null: no authority is configured, and the time is the installation's own.</param>
/// <param name="Parts">Every other part, by path, in order; each carries the chain on.</param>
/// <param name="Missing">Pictures and pages that belong here but could not be put in, and why.</param>
/// <param name="Absent">What was to be made for the bundle and was not, and why.</param>
public sealed record EvidenceManifest(
    string Format, string Software, long CaseId, string CaseTitle, DateTimeOffset MadeAt, string MadeBy, string AuditHead, string? TimestampAuthority, IReadOnlyList<EvidencePart> Parts,
    IReadOnlyList<MissingEvidence> Missing, IReadOnlyList<AbsentEvidence> Absent)
{
    public const string CurrentFormat = "touchstone-evidence/3";

    public const string Path = "manifest.json", SignaturePath = "manifest.sig", KeyPath = "manifest.pem", TokenPath = "manifest.tsr";
}

/// <param name="Sha256">64 lower-case hexadecimal digits, over the part's bytes.</param>
/// <param name="Chain">SHA-256 of the chain of the part before (64 zeros before the first), a line feed, this part's path, a line feed and its hash.</param>
/// <param name="Description">What it is, for people.</param>
public sealed record EvidencePart(string Path, string Sha256, string Chain, long Bytes, string MediaType, string Description)
{
    /// <summary>The chain before the first part.</summary>
    public static string Genesis { get; } = new('0', 64);

    public static string ChainOf(string before, string path, string sha256) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{before}\n{path}\n{sha256}")));
}

public sealed record MissingEvidence(string Sha256, string Why);

public sealed record AbsentEvidence(string Path, string Why);
