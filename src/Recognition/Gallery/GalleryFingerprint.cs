using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Touchstone.Recognition.Gallery;

/// <summary>A gallery's fingerprint is the exclusive or of its entries': equal for equal contents, in whatever order they came. Pure.</summary>
internal static class GalleryFingerprint
{
    public static long Of(GalleryImage image) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{image.ReferenceImageId}:{image.ReferenceId}:{image.Sha256}")));
}
