using System.Runtime.InteropServices;

namespace Touchstone.Vision.Inference.OnnxRuntime;

/// <summary>
/// The imports from ONNX Runtime: the one exported symbol, and the table of functions behind it, called by <see cref="OrtSlot"/>.
/// Handles go in and come out; every status is checked in <see cref="Check"/>. Thread-safe, as the C API is.
/// </summary>
internal sealed unsafe partial class OrtApi
{
    // The version of the table asked for; older runtimes refuse it, newer ones serve it.
    private const uint ApiVersion = 17;

    private static readonly Lazy<OrtApi> Shared = new(() => new OrtApi());

    private readonly nint* _table;
    private readonly nint _allocator;

    static OrtApi() => NativeLibraries.Register();

    private OrtApi()
    {
        ApiBase* root = OrtGetApiBase();
        Version = Marshal.PtrToStringUTF8(root->GetVersionString()) ?? "unknown";
        _table = root->GetApi(ApiVersion);
        if (_table is null) throw new NativeLibraryMissingException($"ONNX Runtime {Version} does not serve version {ApiVersion} of its C API. Run 'npm ci --ignore-scripts' in native/ and build again.");
        nint allocator;
        Check(((delegate* unmanaged[Cdecl]<nint*, nint>)Function(OrtSlot.GetAllocatorWithDefaultOptions))(&allocator));
        _allocator = allocator;
        nint memory;
        Check(((delegate* unmanaged[Cdecl]<int, int, nint*, nint>)Function(OrtSlot.CreateCpuMemoryInfo))(ArenaAllocator, DefaultMemory, &memory));
        Memory = new OrtMemoryHandle(this, memory);
        Environment = CreateEnvironment();
    }

    private const int ArenaAllocator = 1;
    private const int DefaultMemory = 0;
    private const int LogErrors = 3;
    private const int AllOptimizations = 99;

    /// <exception cref="NativeLibraryMissingException">The library is absent or too old.</exception>
    internal static OrtApi Instance => Shared.Value;

    internal string Version { get; }

    internal OrtMemoryHandle Memory { get; }

    internal OrtEnvHandle Environment { get; }

    internal nint Function(OrtSlot slot) => _table[(int)slot];

    internal OrtSessionOptionsHandle CreateSessionOptions(int intraOpThreads)
    {
        nint pointer;
        Check(((delegate* unmanaged[Cdecl]<nint*, nint>)Function(OrtSlot.CreateSessionOptions))(&pointer));
        OrtSessionOptionsHandle options = new(this, pointer);
        SetOption(options, OrtSlot.SetIntraOpNumThreads, intraOpThreads);
        SetOption(options, OrtSlot.SetInterOpNumThreads, 1);
        SetOption(options, OrtSlot.SetSessionGraphOptimizationLevel, AllOptimizations);
        SetOption(options, OrtSlot.SetSessionLogSeverityLevel, LogErrors);
        // Threads that wait for work sleep: the machine is shared with crawling and indexing.
        AddConfigEntry(options, "session.intra_op.allow_spinning"u8, "0"u8);
        // Processors without 8-bit dot products would cut off sums of 8-bit models; there the runtime takes a slower way that is exact.
        AddConfigEntry(options, "session.x64quantprecision"u8, "1"u8);
        return options;
    }

