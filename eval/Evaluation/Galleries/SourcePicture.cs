namespace Touchstone.Evaluation.Galleries;

/// <summary>A picture with its answer.</summary>
/// <param name="Name">Names it in the report.</param>
/// <param name="Label">What it shows; equal labels show the same.</param>
/// <param name="Read">Its encoded bytes; throws IOException or UnauthorizedAccessException where they cannot be had.</param>
internal sealed record SourcePicture(string Name, string Label, Func<byte[]> Read)
{
    /// <summary>Pictures of one group and one label show one thing and may be asked together; null: it is asked alone.</summary>
    public string? Group { get; init; }
}
