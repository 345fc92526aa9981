using System.CommandLine;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;
using Touchstone.Screening.Storage;

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

    /// <summary>
    /// The command, and those below it, works on an installation, whose state may be kept elsewhere than in its folder
    /// (<see cref="CommandContext.Storage"/>). The demo and evaluations keep to a folder of their own, whatever the environment says.
    /// </summary>
    public static Command OnInstallation(this Command command)
    {
        command.Options.Add(SharedOptions.PostgreSql);
        command.Options.Add(SharedOptions.Blobs);
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
        catch (OtherSchemaException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Cancelled;
        }
        catch (NpgsqlException fault) when (fault.InnerException is SocketException or TimeoutException && context.LeastLogLevel > LogLevel.Information)
        {
            await Console.Error.WriteLineAsync($"The database does not answer: {fault.Message}. Start it, or correct {SharedOptions.PostgreSql.Name} or TOUCHSTONE_POSTGRESQL.");
            return ExitCode.Failed;
        }
        catch (Exception fault) when (StorageFaults.Of(fault) is { } kind && context.LeastLogLevel > LogLevel.Information)
        {
            await Console.Error.WriteLineAsync($"{StorageFaults.Say(kind, context.DataFolder)} ({fault.GetBaseException().Message})");
            return ExitCode.Failed;
        }
        catch (Exception fault)
        {
            string text = context.LeastLogLevel <= LogLevel.Information ? fault.ToString() : $"{fault.GetType().Name}: {fault.Message} (--verbose says more)";
            await Console.Error.WriteLineAsync(text);
            return ExitCode.Failed;
        }
    }
}
