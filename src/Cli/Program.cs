using Touchstone.Cli.Commands;
using Touchstone.Cli.Frame;

return await new TouchstoneProgram(
    DemoCommand.Create(),
    AuditCommand.Create(),
    EvidenceCommand.Create(),
    ExtractCommand.Create(),
    SystemCommand.Create(),
    BenchCommand.Create(),
    ReferencesCommand.Create()).RunAsync(args);
