using System.Buffers;

namespace Touchstone.Vision.Imaging.Libvips;

/// <summary>
/// One libvips operation: named, given its arguments by property, built. A failure of the build is turned into a
/// <see cref="VipsException"/> here and nowhere else. Not thread-safe; make, run and dispose it in one method. Bytes given to
/// <see cref="Set(string, ReadOnlyMemory{byte})"/> stay pinned until disposal, and lazy images that read them must be written before it.
/// </summary>
internal sealed unsafe class VipsOperation : IDisposable
{
    private readonly string _name;
    private readonly List<MemoryHandle> _pins = [];
    private VipsOperationHandle _handle;

    internal VipsOperation(string name)
    {
        VipsRuntime.EnsureStarted();
        _name = name;
        _handle = VipsImports.OperationNew(name);
        if (_handle.IsInvalid) throw new VipsException(name, VipsRuntime.TakeError());
    }

    internal VipsOperation Set(string argument, bool state)
    {
        GValue value = default;
        VipsImports.GValueInit(ref value, GType.Boolean);
        VipsImports.GValueSetBoolean(ref value, state ? 1 : 0);
        return Assign(argument, ref value);
    }

    internal VipsOperation Set(string argument, int number)
    {
        GValue value = default;
        VipsImports.GValueInit(ref value, GType.Int);
        VipsImports.GValueSetInt(ref value, number);
        return Assign(argument, ref value);
    }

    internal VipsOperation Set(string argument, double number)
    {
        GValue value = default;
        VipsImports.GValueInit(ref value, GType.Double);
        VipsImports.GValueSetDouble(ref value, number);
        return Assign(argument, ref value);
    }

    /// <summary>Sets a text, or a member of an enumeration or of flags by its nickname, as the argument's type asks.</summary>
    internal VipsOperation Set(string argument, string text)
    {
        GValue value = default;
        nuint type = TypeOf(argument);
        nuint fundamental = VipsImports.GTypeFundamental(type);
        VipsImports.GValueInit(ref value, type);
        if (fundamental == GType.Enum) VipsImports.GValueSetEnum(ref value, Named(VipsImports.EnumFromNick(_name, type, text)));
        else if (fundamental == GType.Flags) VipsImports.GValueSetFlags(ref value, (uint)Named(VipsImports.FlagsFromNick(_name, type, text)));
        else VipsImports.GValueSetString(ref value, text);
        return Assign(argument, ref value);
    }

    internal VipsOperation Set(string argument, VipsImageHandle image)
    {
        GValue value = default;
        VipsImports.GValueInit(ref value, VipsImports.ImageGetType());
        VipsImports.GValueSetObject(ref value, image);
        return Assign(argument, ref value);
    }

    internal VipsOperation Set(string argument, ReadOnlySpan<double> numbers)
    {
        GValue value = default;
        VipsImports.GValueInit(ref value, VipsImports.ArrayDoubleGetType());
        fixed (double* first = numbers) VipsImports.ValueSetArrayDouble(ref value, first, numbers.Length);
        return Assign(argument, ref value);
    }

    internal VipsOperation Set(string argument, ReadOnlyMemory<byte> bytes)
    {
        MemoryHandle pin = bytes.Pin();
        _pins.Add(pin);
        GValue value = default;
        VipsImports.GValueInit(ref value, VipsImports.BlobGetType());
        VipsImports.ValueSetBlob(ref value, 0, (nint)pin.Pointer, (nuint)bytes.Length);
        return Assign(argument, ref value);
    }

    /// <summary>Builds the operation and returns its image, whose pixels are computed when it is written.</summary>
    internal VipsImageHandle Image()
    {
        Build();
        GValue value = default;
        VipsImports.GValueInit(ref value, VipsImports.ImageGetType());
        try
        {
            VipsImports.GObjectGetProperty(_handle, "out", ref value);
            return new VipsImageHandle(VipsImports.GValueDupObject(value));
        }
        finally
        {
            VipsImports.GValueUnset(ref value);
            VipsImports.ObjectUnrefOutputs(_handle);
        }
    }

    /// <summary>Builds a saver and returns the bytes that it wrote.</summary>
    internal byte[] Bytes()
    {
        Build();
        GValue value = default;
        VipsImports.GValueInit(ref value, VipsImports.BlobGetType());
        try
        {
            VipsImports.GObjectGetProperty(_handle, "buffer", ref value);
            nint bytes = VipsImports.ValueGetBlob(value, out nuint length);
            return new ReadOnlySpan<byte>((void*)bytes, checked((int)length)).ToArray();
        }
        finally
        {
            VipsImports.GValueUnset(ref value);
            VipsImports.ObjectUnrefOutputs(_handle);
        }
    }

    public void Dispose()
    {
        _handle.Dispose();
        foreach (MemoryHandle pin in _pins) pin.Dispose();
        _pins.Clear();
    }

    private int Named(int member) => member >= 0 ? member : throw new VipsException(_name, VipsRuntime.TakeError());

    /// <summary>The GLib type of an argument. An unknown name is an error here, where GLib itself would only print a warning.</summary>
    private nuint TypeOf(string argument)
    {
        if (VipsImports.ObjectGetArgument(_handle, argument, out VipsImports.ParamSpec* spec, out _, out _) != 0)
            throw new VipsException(_name, VipsRuntime.TakeError());
        return spec->ValueType;
    }

    private VipsOperation Assign(string argument, ref GValue value)
    {
        _ = TypeOf(argument);
        VipsImports.GObjectSetProperty(_handle, argument, value);
        VipsImports.GValueUnset(ref value);
        return this;
    }

    private void Build()
    {
        // The build takes the reference over and may answer with another operation, so the handle gives its own away.
        nint operation = _handle.DangerousGetHandle();
        if (VipsImports.CacheOperationBuild(ref operation) != 0)
        {
            VipsImports.ObjectUnrefOutputs(_handle);
            throw new VipsException(_name, VipsRuntime.TakeError());
        }

        if (operation == _handle.DangerousGetHandle()) return;
        _handle.SetHandleAsInvalid();
        _handle = VipsOperationHandle.Owning(operation);
    }
}
