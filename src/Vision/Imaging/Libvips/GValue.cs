using System.Runtime.InteropServices;

namespace Touchstone.Vision.Imaging.Libvips;

/// <summary>A GLib value as it lies in memory: its type and two words. Zero before <c>g_value_init</c>, unset after use.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    public nuint Type;
    public long First;
    public long Second;
}

/// <summary>The fundamental types of GLib (<c>gtype.h</c>): the number shifted left by two.</summary>
internal static class GType
{
    internal const nuint Boolean = 5 << 2;
    internal const nuint Int = 6 << 2;
    internal const nuint Enum = 12 << 2;
    internal const nuint Flags = 13 << 2;
    internal const nuint Double = 15 << 2;
    internal const nuint String = 16 << 2;
    internal const nuint Object = 20 << 2;
}
