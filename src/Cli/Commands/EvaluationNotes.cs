using Spectre.Console;
using Touchstone.Evaluation;

namespace Touchstone.Cli.Commands;

/// <summary>Tells people how far an evaluation is: a line at each tenth of a stage. Safe for concurrent reports.</summary>
internal sealed class EvaluationNotes(IAnsiConsole people) : IProgress<EvaluationProgress>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _tenths = new(StringComparer.Ordinal);

    public void Report(EvaluationProgress value)
    {
        int tenth = 10 * value.Done / Math.Max(1, value.Total);
        lock (_lock)
        {
            if (tenth <= _tenths.GetValueOrDefault(value.Stage)) return;
            _tenths[value.Stage] = tenth;
            people.WriteLine($"{value.Stage}: {value.Done} of {value.Total}");
        }
    }
}
