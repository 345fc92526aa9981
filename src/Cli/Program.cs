using Touchstone.Cli.Commands;
using Touchstone.Cli.Frame;
using Touchstone.Vision.Isolation;

if (args is [IsolatedProgram.Command]) return ReadIsolated.Run();

return await new TouchstoneProgram(
    DemoCommand.Create(),
    ServeCommand.Create(),
    ReferencesCommand.Create(),
    SearchCommand.Create(),
    ScreenCommand.Create(),
    ExtractCommand.Create(),
    EvidenceCommand.Create(),
    AuditCommand.Create(),
    BlockListCommand.Create(),
    RetentionCommand.Create(),
    EraseCommand.Create(),
    ModelsCommand.Create(),
    ProfileCommand.Create(),
    EvaluateCommand.Create(),
    BenchCommand.Create(),
    SystemCommand.Create()).RunAsync(args);
