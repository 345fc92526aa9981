using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Touchstone.Vision.Inference;

/// <summary>How a model runs.</summary>
public sealed record OnnxModelOptions
{
    /// <summary>Threads inside one call. 1 to 64, default 1: throughput comes from concurrent calls.</summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>Sums 8-bit products the slow way that every x64 processor has. Null, the default: only where this one would cut them off. The results are the same.</summary>
    public bool? WidensEightBit { get; init; }
}

/// <summary>
/// A model loaded into ONNX Runtime. Input and output: named float32 tensors. Safe for concurrent <see cref="Run"/> calls; a call that
/// runs when the model is disposed ends well, a later one is refused. Deterministic for equal input, thread count and machine. Throws
/// <see cref="OnnxRuntimeException"/>, which states the runtime's code and message, where the runtime refuses.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly Lock _gate = new();
    private int _running;
    private bool _disposed;

    private OnnxModel(InferenceSession session)
    {
        _session = session;
        Inputs = Describe(session.InputNames, session.InputMetadata);
        Outputs = Describe(session.OutputNames, session.OutputMetadata);
    }

    public IReadOnlyList<TensorSpec> Inputs { get; }

    public IReadOnlyList<TensorSpec> Outputs { get; }

    /// <exception cref="OnnxRuntimeException">The file is absent or is no model of tensors that the runtime reads.</exception>
    /// <exception cref="NativeLibraryMissingException">ONNX Runtime itself is absent.</exception>
    public static OnnxModel Load(string path, OnnxModelOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxModelOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.IntraOpThreads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.IntraOpThreads, 64, nameof(options));
        OnnxRuntimeLibrary.EnsureStarted();
        using SessionOptions settings = new()
        {
            IntraOpNumThreads = options.IntraOpThreads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Threads that wait for work sleep: the machine is shared with crawling and indexing.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        // The runtime obeys this also where the processor has 8-bit dot products, and then takes twice the time for the same result.
        if (options.WidensEightBit ?? !EightBitProducts.AreSummedWhole) settings.AddSessionConfigEntry("session.x64quantprecision", "1");
        return new OnnxModel(new InferenceSession(path, settings));
    }

    /// <summary>Runs the model on all its inputs and returns the named outputs in the order asked for.</summary>
    /// <exception cref="ArgumentException">A tensor's data does not fill its shape, or an output that is asked for holds no float32.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed before the call.</exception>
    /// <exception cref="OnnxRuntimeException">A name or shape that the model does not take, or a failure inside it.</exception>
    public IReadOnlyList<NamedTensor> Run(IReadOnlyList<NamedTensor> inputs, IReadOnlyList<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        foreach (NamedTensor input in inputs) CheckShape(input);
        foreach (TensorSpec spec in Outputs)
            if (spec.Type != TensorElementType.Float && outputs.Contains(spec.Name)) throw new ArgumentException($"The output '{spec.Name}' holds {spec.Type}; only float outputs are read.", nameof(outputs));
        Enter();
        try
        {
            return RunSession(inputs, outputs);
        }
        finally
        {
            Leave();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            if (_running == 0) Release();
        }
    }

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

    private static TensorSpec[] Describe(IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        [.. names.Select(name => new TensorSpec(name, nodes[name].ElementDataType, [.. nodes[name].Dimensions.Select(static side => (long)side)]))];

    /// <summary>The tensors go in where they lie, without a copy; what comes out is copied from the runtime's memory.</summary>
    private NamedTensor[] RunSession(IReadOnlyList<NamedTensor> inputs, IReadOnlyList<string> outputs)
    {
        string[] names = new string[inputs.Count];
        OrtValue[] values = new OrtValue[inputs.Count];
        try
        {
            for (int i = 0; i < names.Length; i++)
            {
                names[i] = inputs[i].Name;
                values[i] = OrtValue.CreateTensorValueFromMemory(inputs[i].Data, inputs[i].Shape);
            }

            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(_run, names, values, outputs);
            NamedTensor[] tensors = new NamedTensor[results.Count];
            for (int i = 0; i < tensors.Length; i++)
                tensors[i] = new NamedTensor(outputs[i], results[i].GetTensorDataAsSpan<float>().ToArray(), results[i].GetTensorTypeAndShape().Shape);
            return tensors;
        }
        finally
        {
            foreach (OrtValue? value in values) value?.Dispose();
        }
    }

    private void Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _running++;
        }
    }

    /// <summary>The last call that runs takes a disposed session along: a host that stops while a picture is read must not crash.</summary>
    private void Leave()
    {
        lock (_gate)
        {
            if (--_running == 0 && _disposed) Release();
        }
    }

    private void Release()
    {
        _run.Dispose();
        _session.Dispose();
    }
}
