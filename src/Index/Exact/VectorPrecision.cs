namespace Touchstone.Index.Exact;

/// <summary>How an index keeps its vectors.</summary>
public enum VectorPrecision
{
    /// <summary>As given, 4 bytes a value.</summary>
    Float32,

    /// <summary>One byte a value and one scale a vector: a quarter of the memory, scores within about 0.01.</summary>
    Int8,
}
