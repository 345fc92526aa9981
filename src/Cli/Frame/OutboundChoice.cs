using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Spectre.Console;
using Touchstone.Crawling;
using Touchstone.Crawling.Fetching;

namespace Touchstone.Cli.Frame;

/// <summary>What the user, and the settings of the installation, let a command's requests do.</summary>
public static class OutboundChoice
{
    private const string SettingsFile = "appsettings.json", ContactSetting = "Outbound:ContactUrl";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static Option<string[]> AllowHost { get; } = new("--allow-host")
    {
        Description = "A host (with its port if that is not the default) with an internal address that may be fetched; may be given several times",
        HelpName = "HOST",
    };

    public static Option<string?> Contact { get; } = new("--contact")
    {
        Description = "A page or mailto address where the owner of a fetched site reaches you; part of the user agent",
        HelpName = "URL",
    };

    /// <summary>Writes the settings and the choice into the options of everything that fetches; the choice wins.</summary>
    /// <exception cref="CommandFailedException">The settings cannot be read.</exception>
    public static void Apply(CommandContext context, CrawlingOptions options)
    {
        foreach (string host in context.Arguments.GetValue(AllowHost) ?? []) options.Outbound.AllowedInternalHosts.Add(host);
        IConfiguration settings = Settings(context);
        try
        {
            settings.GetSection("Politeness").Bind(options.Politeness);
            options.Outbound.ContactUrl = context.Arguments.GetValue(Contact) ?? settings[ContactSetting] ?? options.Outbound.ContactUrl;
        }
        catch (InvalidOperationException e)
        {
            throw Unreadable(e);
        }
    }

    /// <summary>At the first use that goes to somebody else's site: asks for the contact and keeps it with the installation, or says how to name it where nobody can be asked.</summary>
    public static void AskContact(CommandContext context, IEnumerable<string> urls)
    {
        string[] own = context.Arguments.GetValue(AllowHost) ?? [];
        bool foreign = urls.Any(u => Uri.TryCreate(u, UriKind.Absolute, out Uri? uri) && !own.Contains(uri.Authority, StringComparer.OrdinalIgnoreCase) && !own.Contains(uri.Host, StringComparer.OrdinalIgnoreCase));
        if (!foreign || context.Arguments.GetValue(Contact) is not null || Settings(context)[ContactSetting] is not null) return;
        if (!context.People.Profile.Capabilities.Interactive || context.Json)
        {
            context.People.MarkupLine("[yellow]No contact is set:[/] name a page or mailto address with --contact, or as Outbound:ContactUrl in appsettings.json of the installation, so that the owners of the sites can reach you.");
            return;
        }
        string given = context.People.Prompt(new TextPrompt<string>("Where can the owners of the sites that are fetched reach you (a page, or mailto:you@authority.example; empty for later)?").AllowEmpty()
            .Validate(x => new OutboundOptions { ContactUrl = x }.Problems() is [var problem, ..] ? ValidationResult.Error(problem) : ValidationResult.Success())).Trim();
        if (given.Length > 0) Keep(context, given);
    }

    private static void Keep(CommandContext context, string contact)
    {
        InstallationFolder.Prepare(context.DataFolder);
        string file = Path.Combine(context.DataFolder, SettingsFile);
        JsonObject settings = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject ?? [] : [];
        if (settings["Outbound"] is not JsonObject outbound) settings["Outbound"] = outbound = [];
        outbound["ContactUrl"] = contact;
        File.WriteAllText(file, settings.ToJsonString(Readable));
    }

    private static IConfigurationRoot Settings(CommandContext context)
    {
        try
        {
            return new ConfigurationBuilder().AddJsonFile(Path.Combine(Path.GetFullPath(context.DataFolder), SettingsFile), optional: true).AddEnvironmentVariables().Build();
        }
        catch (InvalidDataException e)
        {
            throw Unreadable(e);
        }
    }

    private static CommandFailedException Unreadable(Exception e) => new($"The settings cannot be read: {e.Message} {e.InnerException?.Message}".TrimEnd(), ExitCode.Usage, e);
}