    internal OrtSessionHandle CreateSession(string path, OrtSessionOptionsHandle options)
    {
        using OrtHandle.Lease environment = Environment.Borrow();
        using OrtHandle.Lease settings = options.Borrow();
        nint name = OperatingSystem.IsWindows() ? Marshal.StringToCoTaskMemUni(path) : Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            nint session;
            Check(((delegate* unmanaged[Cdecl]<nint, nint, nint, nint*, nint>)Function(OrtSlot.CreateSession))(environment.Pointer, name, settings.Pointer, &session));
            return new OrtSessionHandle(this, session);
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    internal int Count(OrtSessionHandle session, OrtSlot slot)
    {
        using OrtHandle.Lease lease = session.Borrow();
        nuint count;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)Function(slot))(lease.Pointer, &count));
        return (int)count;
    }

    internal string Name(OrtSessionHandle session, OrtSlot slot, int index)
    {
        using OrtHandle.Lease lease = session.Borrow();
        nint text;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nint, nint*, nint>)Function(slot))(lease.Pointer, (nuint)index, _allocator, &text));
        string name = Marshal.PtrToStringUTF8(text) ?? string.Empty;
        Check(((delegate* unmanaged[Cdecl]<nint, nint, nint>)Function(OrtSlot.AllocatorFree))(_allocator, text));
        return name;
    }

    /// <summary>The element type and shape that a session declares for one of its inputs or outputs; a free dimension is −1.</summary>
    internal (TensorElementType Type, long[] Shape) Describe(OrtSessionHandle session, OrtSlot slot, int index)
    {
        using OrtHandle.Lease lease = session.Borrow();
        nint pointer;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)Function(slot))(lease.Pointer, (nuint)index, &pointer));
        using OrtTypeHandle type = new(this, pointer);
        using OrtHandle.Lease typeLease = type.Borrow();
        nint shape;
        Check(((delegate* unmanaged[Cdecl]<nint, nint*, nint>)Function(OrtSlot.CastTypeInfoToTensorInfo))(typeLease.Pointer, &shape));
        // Not a tensor (a sequence or map): no element type. The shape belongs to the type and is not released by itself.
        return shape == 0 ? (TensorElementType.Undefined, []) : ReadShape(shape);
    }

    internal OrtValueHandle CreateTensor(void* data, nuint bytes, ReadOnlySpan<long> shape, TensorElementType type)
    {
        using OrtHandle.Lease memory = Memory.Borrow();
        nint value;
        fixed (long* dimensions = shape)
        {
            Check(((delegate* unmanaged[Cdecl]<nint, void*, nuint, long*, nuint, int, nint*, nint>)Function(OrtSlot.CreateTensorWithDataAsOrtValue))(
                memory.Pointer, data, bytes, dimensions, (nuint)shape.Length, (int)type, &value));
        }

        return new OrtValueHandle(this, value);
    }

    internal OrtValueHandle[] Run(OrtSessionHandle session, ReadOnlySpan<nint> inputNames, ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputNames)
    {
        using OrtHandle.Lease lease = session.Borrow();
        nint[] outputs = new nint[outputNames.Length];
        fixed (nint* names = inputNames, values = inputs, outNames = outputNames, outValues = outputs)
        {
            Check(((delegate* unmanaged[Cdecl]<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)Function(OrtSlot.Run))(
                lease.Pointer, 0, names, values, (nuint)inputs.Length, outNames, (nuint)outputs.Length, outValues));
        }

        return Array.ConvertAll(outputs, value => new OrtValueHandle(this, value));
    }

    /// <summary>Copies a float tensor out of the runtime's memory.</summary>
    /// <exception cref="OnnxRuntimeException">The value is no float tensor.</exception>
    internal (float[] Data, long[] Shape) ReadTensor(OrtValueHandle value)
    {
        using OrtHandle.Lease lease = value.Borrow();
        nint pointer;
        Check(((delegate* unmanaged[Cdecl]<nint, nint*, nint>)Function(OrtSlot.GetTensorTypeAndShape))(lease.Pointer, &pointer));
        using OrtShapeHandle info = new(this, pointer);
        using OrtHandle.Lease infoLease = info.Borrow();
        (TensorElementType type, long[] shape) = ReadShape(infoLease.Pointer);
        if (type != TensorElementType.Float) throw new OnnxRuntimeException(OrtErrorCode.NotImplemented, $"the output holds {type}; only float outputs are read");
        nuint count;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)Function(OrtSlot.GetTensorShapeElementCount))(infoLease.Pointer, &count));
        nint data;
        Check(((delegate* unmanaged[Cdecl]<nint, nint*, nint>)Function(OrtSlot.GetTensorMutableData))(lease.Pointer, &data));
        return (new ReadOnlySpan<float>((void*)data, checked((int)count)).ToArray(), shape);
    }

    [LibraryImport(NativeLibraries.OnnxRuntime)]
    [UnmanagedCallConv(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static partial ApiBase* OrtGetApiBase();

    private OrtEnvHandle CreateEnvironment()
    {
        nint environment;
        fixed (byte* name = "touchstone"u8)
            Check(((delegate* unmanaged[Cdecl]<int, byte*, nint*, nint>)Function(OrtSlot.CreateEnv))(LogErrors, name, &environment));
        return new OrtEnvHandle(this, environment);
    }

    private void SetOption(OrtSessionOptionsHandle options, OrtSlot slot, int value)
    {
        using OrtHandle.Lease lease = options.Borrow();
        Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)Function(slot))(lease.Pointer, value));
    }

    private void AddConfigEntry(OrtSessionOptionsHandle options, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        using OrtHandle.Lease lease = options.Borrow();
        fixed (byte* keyText = key, valueText = value)
            Check(((delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint>)Function(OrtSlot.AddSessionConfigEntry))(lease.Pointer, keyText, valueText));
    }

    private (TensorElementType Type, long[] Shape) ReadShape(nint info)
    {
        int type;
        Check(((delegate* unmanaged[Cdecl]<nint, int*, nint>)Function(OrtSlot.GetTensorElementType))(info, &type));
        nuint rank;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)Function(OrtSlot.GetDimensionsCount))(info, &rank));
        long[] shape = new long[(int)rank];
        fixed (long* dimensions = shape)
            Check(((delegate* unmanaged[Cdecl]<nint, long*, nuint, nint>)Function(OrtSlot.GetDimensions))(info, dimensions, rank));
        return ((TensorElementType)type, shape);
    }

    /// <summary>The one place where a native failure becomes an exception: a status that is not null is an error.</summary>
    private void Check(nint status)
    {
        if (status == 0) return;
        OrtErrorCode code = (OrtErrorCode)((delegate* unmanaged[Cdecl]<nint, int>)Function(OrtSlot.GetErrorCode))(status);
        nint text = ((delegate* unmanaged[Cdecl]<nint, nint>)Function(OrtSlot.GetErrorMessage))(status);
        string message = Marshal.PtrToStringUTF8(text) ?? "no message";
        ((delegate* unmanaged[Cdecl]<nint, void>)Function(OrtSlot.ReleaseStatus))(status);
        throw new OnnxRuntimeException(code, message);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ApiBase
    {
        public delegate* unmanaged[Cdecl]<uint, nint*> GetApi;
        public delegate* unmanaged[Cdecl]<nint> GetVersionString;
    }
}
