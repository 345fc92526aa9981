using Touchstone.Cli.Commands;
using Touchstone.Cli.Frame;

return await new TouchstoneProgram(
    SystemCommand.Create(),
    BenchCommand.Create()).RunAsync(args);
