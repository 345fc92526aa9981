using System.Runtime.InteropServices;

namespace Touchstone.Vision.Inference.OnnxRuntime;

/// <summary>An owned ONNX Runtime object; released exactly once, by the release function of its kind.</summary>
internal abstract class OrtHandle : SafeHandle
{
    private readonly OrtApi _api;
    private readonly OrtSlot _release;

    protected OrtHandle(OrtApi api, nint handle, OrtSlot release)
        : base(0, ownsHandle: true)
    {
        _api = api;
        _release = release;
        SetHandle(handle);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Lends the pointer for one native call: the object is not released before the lease ends.</summary>
    internal Lease Borrow() => new(this);

    protected override unsafe bool ReleaseHandle()
    {
        ((delegate* unmanaged[Cdecl]<nint, void>)_api.Function(_release))(handle);
        return true;
    }

    internal readonly ref struct Lease
    {
        private readonly OrtHandle _owner;

        internal Lease(OrtHandle owner)
        {
            bool added = false;
            owner.DangerousAddRef(ref added);
            _owner = owner;
        }

        internal nint Pointer => _owner.handle;

        public void Dispose() => _owner.DangerousRelease();
    }
}

internal sealed class OrtEnvHandle(OrtApi api, nint handle) : OrtHandle(api, handle, OrtSlot.ReleaseEnv);

internal sealed class OrtSessionOptionsHandle(OrtApi api, nint handle) : OrtHandle(api, handle, OrtSlot.ReleaseSessionOptions);

internal sealed class OrtSessionHandle(OrtApi api, nint handle) : OrtHandle(api, handle, OrtSlot.ReleaseSession);

internal sealed class OrtMemoryHandle(OrtApi api, nint handle) : OrtHandle(api, handle, OrtSlot.ReleaseMemoryInfo);

internal sealed class OrtValueHandle(OrtApi api, nint handle) : OrtHandle(api, handle, OrtSlot.ReleaseValue);

internal sealed class OrtTypeHandle(OrtApi api, nint handle) : OrtHandle(api, handle, OrtSlot.ReleaseTypeInfo);

internal sealed class OrtShapeHandle(OrtApi api, nint handle) : OrtHandle(api, handle, OrtSlot.ReleaseTensorTypeAndShapeInfo);
