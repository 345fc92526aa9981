using System.CommandLine;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone evaluate</c>: measures how well references are found, on pictures with known answers.</summary>
public static class EvaluateCommand
{
    public static Command Create() => new("evaluate", "Measures how well references are found")
    {
        EvaluateAllCommand.Create(),
        EvaluateRetrievalCommand.Create(),
        EvaluateScenesCommand.Create(),
        EvaluateRobustnessCommand.Create(),
        EvaluateSiblingsCommand.Create(),
        EvaluateExtractionCommand.Create(),
        EvaluateTextCommand.Create(),
        CalibrateCommand.Create(),
        EvaluateShopsCommand.Create(),
    };
}
