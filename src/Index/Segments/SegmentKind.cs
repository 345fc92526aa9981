namespace Touchstone.Index.Segments;

/// <summary>What a segment file holds: a name such as <c>keypoints</c> (1 to 32 bytes of UTF-8) and the version of its sections' layout, at least 1.</summary>
public sealed record SegmentKind(string Name, int Version)
{
    public override string ToString() => $"{Name} version {Version}";
}
