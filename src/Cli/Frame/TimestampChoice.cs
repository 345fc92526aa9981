using System.CommandLine;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Audit;

namespace Touchstone.Cli.Frame;

/// <summary>The time-stamping authority that the user names.</summary>
public static class TimestampChoice
{
    public static Option<string?> Authority { get; } = new("--timestamp-authority")
    {
        Description = "A time-stamping authority (RFC 3161) that also says when the head of the audit log was there [default: $TOUCHSTONE_TIMESTAMP_AUTHORITY, or none]",
        HelpName = "URL",
    };

    /// <summary>The address; null: none is named.</summary>
    /// <exception cref="CommandFailedException">It is no http or https address.</exception>
    public static Uri? UrlOf(CommandContext context)
    {
        string? named = context.Arguments.GetValue(Authority) is { Length: > 0 } given ? given : Environment.GetEnvironmentVariable("TOUCHSTONE_TIMESTAMP_AUTHORITY");
        if (string.IsNullOrEmpty(named)) return null;
        return Uri.TryCreate(named, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? url
            : throw new CommandFailedException($"The time-stamping authority '{named}' is no http or https address.", ExitCode.Usage);
    }

    /// <summary>The authority, which the caller disposes; null: none is named.</summary>
    /// <exception cref="CommandFailedException">It has no http or https address.</exception>
    public static TimestampAuthority? Of(CommandContext context)
    {
        var outbound = new OutboundOptions();
        foreach (string host in context.Arguments.GetValue(OutboundChoice.AllowHost) ?? []) outbound.AllowedInternalHosts.Add(host);
        return UrlOf(context) is { } url ? new TimestampAuthority(url, outbound) : null;
    }
}
