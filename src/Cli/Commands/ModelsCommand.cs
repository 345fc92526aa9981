using System.CommandLine;
using Touchstone.Cli.Frame;
using Touchstone.Cli.Searching;
using Touchstone.Crawling.Fetching;
using Touchstone.Vision.Embedding;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone models</c>: the models of the manifest, and the download of one that is not shipped.</summary>
public static class ModelsCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The model's id in the manifest" };
    private static readonly Option<string?> ManifestFolder = new("--manifest") { Description = "A folder with another manifest.json [default: the program's models]", HelpName = "DIR" };

    public static Command Create() => new("models", "Names the models and fetches those that are not shipped")
    {
        new Command("list", "Names the models of the manifest and whether their files are there") { ManifestFolder }.Runs(ListAsync),
        VocabularyCommand.Create(),
        new Command("pull", "Downloads a model named in the manifest and checks its SHA-256") { Name, ManifestFolder, OutboundChoice.AllowHost }.Runs(PullAsync),
    };

    /// <summary>Where downloaded models of an installation lie.</summary>
    public static string FolderOf(CommandContext context) => Path.Combine(context.DataFolder, "models");

    private static Task<int> ListAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ModelCatalog catalog = Open(context);
        foreach (ModelEntry entry in catalog.Manifest.Embeddings)
        {
            (ModelFileState state, string? path) = catalog.Locate(entry);
            bool isDefault = entry.Id == catalog.Manifest.DefaultEmbedding;
            if (context.Json) context.WriteJson(new { entry.Id, Default = isDefault, State = state, Path = path, entry.Bytes, entry.Dimension, entry.InputSize, entry.Licence, entry.Url, entry.Sha256 });
            else context.Output.WriteLine($"{(isDefault ? '*' : ' ')} {entry.Id,-28} {state,-9} {entry.Bytes / 1e6,7:0.0} MB  {entry.Dimension} values, {entry.InputSize} px  {entry.Licence}");
        }
        return Task.FromResult(ExitCode.Done);
    }

    private static async Task<int> PullAsync(CommandContext context, CancellationToken cancellationToken)
    {
        ModelEntry entry;
        try
        {
            entry = Open(context).Find(context.Arguments.GetValue(Name));
        }
        catch (ArgumentException e)
        {
            throw new CommandFailedException(e.Message.Split(" (Parameter", StringSplitOptions.None)[0], ExitCode.Usage, e);
        }
        OutboundOptions outbound = new();
        foreach (string host in context.Arguments.GetValue(OutboundChoice.AllowHost) ?? []) outbound.AllowedInternalHosts.Add(host);
        using OutboundHttp http = new(outbound, context.Clock);
        using HttpClient client = http.CreateClient();
        ModelDownloadOutcome? outcome = null;
        await SearchExecution.ShowAsync(context, $"Fetching {entry.Id}", async tell => outcome = await new ModelDownloader(client, FolderOf(context)).PullAsync(
            entry, new SearchExecution.Told<ModelDownloadProgress>(x => tell($"{x.Received / 1e6:0.0} of {x.Total / 1e6:0.0} MB")), cancellationToken));
        if (context.Json) context.WriteJson(new { entry.Id, outcome!.Result, outcome.Path, outcome.Detail });
        if (outcome!.Path is null) throw new CommandFailedException($"The model {entry.Id} was not installed: {outcome.Detail}");
        if (!context.Json) context.Output.WriteLine($"{entry.Id}: {outcome.Path}{(outcome.Result == ModelDownloadResult.AlreadyThere ? " (was there already)" : "")}");
        return ExitCode.Done;
    }

    private static ModelCatalog Open(CommandContext context)
    {
        try
        {
            return ModelCatalog.LoadFrom(context.Arguments.GetValue(ManifestFolder) ?? ModelCatalog.ShippedFolder, FolderOf(context));
        }
        catch (Exception e) when (e is ModelManifestException or IOException)
        {
            throw new CommandFailedException(e.Message, ExitCode.Failed, e);
        }
    }
}
