namespace Touchstone.Screening.Evidence;

/// <summary>What a bundle holds; its first part, <c>manifest.json</c>.</summary>
/// <param name="Format">Names this layout and its version.</param>
/// <param name="AuditHead">The hash of the audit log's newest entry when the bundle was made.</param>
/// <param name="Parts">Every other part, by path.</param>
/// <param name="Missing">Pictures and pages that belong here but could not be put in, and why.</param>
public sealed record EvidenceManifest(string Format, long CaseId, string CaseTitle, string AuditHead, IReadOnlyList<EvidencePart> Parts, IReadOnlyList<MissingEvidence> Missing)
{
    public const string CurrentFormat = "touchstone-evidence/2";
}

/// <param name="Sha256">64 lower-case hexadecimal digits, over the part's bytes.</param>
/// <param name="Description">What it is, for people.</param>
public sealed record EvidencePart(string Path, string Sha256, long Bytes, string MediaType, string Description);

public sealed record MissingEvidence(string Sha256, string Why);
