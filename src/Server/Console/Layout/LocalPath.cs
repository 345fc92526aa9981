namespace Touchstone.Server.Console.Layout;

/// <summary>Addresses to go back to, which forms and links carry and anybody could have written.</summary>
internal static class LocalPath
{
    /// <summary>The path where it leads to a page of this server; the overview where it would lead anywhere else.</summary>
    public static string OrRoot(string? path) =>
        path is { Length: > 0 } && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) ? path : "/";
}
