using Microsoft.ML.OnnxRuntime.Tensors;

namespace Touchstone.Vision.Inference;

/// <summary>An input or output as a model declares it. A free dimension is −1.</summary>
public sealed record TensorSpec(string Name, TensorElementType Type, IReadOnlyList<long> Shape);

/// <summary>A named float32 tensor, row-major; <c>Data</c> holds the product of <c>Shape</c> values. The buffers belong to the tensor.</summary>
public sealed record NamedTensor(string Name, float[] Data, long[] Shape);
