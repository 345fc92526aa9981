using System.Runtime.InteropServices;

namespace Touchstone.Index.Keypoints;

/// <summary>A reference's keypoint in its cell. Geometry: see <see cref="KeypointGeometry"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Posting(int Row, ulong Signature, byte Geometry);
