using System.Runtime.InteropServices;

namespace Touchstone.Vision.Imaging.Libvips;

/// <summary>
/// The imports from libvips and the GLib inside it. Functions with variable arguments are left out on purpose: their calling
/// convention differs between systems; operations are set up by property instead (<see cref="VipsOperation"/>).
/// </summary>
internal static unsafe partial class VipsImports
{
    private const string Library = NativeLibraries.Libvips;

    static VipsImports() => NativeLibraries.Register();

    [LibraryImport(Library, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Init(string program);

    [LibraryImport(Library, EntryPoint = "vips_version")]
    internal static partial int Version(int flag);

    [LibraryImport(Library, EntryPoint = "vips_concurrency_set")]
    internal static partial void ConcurrencySet(int threads);

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max")]
    internal static partial void CacheSetMax(int operations);

    [LibraryImport(Library, EntryPoint = "vips_block_untrusted_set")]
    internal static partial void BlockUntrustedSet(int state);

    [LibraryImport(Library, EntryPoint = "vips_operation_block_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void OperationBlockSet(string name, int state);

    [LibraryImport(Library, EntryPoint = "vips_error_buffer_copy")]
    internal static partial nint ErrorBufferCopy();

    [LibraryImport(Library, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial uint GLogSetHandler(string domain, int levels, nint handler, nint state);

    [LibraryImport(Library, EntryPoint = "g_free")]
    internal static partial void GFree(nint memory);

    [LibraryImport(Library, EntryPoint = "g_object_unref")]
    internal static partial void GObjectUnref(nint instance);

    [LibraryImport(Library, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void GObjectSetProperty(VipsOperationHandle operation, string name, in GValue value);

    [LibraryImport(Library, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void GObjectGetProperty(VipsOperationHandle operation, string name, ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_value_init")]
    internal static partial nint GValueInit(ref GValue value, nuint type);

    [LibraryImport(Library, EntryPoint = "g_value_unset")]
    internal static partial void GValueUnset(ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_value_set_boolean")]
    internal static partial void GValueSetBoolean(ref GValue value, int state);

    [LibraryImport(Library, EntryPoint = "g_value_set_int")]
    internal static partial void GValueSetInt(ref GValue value, int number);

    [LibraryImport(Library, EntryPoint = "g_value_set_double")]
    internal static partial void GValueSetDouble(ref GValue value, double number);

    [LibraryImport(Library, EntryPoint = "g_value_set_enum")]
    internal static partial void GValueSetEnum(ref GValue value, int number);

    [LibraryImport(Library, EntryPoint = "g_value_set_flags")]
    internal static partial void GValueSetFlags(ref GValue value, uint number);

    [LibraryImport(Library, EntryPoint = "g_value_set_string", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void GValueSetString(ref GValue value, string text);

    [LibraryImport(Library, EntryPoint = "g_value_set_object")]
    internal static partial void GValueSetObject(ref GValue value, VipsImageHandle image);

    [LibraryImport(Library, EntryPoint = "g_value_dup_object")]
    internal static partial nint GValueDupObject(in GValue value);

    [LibraryImport(Library, EntryPoint = "g_type_fundamental")]
    internal static partial nuint GTypeFundamental(nuint type);

    [LibraryImport(Library, EntryPoint = "g_signal_connect_data", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ulong GSignalConnectData(VipsImageHandle image, string signal, nint handler, nint state, nint destroy, int flags);

    [LibraryImport(Library, EntryPoint = "vips_blob_get_type")]
    internal static partial nuint BlobGetType();

    [LibraryImport(Library, EntryPoint = "vips_array_double_get_type")]
    internal static partial nuint ArrayDoubleGetType();

    [LibraryImport(Library, EntryPoint = "vips_image_get_type")]
    internal static partial nuint ImageGetType();

    [LibraryImport(Library, EntryPoint = "vips_value_set_blob")]
    internal static partial void ValueSetBlob(ref GValue value, nint free, nint bytes, nuint length);

    [LibraryImport(Library, EntryPoint = "vips_value_get_blob")]
    internal static partial nint ValueGetBlob(in GValue value, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_value_set_array_double")]
    internal static partial void ValueSetArrayDouble(ref GValue value, double* numbers, int count);

    [LibraryImport(Library, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial VipsOperationHandle OperationNew(string name);

    [LibraryImport(Library, EntryPoint = "vips_cache_operation_buildp")]
    internal static partial int CacheOperationBuild(ref nint operation);

    [LibraryImport(Library, EntryPoint = "vips_object_unref_outputs")]
    internal static partial void ObjectUnrefOutputs(VipsOperationHandle operation);

    [LibraryImport(Library, EntryPoint = "vips_object_get_argument", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ObjectGetArgument(VipsOperationHandle operation, string name, out ParamSpec* spec, out nint argumentClass, out nint argumentInstance);

    [LibraryImport(Library, EntryPoint = "vips_enum_from_nick", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int EnumFromNick(string domain, nuint type, string nick);

    [LibraryImport(Library, EntryPoint = "vips_flags_from_nick", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int FlagsFromNick(string domain, nuint type, string nick);

    [LibraryImport(Library, EntryPoint = "vips_image_new_from_memory_copy")]
    internal static partial VipsImageHandle ImageNewFromMemoryCopy(byte* pixels, nuint length, int width, int height, int bands, int format);

    [LibraryImport(Library, EntryPoint = "vips_image_write_to_memory")]
    internal static partial nint ImageWriteToMemory(VipsImageHandle image, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_image_get_width")]
    internal static partial int ImageGetWidth(VipsImageHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_height")]
    internal static partial int ImageGetHeight(VipsImageHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_bands")]
    internal static partial int ImageGetBands(VipsImageHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_format")]
    internal static partial int ImageGetFormat(VipsImageHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_hasalpha")]
    internal static partial int ImageHasAlpha(VipsImageHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_n_pages")]
    internal static partial int ImageGetPages(VipsImageHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_orientation")]
    internal static partial int ImageGetOrientation(VipsImageHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_typeof", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nuint ImageGetTypeof(VipsImageHandle image, string field);

    [LibraryImport(Library, EntryPoint = "vips_image_get_interpretation")]
    internal static partial int ImageGetInterpretation(VipsImageHandle image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_blob", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ImageGetBlob(VipsImageHandle image, string field, out nint bytes, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_image_set_blob_copy", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void ImageSetBlobCopy(VipsImageHandle image, string field, byte[] bytes, nuint length);

    [LibraryImport(Library, EntryPoint = "vips_image_set_progress")]
    internal static partial void ImageSetProgress(VipsImageHandle image, int state);

    [LibraryImport(Library, EntryPoint = "vips_image_set_kill")]
    internal static partial void ImageSetKill(nint image, int state);

    /// <summary>The head of a GParamSpec (<c>gparam.h</c>): only the type of the value is read.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ParamSpec
    {
        public nint Class;
        public nint Name;
        public uint Flags;
        public nuint ValueType;
    }
}
