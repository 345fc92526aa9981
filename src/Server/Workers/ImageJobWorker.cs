using Touchstone.Screening.Following;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Server.Workers;

/// <summary>
/// Describes the pictures of references that wait for it, and then reads their texts, once for all nodes. Descriptions come first: without them a reference
/// is not found.
/// </summary>
internal sealed partial class ImageJobWorker(ImageJobRunner runner, FollowingOptions following, TimeProvider clock, ILogger<ImageJobWorker> logger) : RepeatingWorker(TimeSpan.FromMilliseconds(500), clock)
{
    private static readonly string Worker = WorkerSetup.NameOf("images");

    protected override async Task DoDueAsync(CancellationToken stoppingToken)
    {
        while (await runner.RunSomeAsync(ImageJobKind.Describe, Worker, stoppingToken) > 0 || (following.Texts && await runner.RunSomeAsync(ImageJobKind.ReadText, Worker, stoppingToken) > 0))
        {
            // What came meanwhile is taken at once.
        }
    }

    [LoggerMessage(EventId = 2131, Level = LogLevel.Error, Message = "Pictures of references could not be described or read; it is tried again.")]
    protected override partial void Failed(Exception exception);
}
