namespace Touchstone.Index.Segments;

/// <summary>Why a segment file cannot be used.</summary>
public enum SegmentFault
{
    /// <summary>There is no such file, or it may not be read.</summary>
    Unreadable,

    /// <summary>Not a segment file, or one whose header is damaged.</summary>
    NotASegment,

    /// <summary>Another version of the program wrote it.</summary>
    OtherVersion,

    /// <summary>It holds another kind of contents.</summary>
    OtherKind,

    /// <summary>Its contents were made by another model.</summary>
    OtherSpace,

    /// <summary>It is shorter or longer than its header says.</summary>
    WrongLength,

    /// <summary>A section is missing, is shaped otherwise than its kind demands, or does not have its checksum.</summary>
    Corrupt,
}

/// <summary>A segment file cannot be used. The message says which file, what is wrong and what to do; the file can always be made again from what it was made of.</summary>
public sealed class SegmentFileException : Exception
{
    public SegmentFileException(string path, SegmentFault fault, string what, Exception? inner = null)
        : base($"The segment file {path} cannot be used: {what}. {(fault == SegmentFault.Unreadable ? "Give the program access to it" : "Name the right file")} or have it built again.", inner)
    {
        Path = path;
        Fault = fault;
    }

    public string Path { get; }

    public SegmentFault Fault { get; }
}
