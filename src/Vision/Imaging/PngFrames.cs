using System.Buffers.Binary;
using NetVips;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// The frames of an animated PNG as they are shown, one laid over the other. libvips reads only the picture that programs without animation show. One reader at a time.
/// Source: PNG specification, third edition, sections 11.3.6 and 12.6.
/// </summary>
internal sealed class PngFrames
{
    private const int ControlLength = 26, SequenceLength = 4;
    private const byte ToBackground = 1, ToPrevious = 2, Over = 1;

    // Two pictures of four bytes a pixel are held while the frames are laid.
    private const long MaxPixels = 16_000_000;

    private readonly byte[] _header;
    private readonly int _width;
    private readonly int _height;
    private readonly double _exponent;
    private readonly List<Frame> _frames = [];
    private byte[] _before = [];

    private PngFrames(ReadOnlySpan<byte> header, double exponent)
    {
        _exponent = exponent;
        _header = header.ToArray();
        _width = BinaryPrimitives.ReadInt32BigEndian(header);
        _height = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
    }

    internal int Count => _frames.Count;

    /// <summary>Whether the control chunk stands where it counts: before the first data.</summary>
    internal static bool IsAnimated(ReadOnlySpan<byte> file)
    {
        for (PngChunks chunks = new(file); chunks.Next();)
        {
            if (chunks.Is("acTL"u8)) return true;
            if (chunks.Is("IDAT"u8) || !chunks.IsWhole) return false;
        }

        return false;
    }

    /// <summary>Null where the header cannot be read, a frame leaves the picture, or the limits do not allow it.</summary>
    internal static PngFrames? Of(ReadOnlySpan<byte> file, DecodeOptions options)
    {
        ReadOnlySpan<byte> header = PngChunks.Header(file);
        if (header.IsEmpty) return null;
        var frames = new PngFrames(header, PngGamma.Exponent(file));
        if (frames._width <= 0 || frames._height <= 0 || (long)frames._width * frames._height > Math.Min(MaxPixels, options.MaxPixels)) return null;
        bool data = false;
        using MemoryStream before = new();
        for (PngChunks chunks = new(file); chunks.Next();)
        {
            ReadOnlySpan<byte> content = chunks.Content;
            if (chunks.Is("fcTL"u8))
            {
                if (content.Length < ControlLength || frames.Count >= options.MaxFrames || !frames.Begin(content)) return null;
            }
            else if (chunks.Is("IDAT"u8))
            {
                data = true;
                // Without a control chunk before it the picture of the file is no frame.
                if (frames.Count > 0) frames._frames[^1].Data.Write(content);
            }
            else if (chunks.Is("fdAT"u8) && content.Length > SequenceLength && frames.Count > 0)
            {
                frames._frames[^1].Data.Write(content[SequenceLength..]);
            }
            else if (!data && !chunks.Is("IHDR"u8) && !chunks.Is("acTL"u8))
            {
                PngChunks.Write(before, chunks.Type, content);
            }
        }

        frames._before = before.ToArray();
        frames._frames.RemoveAll(static frame => frame.Data.Length == 0);
        return frames;
    }

    /// <summary>Hands out each frame as it is shown, in order; the pixels are only lent.</summary>
    /// <exception cref="VipsException">A frame cannot be read.</exception>
    internal void Show(Action<int, RgbaImage> take, DecodeDeadline deadline)
    {
        var canvas = new RgbaImage(_width, _height, new byte[(long)_width * _height * 4]);
        byte[]? kept = null;
        for (int i = 0; i < _frames.Count; i++)
        {
            deadline.ThrowIfPassed();
            Frame frame = _frames[i];
            if (frame.Dispose == ToPrevious) canvas.Pixels.CopyTo(kept ??= new byte[canvas.Pixels.Length], 0);
            Lay(frame, Decode(frame), canvas);
            take(i, canvas);
            if (frame.Dispose == ToPrevious) kept!.CopyTo(canvas.Pixels, 0);
            if (frame.Dispose != ToBackground) continue;
            for (int y = 0; y < frame.Height; y++) canvas.Pixels.AsSpan((((frame.Y + y) * _width) + frame.X) * 4, frame.Width * 4).Clear();
        }
    }

    private bool Begin(ReadOnlySpan<byte> control)
    {
        int Number(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadInt32BigEndian(at);
        var frame = new Frame(Number(control[4..]), Number(control[8..]), Number(control[12..]), Number(control[16..]), control[24], control[25] == Over, new MemoryStream());
        if (frame.Width <= 0 || frame.Height <= 0 || frame.X < 0 || frame.Y < 0 || frame.X > _width - frame.Width || frame.Y > _height - frame.Height) return false;
        _frames.Add(frame);
        return true;
    }

    private byte[] Decode(Frame frame)
    {
        BinaryPrimitives.WriteInt32BigEndian(_header, frame.Width);
        BinaryPrimitives.WriteInt32BigEndian(_header.AsSpan(4), frame.Height);
        using MemoryStream file = new();
        file.Write(PngChunks.Signature);
        PngChunks.Write(file, "IHDR"u8, _header);
        file.Write(_before);
        PngChunks.Write(file, "IDAT"u8, frame.Data.GetBuffer().AsSpan(0, (int)frame.Data.Length));
        PngChunks.Write(file, "IEND"u8, []);
        using Source source = Source.NewFromMemory(file.GetBuffer().AsSpan(0, (int)file.Length));
        using Image image = Image.PngloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.None);
        using Image shown = _exponent == 1 ? image.Copy() : PngGamma.Apply(image, _exponent);
        using Image colours = shown.Colourspace(Enums.Interpretation.Srgb);
        using Image clear = colours.HasAlpha() ? colours.Copy() : colours.AddAlpha();
        using Image bytes = clear.Cast(Enums.BandFormat.Uchar);
        return VipsPixels.Export(bytes);
    }

    private void Lay(Frame frame, byte[] pixels, RgbaImage canvas)
    {
        for (int y = 0; y < frame.Height; y++)
        {
            ReadOnlySpan<byte> from = pixels.AsSpan(y * frame.Width * 4, frame.Width * 4);
            Span<byte> to = canvas.Pixels.AsSpan((((frame.Y + y) * _width) + frame.X) * 4, frame.Width * 4);
            if (!frame.Over) from.CopyTo(to);
            else
            {
                for (int i = 0; i < from.Length; i += 4) LayPixel(from.Slice(i, 4), to.Slice(i, 4));
            }
        }
    }

    private static void LayPixel(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int alpha = from[3];
        if (alpha == 0) return;
        int below = to[3] * (255 - alpha) / 255, sum = alpha + below;
        for (int c = 0; c < 3; c++) to[c] = (byte)(((from[c] * alpha) + (to[c] * below)) / sum);
        to[3] = (byte)sum;
    }

    private sealed record Frame(int Width, int Height, int X, int Y, byte Dispose, bool Over, MemoryStream Data);
}
