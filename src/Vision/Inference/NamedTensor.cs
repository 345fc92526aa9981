namespace Touchstone.Vision.Inference;

/// <summary>The element types of ONNX tensors (<c>ONNXTensorElementDataType</c>).</summary>
public enum TensorElementType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
}

/// <summary>An input or output as a model declares it. A free dimension is −1.</summary>
public sealed record TensorSpec(string Name, TensorElementType Type, IReadOnlyList<long> Shape);

/// <summary>A named float32 tensor, row-major; <c>Data</c> holds the product of <c>Shape</c> values. The buffers belong to the tensor.</summary>
public sealed record NamedTensor(string Name, float[] Data, long[] Shape);
