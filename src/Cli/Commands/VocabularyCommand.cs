using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Touchstone.Cli.Frame;
using Touchstone.Cli.Searching;
using Touchstone.Index.Keypoints;
using Touchstone.Vision.Imaging;
using Touchstone.Vision.LocalFeatures;

namespace Touchstone.Cli.Commands;

/// <summary><c>touchstone models vocabulary</c>: learns the visual words that the keypoint index sorts descriptors by; the program ships the result.</summary>
internal static class VocabularyCommand
{
    private const int KeypointsOfAPicture = 60;

    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".webp"];

    private static readonly Option<string[]> Images = new("--images") { Description = "A folder of pictures, with its subfolders; may be given several times", HelpName = "DIR", Required = true };
    private static readonly Option<int> Pictures = new("--pictures") { Description = "Pictures to learn from, chosen by the hash of their path", DefaultValueFactory = _ => 1_500 };
    private static readonly Option<string> Out = new("--out") { Description = "The file to write, 32 KB", HelpName = "FILE", Required = true };

    public static Command Create() => new Command("vocabulary", "Learns the visual words of the keypoint index from pictures") { Images, Pictures, Out }.Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        int most = context.Arguments.GetValue(Pictures);
        if (most < 1) throw new CommandFailedException($"--pictures is at least 1, not {most}.", ExitCode.Usage);
        List<string> files = [];
        foreach (string folder in context.Arguments.GetValue(Images) ?? [])
        {
            if (!Directory.Exists(folder)) throw new CommandFailedException($"There is no folder {folder}.", ExitCode.Usage);
            files.AddRange(from path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                           where Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
                           orderby Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, path)))), path
                           select path);
        }
        List<byte> descriptors = [];
        int unread = 0;
        await SearchExecution.ShowAsync(context, "Learning words", tell =>
        {
            var decoder = new ImageDecoder();
            string[] chosen = [.. files.Where((_, i) => i % Math.Max(1, files.Count / most) == 0).Take(most)];
            for (int i = 0; i < chosen.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (decoder.Decode(File.ReadAllBytes(chosen[i])).Image is not { } picture) unread++;
                else descriptors.AddRange(LocalFeatureExtractor.Extract(picture, LocalFeatureOptions.Default with { MaxKeypoints = KeypointsOfAPicture }).Descriptors);
                if (i % 20 == 0) tell($"{i} of {chosen.Length} pictures");
            }
            if (descriptors.Count < 256 * VisualVocabulary.DescriptorLength) throw new CommandFailedException($"The pictures give {descriptors.Count / VisualVocabulary.DescriptorLength} keypoints; at least 256 are needed.");
            VisualVocabulary vocabulary = VisualVocabulary.Learn(descriptors.ToArray(), seed: 1, share => tell($"{share:0 %} of the clustering"));
            File.WriteAllBytes(context.Arguments.GetValue(Out)!, vocabulary.Bytes.ToArray());
            return Task.CompletedTask;
        });
        if (context.Json) context.WriteJson(new { Pictures = Math.Min(most, files.Count), Unread = unread, Descriptors = descriptors.Count / VisualVocabulary.DescriptorLength });
        else context.Output.WriteLine($"{descriptors.Count / VisualVocabulary.DescriptorLength} descriptors of {Math.Min(most, files.Count)} pictures, {unread} of them unread.");
        return ExitCode.Done;
    }
}
