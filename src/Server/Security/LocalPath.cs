namespace Touchstone.Server.Security;

/// <summary>An address to go back to that a request names: only a path of this server, for it comes from outside.</summary>
internal static class LocalPath
{
    public static string Or(string? path, string other) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl) ? path : other;
}
