using System.CommandLine;
using System.Text.Json.Nodes;
using Touchstone.Cli.Frame;
using Touchstone.Crawling.Extraction;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone extract</c>: the listing that saved pages yield, or the reason why they yield none.</summary>
public static class ExtractCommand
{
    private static readonly Argument<string?> FileArgument = new("FILE") { Description = "A saved page, .gz allowed", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Url = new("--url") { Description = "The address that the page was saved from", HelpName = "URL" };
    private static readonly Option<string?> List = new("--list") { Description = "Many pages: a file with a JSON object with file and url per line, .gz allowed", HelpName = "FILE.jsonl" };

    public static Command Create() => new Command("extract", "Prints the listing that a saved page yields") { FileArgument, Url, List }.Runs(RunAsync);

    private static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string? file = context.Arguments.GetValue(FileArgument);
        string? list = context.Arguments.GetValue(List);
        if ((file is null) == (list is null)) throw new CommandFailedException("Name one saved page, or a list of pages with --list FILE.jsonl.", ExitCode.Usage);
        SavedPages pages = new(new ListingExtractor());
        if (file is not null) return Task.FromResult(One(context, pages, new(file, context.Arguments.GetValue(Url) ?? string.Empty)));
        int unread = 0;
        foreach (SavedPage page in ReadList(list!))
        {
            cancellationToken.ThrowIfCancellationRequested();
            unread += Many(context, pages, page);
        }
        return Task.FromResult(unread == 0 ? ExitCode.Done : ExitCode.Failed);
    }

    private static int One(CommandContext context, SavedPages pages, SavedPage page)
    {
        try
        {
            Print(context, ListingJson.ToObject(pages.Extract(page), page.Url));
            return ExitCode.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandFailedException($"{page.File} cannot be read: {e.Message}", ExitCode.Failed, e);
        }
    }

    // One unreadable file does not lose the others' results.
    private static int Many(CommandContext context, SavedPages pages, SavedPage page)
    {
        try
        {
            JsonObject result = ListingJson.ToObject(pages.Extract(page), page.Url);
            result.Insert(0, "file", page.Name);
            Print(context, result);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Print(context, new JsonObject { ["file"] = page.Name, ["url"] = page.Url, ["reason"] = "Unreadable", ["detail"] = e.Message });
            return 1;
        }
    }

    private static IEnumerable<SavedPage> ReadList(string path)
    {
        try
        {
            return [.. SavedPages.ReadList(path)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException)
        {
            throw new CommandFailedException($"{path}: {e.Message}", ExitCode.Usage, e);
        }
    }

    private static void Print(CommandContext context, JsonObject result)
    {
        if (context.Json)
        {
            context.WriteJson(result);
            return;
        }
        foreach ((string fact, JsonNode? value) in result)
            if (value is not (null or JsonArray { Count: 0 })) context.Output.WriteLine($"{fact,-14} {(value is JsonArray many ? string.Join(Environment.NewLine + new string(' ', 15), many.Select(static v => v?.ToString())) : value.ToString())}");
        context.Output.WriteLine();
    }
}
