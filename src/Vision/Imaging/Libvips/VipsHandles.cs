using System.Runtime.InteropServices;

namespace Touchstone.Vision.Imaging.Libvips;

/// <summary>An owned reference to a GObject; given back exactly once.</summary>
internal abstract class GObjectHandle : SafeHandle
{
    protected GObjectHandle()
        : base(0, ownsHandle: true)
    {
    }

    protected GObjectHandle(nint handle)
        : this() => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        VipsImports.GObjectUnref(handle);
        return true;
    }
}

/// <summary>A VipsImage. Immutable to its users; libvips images may be read from several threads.</summary>
internal sealed class VipsImageHandle : GObjectHandle
{
    public VipsImageHandle()
    {
    }

    internal VipsImageHandle(nint handle)
        : base(handle)
    {
    }

    internal int Width => VipsImports.ImageGetWidth(this);

    internal int Height => VipsImports.ImageGetHeight(this);

    internal int Bands => VipsImports.ImageGetBands(this);

    internal VipsBandFormat Format => (VipsBandFormat)VipsImports.ImageGetFormat(this);

    internal bool HasAlpha => VipsImports.ImageHasAlpha(this) != 0;

    internal int Pages => VipsImports.ImageGetPages(this);

    /// <summary>The EXIF orientation, 1 to 8; 1 where there is none.</summary>
    internal int Orientation => VipsImports.ImageGetOrientation(this);

    internal VipsInterpretation Interpretation => (VipsInterpretation)VipsImports.ImageGetInterpretation(this);

    /// <summary>Whether a metadata field of that name is attached.</summary>
    internal bool Has(string field) => VipsImports.ImageGetTypeof(this, field) != 0;

    /// <summary>A copy of a binary metadata field, or null where it is absent.</summary>
    internal unsafe byte[]? ReadBlob(string field)
    {
        if (!Has(field)) return null;
        if (VipsImports.ImageGetBlob(this, field, out nint bytes, out nuint length) != 0) throw new VipsException("vips_image_get_blob", VipsRuntime.TakeError());
        return new ReadOnlySpan<byte>((void*)bytes, checked((int)length)).ToArray();
    }

    /// <summary>Attaches a binary metadata field. Only for an image that no one else holds yet.</summary>
    internal void AttachBlob(string field, byte[] bytes) => VipsImports.ImageSetBlobCopy(this, field, bytes, (nuint)bytes.Length);
}

/// <summary>A VipsOperation that is being set up.</summary>
internal sealed class VipsOperationHandle : GObjectHandle
{
    internal static VipsOperationHandle Owning(nint operation)
    {
        VipsOperationHandle owner = new();
        owner.SetHandle(operation);
        return owner;
    }
}

/// <summary>The sample types of libvips (<c>VipsBandFormat</c>).</summary>
internal enum VipsBandFormat
{
    NotSet = -1,
    UChar = 0,
    Char = 1,
    UShort = 2,
    Short = 3,
    UInt = 4,
    Int = 5,
    Float = 6,
    Complex = 7,
    Double = 8,
    DoubleComplex = 9,
}

/// <summary>What the bands of an image mean (<c>VipsInterpretation</c>); only the members that are asked for.</summary>
internal enum VipsInterpretation
{
    BlackWhite = 1,
    Cmyk = 15,
    Srgb = 22,
}
