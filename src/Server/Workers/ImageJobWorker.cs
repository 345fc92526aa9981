using Touchstone.Screening.Following;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Workers;

/// <summary>
/// Describes the pictures of references that wait for it, and then reads their texts, once for all nodes. Descriptions come first: without them a reference
/// is not found.
/// </summary>
internal sealed partial class ImageJobWorker(ImageJobRunner runner, FollowingOptions following, TimeProvider clock, ILogger<ImageJobWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        string name = WorkerSetup.NameOf("images");
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                while (await runner.RunSomeAsync(ImageJobKind.Describe, name, stoppingToken) > 0 || (following.Texts && await runner.RunSomeAsync(ImageJobKind.ReadText, name, stoppingToken) > 0))
                {
                    // What came meanwhile is taken at once.
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // What was being done is done by another node, or at the next start.
                return;
            }
            catch (Exception e)
            {
                NotDone(e);
            }
        }
        while (await timer.NextAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 2131, Level = LogLevel.Error, Message = "Pictures of references could not be described or read; it is tried again.")]
    private partial void NotDone(Exception exception);
}
