using System.Text;
using Touchstone.Vision.Isolation;

namespace Touchstone.Vision.Imaging;

/// <summary>
/// Decoding in another process: what is asked, and what is answered, as bytes. An answer is not trusted, so each length is checked before memory is set aside
/// for it. Safe for concurrent calls.
/// </summary>
public static class IsolatedDecoding
{
    private const byte NoFailure = 255;
    private const int MaxText = 4_096;

    // Of the frames of an animation, each a PNG.
    private const int MaxAnimation = AnimationFrames.MostTaken * (8 << 20);

    // Beside the decoding's own limit: for the header, which is read before that is asked for.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>The isolated process's side: reads the request and does it there.</summary>
    public static byte[] Answer(IsolatedTask task, ReadOnlyMemory<byte> payload)
    {
        using BinaryReader reader = new(new MemoryStream(payload[..HeadLength].ToArray(), writable: false));
        DecodeOptions options = new()
        {
            MaxBytes = reader.ReadInt64(),
            MaxPixels = reader.ReadInt64(),
            MaxFrames = reader.ReadInt32(),
            MaxSide = reader.ReadInt32(),
            AllowSvg = reader.ReadBoolean(),
            // The decoder's own deadline is by the clock: the time is left to the watch over the process.
            Timeout = TimeSpan.FromMinutes(1),
        };
        ReadOnlyMemory<byte> bytes = payload[HeadLength..];
        return task == IsolatedTask.Animation ? Pack(AnimationFrames.Read(bytes, options)) : Pack(ImageDecoder.Decode(bytes, 0, options));
    }

    internal static DecodeOutcome Decode(IsolatedProcesses processes, ReadOnlyMemory<byte> bytes, DecodeOptions options)
    {
        int most = (int)Math.Min(Array.MaxLength, (3L * options.MaxSide * options.MaxSide) + (2 * MaxText) + 64);
        IsolatedAnswer answer = processes.Ask(IsolatedTask.Picture, Allowance(bytes, options), most, Head(options), bytes);
        DecodeFailure? failure = answer.End switch
        {
            IsolatedEnd.Answered => null,
            IsolatedEnd.TookTooLong => DecodeFailure.TimedOut,
            IsolatedEnd.TooMuchMemory => DecodeFailure.TooMuchMemory,
            IsolatedEnd.Broke => throw new InvalidOperationException($"The decoder broke: {answer.Detail}"),
            _ => DecodeFailure.EndedProcesses,
        };
        if (failure is null) return UnpackOutcome(answer.Payload, options);
        return new DecodeOutcome { Failure = failure, Detail = answer.Detail, MediaType = ImageFormats.MediaType(ImageFormats.Sniff(bytes.Span)) };
    }

    internal static AnimationContent ReadAnimation(IsolatedProcesses processes, ReadOnlyMemory<byte> bytes, DecodeOptions options)
    {
        IsolatedAnswer answer = processes.Ask(IsolatedTask.Animation, Allowance(bytes, options), MaxAnimation, Head(options), bytes);
        return answer.End == IsolatedEnd.Answered ? UnpackAnimation(answer.Payload) : AnimationContent.Unread;
    }

    /// <summary>Only a JPEG that is shrunk while it is read may have more pixels than the limit; it is given time in proportion.</summary>
    private static TimeSpan Allowance(ReadOnlyMemory<byte> bytes, DecodeOptions options) =>
        Grace + (options.Timeout * (ImageFormats.Sniff(bytes.Span) == ImageFormat.Jpeg ? 1 + ImageDecoder.ShrunkPixels : 1));

    private const int HeadLength = 8 + 8 + 4 + 4 + 1;

    private static byte[] Head(DecodeOptions options)
    {
        MemoryStream head = new(HeadLength);
        using BinaryWriter writer = new(head);
        writer.Write(options.MaxBytes);
        writer.Write(options.MaxPixels);
        writer.Write(options.MaxFrames);
        writer.Write(options.MaxSide);
        writer.Write(options.AllowSvg);
        writer.Flush();
        return head.ToArray();
    }

    private static byte[] Pack(DecodeOutcome outcome)
    {
        MemoryStream answer = new((outcome.Image?.Pixels.Length ?? 0) + 256);
        using BinaryWriter writer = new(answer);
        writer.Write(outcome.Failure is { } failure ? (byte)failure : NoFailure);
        WriteText(writer, outcome.Detail);
        WriteText(writer, outcome.MediaType);
        writer.Write(outcome.OriginalWidth);
        writer.Write(outcome.OriginalHeight);
        writer.Write(outcome.Image?.Width ?? 0);
        writer.Write(outcome.Image?.Height ?? 0);
        if (outcome.Image is { } image) writer.Write(image.Pixels);
        writer.Flush();
        return answer.ToArray();
    }

    private static DecodeOutcome UnpackOutcome(byte[] answer, DecodeOptions options)
    {
        using BinaryReader reader = new(new MemoryStream(answer, writable: false));
        byte failure = reader.ReadByte();
        if (failure != NoFailure && !Enum.IsDefined((DecodeFailure)failure)) throw new InvalidDataException($"The decoder names failure {failure}, which there is not.");
        DecodeOutcome outcome = new()
        {
            Failure = failure == NoFailure ? null : (DecodeFailure)failure,
            Detail = ReadText(reader),
            MediaType = ReadText(reader),
            OriginalWidth = reader.ReadInt32(),
            OriginalHeight = reader.ReadInt32(),
        };
        if (failure != NoFailure) return outcome;
        int width = Checked(reader.ReadInt32(), options.MaxSide), height = Checked(reader.ReadInt32(), options.MaxSide);
        return outcome with { Image = new RgbImage(width, height, reader.ReadBytes(width * height * 3)) };
    }

    private static byte[] Pack(AnimationContent content)
    {
        MemoryStream answer = new();
        using BinaryWriter writer = new(answer);
        writer.Write(content.IsWhole);
        writer.Write(content.Pictures.Count);
        foreach (byte[] picture in content.Pictures)
        {
            writer.Write(picture.Length);
            writer.Write(picture);
        }
        writer.Flush();
        return answer.ToArray();
    }

    private static AnimationContent UnpackAnimation(byte[] answer)
    {
        using BinaryReader reader = new(new MemoryStream(answer, writable: false));
        bool whole = reader.ReadBoolean();
        byte[][] pictures = new byte[Checked(reader.ReadInt32(), AnimationFrames.MostTaken)][];
        for (int i = 0; i < pictures.Length; i++) pictures[i] = reader.ReadBytes(Checked(reader.ReadInt32(), answer.Length));
        return new AnimationContent(pictures, whole);
    }

    private static void WriteText(BinaryWriter writer, string? text)
    {
        byte[] bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        int length = Math.Min(bytes.Length, MaxText);
        writer.Write(text is null ? -1 : length);
        writer.Write(bytes.AsSpan(0, length));
    }

    private static string? ReadText(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        return length == -1 ? null : Encoding.UTF8.GetString(reader.ReadBytes(Checked(length, MaxText)));
    }

    private static int Checked(int length, int most) => length >= 0 && length <= most ? length : throw new InvalidDataException($"The decoder sends a length of {length}; at most {most} are expected.");
}
