using System.CommandLine;
using Touchstone.Cli.Frame;
using Touchstone.Screening.BlockLists;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone blocklist verify FILE --signature SIG --key KEY</c>: says, without a connection, whether a feed of the block list is what an installation signed.</summary>
public static class BlockListCommand
{
    private const int MostBytes = 256 << 20;

    private static readonly Argument<string> Feed = new("FILE") { Description = "The feed as it was fetched: blocklist.json, blocklist.rpz or blocklist.csv" };
    private static readonly Option<string?> Signature = new("--signature") { Description = "Its signature; default: FILE with .sig after it", HelpName = "FILE" };
    private static readonly Option<string> Key = new("--key") { Description = "The installation's public key, as /feeds/key gives it", HelpName = "FILE", Required = true };

    public static Command Create() => new("blocklist", "Checks feeds of the block list")
    {
        new Command("verify", "Says whether a feed is what the installation signed, without a connection") { Feed, Signature, Key }.Runs(VerifyAsync),
    };

    private static async Task<int> VerifyAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string file = context.Arguments.GetValue(Feed)!;
        byte[] content = await ReadAsync(file, cancellationToken);
        string signature = System.Text.Encoding.UTF8.GetString(await ReadAsync(context.Arguments.GetValue(Signature) ?? $"{file}.sig", cancellationToken));
        string key = System.Text.Encoding.UTF8.GetString(await ReadAsync(context.Arguments.GetValue(Key)!, cancellationToken));
        bool whole = BlockFeed.IsSigned(content, signature, key);
        if (context.Json) context.WriteJson(new { file, whole });
        else context.Output.WriteLine(whole ? $"{file} is what the key signed" : $"{file} is not what the key signed: the feed, its signature or the key is of another time or was changed");
        return whole ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > MostBytes }) throw new CommandFailedException($"{file} is larger than any feed.", ExitCode.Usage);
            return await File.ReadAllBytesAsync(file, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} cannot be read: {failure.Message}", ExitCode.Usage, failure);
        }
    }
}
