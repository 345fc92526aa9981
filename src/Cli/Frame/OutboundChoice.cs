using System.CommandLine;
using Touchstone.Crawling;

namespace Touchstone.Cli.Frame;

/// <summary>What the user lets a command's requests do.</summary>
public static class OutboundChoice
{
    public static Option<string[]> AllowHost { get; } = new("--allow-host")
    {
        Description = "A host (with its port if that is not the default) with an internal address that may be fetched; may be given several times",
        HelpName = "HOST",
    };

    public static Option<string?> Contact { get; } = new("--contact")
    {
        Description = "A page where the owner of a fetched site reaches you; part of the user agent",
        HelpName = "URL",
    };

    /// <summary>Writes the choice into the options of everything that fetches.</summary>
    public static void Apply(CommandContext context, CrawlingOptions options)
    {
        foreach (string host in context.Arguments.GetValue(AllowHost) ?? []) options.Outbound.AllowedInternalHosts.Add(host);
        options.Outbound.ContactUrl = context.Arguments.GetValue(Contact);
    }
}
