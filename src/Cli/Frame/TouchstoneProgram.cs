using System.CommandLine;

namespace Touchstone.Cli.Frame;

/// <summary>
/// The program around the commands: the options that each command takes, and the one place where a failure becomes a
/// sentence on standard error and an exit code.
/// </summary>
public sealed class TouchstoneProgram
{
    private readonly RootCommand _root;

    public TouchstoneProgram(params IEnumerable<Command> commands)
    {
        _root = new RootCommand("Touchstone screens pictures of products against registers of dangerous products, designs and marks.");
        _root.Options.Add(SharedOptions.DataFolder);
        _root.Options.Add(SharedOptions.Json);
        _root.Options.Add(SharedOptions.Verbose);
        foreach (Command command in commands) _root.Subcommands.Add(command);
    }

    /// <summary>Runs the command that the arguments name; returns an <see cref="ExitCode"/>.</summary>
    public async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parsed = _root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync($"See: touchstone {string.Join(' ', PathOf(parsed.CommandResult))}--help");
            return ExitCode.Usage;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static List<string> PathOf(System.CommandLine.Parsing.CommandResult? at)
    {
        List<string> names = [""];
        for (; at?.Parent is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult) names.Insert(0, at.Command.Name);
        return names;
    }
}
