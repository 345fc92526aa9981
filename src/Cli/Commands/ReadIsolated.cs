using Touchstone.Screening.References.Registers;
using Touchstone.Screening.Searches;
using Touchstone.Vision;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.Isolation;

namespace Touchstone.Cli.Commands;

/// <summary>
/// Makes this process one that reads untrusted pages, pictures and workbooks for the one that started it (<see cref="IsolatedProcesses"/>). Not a command for people: it
/// reads and writes messages, and it is asked for before any command line is parsed, because a picture may wait for it.
/// </summary>
internal static class ReadIsolated
{
    public static int Run()
    {
        using Stream from = Console.OpenStandardInput();
        using Stream to = Console.OpenStandardOutput();
        // Whatever a library prints must not get between the messages.
        Console.SetOut(TextWriter.Null);
        try
        {
            VisionEnvironment.CheckImaging();
            IsolatedWorker.Serve(from, to, static (task, payload) => task switch
            {
                IsolatedTask.Page => IsolatedPages.Answer(payload),
                IsolatedTask.Workbook => IsolatedWorkbooks.Answer(payload),
                _ => IsolatedDecoding.Answer(task, payload),
            });
            return 0;
        }
        catch (NativeLibraryMissingException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        catch (IOException)
        {
            // Whoever asked has ended.
            return 0;
        }
    }
}
