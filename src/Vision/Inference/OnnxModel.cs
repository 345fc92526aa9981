using System.Runtime.InteropServices;
using Touchstone.Vision.Inference.OnnxRuntime;

namespace Touchstone.Vision.Inference;

/// <summary>How a model runs.</summary>
public sealed record OnnxModelOptions
{
    /// <summary>Threads inside one call. 1 to 64, default 1: throughput comes from concurrent calls.</summary>
    public int IntraOpThreads { get; init; } = 1;
}

/// <summary>
/// A model loaded into ONNX Runtime. Input and output: named float32 tensors. Safe for concurrent <see cref="Run"/> calls; dispose it
/// after the last one. Deterministic for equal input, thread count and machine. Throws <see cref="OnnxRuntimeException"/> where the runtime refuses.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    private readonly OrtApi _api;
    private readonly OrtSessionHandle _session;

    private OnnxModel(OrtApi api, OrtSessionHandle session)
    {
        _api = api;
        _session = session;
        Inputs = Describe(OrtSlot.SessionGetInputCount, OrtSlot.SessionGetInputName, OrtSlot.SessionGetInputTypeInfo);
        Outputs = Describe(OrtSlot.SessionGetOutputCount, OrtSlot.SessionGetOutputName, OrtSlot.SessionGetOutputTypeInfo);
    }

    public IReadOnlyList<TensorSpec> Inputs { get; }

    public IReadOnlyList<TensorSpec> Outputs { get; }

    /// <exception cref="OnnxRuntimeException">The file is absent or is no model that the runtime reads.</exception>
    /// <exception cref="NativeLibraryMissingException">ONNX Runtime itself is absent.</exception>
    public static OnnxModel Load(string path, OnnxModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxModelOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.IntraOpThreads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.IntraOpThreads, 64, nameof(options));
        OrtApi api = OrtApi.Instance;
        using OrtSessionOptionsHandle settings = api.CreateSessionOptions(options.IntraOpThreads);
        return new OnnxModel(api, api.CreateSession(path, settings));
    }

    /// <summary>Runs the model on all its inputs and returns the named outputs in the order asked for.</summary>
    /// <exception cref="ArgumentException">A tensor's data does not fill its shape.</exception>
    /// <exception cref="OnnxRuntimeException">A name or shape that the model does not take, or a failure inside it.</exception>
    public unsafe IReadOnlyList<NamedTensor> Run(IReadOnlyList<NamedTensor> inputs, IReadOnlyList<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        List<GCHandle> pins = [];
        List<OrtValueHandle> values = [];
        List<nint> texts = [];
        try
        {
            foreach (NamedTensor input in inputs)
            {
                CheckShape(input);
                GCHandle pin = GCHandle.Alloc(input.Data, GCHandleType.Pinned);
                pins.Add(pin);
                values.Add(_api.CreateTensor((void*)pin.AddrOfPinnedObject(), (nuint)input.Data.Length * sizeof(float), input.Shape, TensorElementType.Float));
                texts.Add(Marshal.StringToCoTaskMemUTF8(input.Name));
            }

            foreach (string output in outputs) texts.Add(Marshal.StringToCoTaskMemUTF8(output));
            nint[] names = [.. texts];
            // The handles are alive until the end of this method, so their pointers are lent without a count.
            nint[] pointers = [.. values.Select(static v => v.DangerousGetHandle())];
            OrtValueHandle[] results = _api.Run(_session, names.AsSpan(0, inputs.Count), pointers, names.AsSpan(inputs.Count));
            return Read(results, outputs);
        }
        finally
        {
            foreach (OrtValueHandle value in values) value.Dispose();
            foreach (GCHandle pin in pins) pin.Free();
            foreach (nint text in texts) Marshal.FreeCoTaskMem(text);
        }
    }

    public void Dispose() => _session.Dispose();

    private static void CheckShape(NamedTensor input)
    {
        long count = 1;
        foreach (long side in input.Shape)
        {
            if (side < 0) throw new ArgumentException($"The tensor '{input.Name}' has a side of {side}; a side is 0 or more.", nameof(input));
            count = checked(count * side);
        }

        if (count != input.Data.Length) throw new ArgumentException($"The tensor '{input.Name}' of shape {string.Join('×', input.Shape)} holds {count} values, not {input.Data.Length}.", nameof(input));
    }

    private NamedTensor[] Read(OrtValueHandle[] results, IReadOnlyList<string> outputs)
    {
        try
        {
            NamedTensor[] tensors = new NamedTensor[results.Length];
            for (int i = 0; i < results.Length; i++)
            {
                (float[] data, long[] shape) = _api.ReadTensor(results[i]);
                tensors[i] = new NamedTensor(outputs[i], data, shape);
            }

            return tensors;
        }
        finally
        {
            foreach (OrtValueHandle result in results) result.Dispose();
        }
    }

    private TensorSpec[] Describe(OrtSlot count, OrtSlot name, OrtSlot type)
    {
        TensorSpec[] specs = new TensorSpec[_api.Count(_session, count)];
        for (int i = 0; i < specs.Length; i++)
        {
            (TensorElementType element, long[] shape) = _api.Describe(_session, type, i);
            specs[i] = new TensorSpec(_api.Name(_session, name, i), element, shape);
        }

        return specs;
    }
}
