using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace Touchstone.Cli.Frame;

public static class CommandExtensions
{
    /// <summary>
    /// Sets what the command does. The action returns an <see cref="ExitCode"/> or throws <see cref="CommandFailedException"/>;
    /// any other exception is a fault of the program and is printed with its type, in full with <c>--verbose</c>.
    /// </summary>
    public static Command Runs(this Command command, Func<CommandContext, CancellationToken, Task<int>> action)
    {
        command.SetAction((parsed, cancellationToken) => GuardAsync(parsed, action, cancellationToken));
        return command;
    }

    private static async Task<int> GuardAsync(ParseResult parsed, Func<CommandContext, CancellationToken, Task<int>> action, CancellationToken cancellationToken)
    {
        using var context = new CommandContext(parsed);
        try
        {
            return await action(context, cancellationToken);
        }
        catch (CommandFailedException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return failure.Exit;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Cancelled;
        }
        catch (Exception fault)
        {
            string text = context.LeastLogLevel <= LogLevel.Information ? fault.ToString() : $"{fault.GetType().Name}: {fault.Message} (--verbose says more)";
            await Console.Error.WriteLineAsync(text);
            return ExitCode.Failed;
        }
    }
}
