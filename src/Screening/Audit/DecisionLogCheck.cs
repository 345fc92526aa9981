using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Audit;

/// <summary>What a check of an exported decision log found; nothing but the file is needed for it.</summary>
/// <param name="Entries">How many entries were read; up to and with the broken one if there is one.</param>
/// <param name="Decisions">Of these, those by which a person decided.</param>
/// <param name="Key">The name of the key that signed the file (<see cref="SigningKey.NameOf"/>), to be compared with the installation's; null: nothing signs it.</param>
/// <param name="BrokenId">The first entry that does not hold; null: none, or none in particular.</param>
/// <param name="Problem">What is wrong, for people; null: nothing.</param>
public sealed record DecisionLogCheck(long Entries, long Decisions, string? Key, long? BrokenId, string? Problem)
{
    public bool Whole => Problem is null;

    /// <summary>Reads JSON lines as <see cref="DecisionLog"/> writes them.</summary>
    public static async Task<DecisionLogCheck> ReadAsync(TextReader file, CancellationToken cancellationToken)
    {
        var found = new DecisionLogCheck(0, 0, null, null, null);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        (string? first, string? previous) = (null, null);
        while (await file.ReadLineAsync(cancellationToken) is { } text)
        {
            if (Read(text) is not { } line) return found with { Problem = $"Line {found.Entries + 1} is no line of a decision log." };
            if (line.End is { } end)
            {
                found = found with { Key = SigningKey.NameOf(end.Head.PublicKey), Problem = ProblemOf(end, Convert.ToHexStringLower(hash.GetHashAndReset()), found.Entries, first, previous) };
                return found.Whole && await file.ReadLineAsync(cancellationToken) is not null ? found with { Problem = "There is something after the signed end." } : found;
            }
            hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
            DecisionLine entry = line.Entry!;
            found = found with { Entries = found.Entries + 1, Decisions = found.Decisions + (AuditAction.Decisions.Contains(entry.Action) ? 1 : 0) };
            if (previous is not null && entry.PreviousHash != previous) return found with { BrokenId = entry.Id, Problem = "It does not follow the entry before it: an entry was removed, or put in between." };
            if (AuditChain.HashOf(RowOf(entry)) != entry.Hash) return found with { BrokenId = entry.Id, Problem = "Its fields no longer have its hash: it was changed." };
            first ??= entry.PreviousHash;
            previous = entry.Hash;
        }
        return found with { Problem = "The signed end is missing: the file was cut off." };
    }

    private static string? ProblemOf(DecisionLogEnd end, string sha256, long entries, string? first, string? last)
    {
        if (end.Head.Problem(end.Head.PublicKey) is { } problem) return problem;
        if (last is not null && end.Head.Hash != last) return "The signed head is of another entry than the last one in the file.";
        if (first == AuditChain.Genesis && end.Head.Entries != entries) return $"The file has {entries} entries from the first one on; {end.Head.Entries} were signed.";
        return end.Sha256 == sha256 && SigningKey.IsValid(end.Head.PublicKey, SHA256.HashData(Encoding.UTF8.GetBytes(DecisionLogEnd.Signed(end.Sha256, end.Head))), end.Signature)
            ? null
            : "The lines do not have the signature of the end: what is told of a decision was changed.";
    }

    private static (DecisionLine? Entry, DecisionLogEnd? End)? Read(string line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return null;
            if (json.RootElement.TryGetProperty("head", out _))
                return json.Deserialize<DecisionLogEnd>(DecisionLog.Json) is { Head: { PublicKey: not null, Hash: not null, Signature: not null }, Sha256: not null, Signature: not null } end ? (null, end) : null;
            return json.Deserialize<DecisionLine>(DecisionLog.Json) is { Actor: not null, Action: not null, Subject: not null, PreviousHash: not null, Hash: not null } entry ? (entry, null) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AuditRow RowOf(DecisionLine x) => new() { At = x.At, Actor = x.Actor, Action = x.Action, Subject = x.Subject, Detail = x.Detail, PreviousHash = x.PreviousHash, Hash = x.Hash };
}
