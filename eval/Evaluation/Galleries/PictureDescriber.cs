using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Text;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Galleries;

/// <summary>Reads files of a data set on several threads, in a fixed order of results.</summary>
/// <param name="cache">Where descriptions of references are kept between evaluations; null describes anew.</param>
internal sealed class PictureDescriber(EvaluationParts parts, int threads, IProgress<EvaluationProgress>? progress, CancellationToken cancellationToken, DescriptionCache? cache = null)
{
    private readonly ConcurrentBag<UnreadPicture> _unread = [];

    /// <summary>What could not be read, in the order of names.</summary>
    public IReadOnlyList<UnreadPicture> Unread => [.. _unread.OrderBy(picture => picture.File, StringComparer.Ordinal)];

    public ImageFeatures? Describe(string name, string path) => ReadBytes(name, path) is { } bytes && Decode(name, bytes) is { } image ? Describe(bytes, image) : null;

    /// <summary>Describes a query closely, with its text where the evaluation reads text.</summary>
    public ImageFeatures Describe(byte[] bytes, RgbImage image) => FeatureExtractor.LookClosely(DescribeAsKept(bytes, image), image);

    /// <summary>Describes an encoded query that the evaluation made itself.</summary>
    public ImageFeatures Describe(byte[] bytes) =>
        Describe(bytes, parts.Reader.Decode(bytes).Image ?? throw new InvalidOperationException("A picture that was just encoded could not be decoded."));

    /// <summary>Describes a query and notes what each step took; null, and counted as unread, where its bytes cannot be had or decoded.</summary>
    public ImageFeatures? DescribeTimed(SourcePicture picture, StageTimes times)
    {
        if (ReadBytes(picture) is not { } bytes) return null;
        long start = Stopwatch.GetTimestamp();
        RgbImage? image = Decode(picture.Name, bytes);
        times.Decode = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (image is null) return null;
        var steps = new ExtractionTimes();
        ImageFeatures described = parts.Reader.Describe(Convert.ToHexStringLower(SHA256.HashData(bytes)), image, steps);
        long before = Stopwatch.GetTimestamp();
        described = FeatureExtractor.LookClosely(described, image);
        (times.Hash, times.Embedding, times.LocalFeatures) = (steps.Hash.TotalSeconds, steps.Embedding.TotalSeconds, steps.LocalFeatures.TotalSeconds + Stopwatch.GetElapsedTime(before).TotalSeconds);
        before = Stopwatch.GetTimestamp();
        described = WithText(described, image);
        if (parts.Texts is not null) times.Text = Stopwatch.GetElapsedTime(before).TotalSeconds;
        return described;
    }

    /// <summary>Describes a reference, or finds its description in the cache.</summary>
    public ImageFeatures? DescribeReference(string name, string path) => ReadBytes(name, path) is { } bytes ? DescribeReference(bytes, () => Decode(name, bytes)) : null;

    /// <inheritdoc cref="DescribeReference(string, string)"/>
    public ImageFeatures? DescribeReference(SourcePicture picture) => ReadBytes(picture) is { } bytes ? DescribeReference(bytes, () => Decode(picture.Name, bytes)) : null;

    /// <inheritdoc cref="DescribeReference(string, string)"/>
    public ImageFeatures? DescribeReference(byte[] bytes, Func<RgbImage?> decode)
    {
        if (cache?.Find(Convert.ToHexStringLower(SHA256.HashData(bytes)), parts.Texts is not null) is { } known) return known;
        if (decode() is not { } image) return null;
        ImageFeatures described = DescribeAsKept(bytes, image);
        cache?.Keep(described);
        return AsStored(described);
    }

    public RgbImage? Load(string name, string path) => ReadBytes(name, path) is { } bytes ? Decode(name, bytes) : null;

    /// <summary>Maps each item on several threads and reports progress; results keep the items' order.</summary>
    public TResult[] Map<TItem, TResult>(string stage, IReadOnlyList<TItem> items, Func<TItem, TResult> map)
    {
        var results = new TResult[items.Count];
        int done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, items.Count, options, i =>
        {
            results[i] = map(items[i]);
            progress?.Report(new EvaluationProgress(stage, Interlocked.Increment(ref done), items.Count));
        });
        return results;
    }

    /// <summary>A reference is compared as an installation keeps it.</summary>
    private ImageFeatures AsStored(ImageFeatures image) => FeatureFormat.Read(image.Sha256, parts.Reader.Model, FeatureFormat.Write(image)) with { Text = image.Text };

    private ImageFeatures DescribeAsKept(byte[] bytes, RgbImage image) => WithText(parts.Reader.Describe(Convert.ToHexStringLower(SHA256.HashData(bytes)), image), image);

    private ImageFeatures WithText(ImageFeatures described, RgbImage image) =>
        parts.Texts is { } reader ? described with { Text = OcrText.Of(reader.Read(image), image.Width, image.Height) } : described;

    private byte[]? ReadBytes(string name, string path) => ReadBytes(new SourcePicture(name, name, () => File.ReadAllBytes(path)));

    private byte[]? ReadBytes(SourcePicture picture)
    {
        try
        {
            return picture.Read();
        }
        catch (IOException e)
        {
            _unread.Add(new UnreadPicture(picture.Name, e.Message));
        }
        catch (UnauthorizedAccessException e)
        {
            _unread.Add(new UnreadPicture(picture.Name, e.Message));
        }
        return null;
    }

    private RgbImage? Decode(string name, byte[] bytes)
    {
        DecodeOutcome outcome = parts.Reader.Decode(bytes);
        if (outcome.Image is null) _unread.Add(new UnreadPicture(name, outcome.Detail ?? outcome.Failure?.ToString() ?? "not decoded"));
        return outcome.Image;
    }
}
