using Touchstone.Evaluation.Drawing;
using Touchstone.Evaluation.Galleries;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.MarkRegister;

/// <summary>A photo to ask with. Mark: the number of the drawn one that it shows; null where it shows none.</summary>
internal sealed record AskedPhoto(byte[] Bytes, int? Mark)
{
    private const int Grounds = 60;

    /// <summary>Drawn marks laid on photos, and as many photos as they are, in turns. Deterministic for a seed.</summary>
    public static AskedPhoto[] Make(GalleryBenchOptions options, DrawnRegister register, FeatureExtractor reader)
    {
        PictureSets sets = PictureSets.Read(options.ImageFolder);
        var random = new Random(options.Seed);
        SetPicture[] grounds = [.. sets.Pictures.Where(p => !p.HeldBack)], strangers = [.. sets.HeldBack];
        random.Shuffle(grounds);
        random.Shuffle(strangers);
        // Photos come before cut-outs.
        RgbImage[] read = [.. grounds.OrderBy(p => p.IsProduct).Take(Grounds).Select(p => reader.Decode(File.ReadAllBytes(p.Path)).Image).OfType<RgbImage>()];
        strangers = [.. strangers.OrderBy(p => p.IsProduct)];
        if (read.Length == 0 || strangers.Length == 0) throw new InvalidDataException($"{options.ImageFolder} has no readable photos to lay marks on, or none to ask with.");
        var asked = new AskedPhoto[2 * options.Photos];
        for (int i = 0; i < options.Photos; i++)
        {
            var chance = new Random(unchecked((options.Seed * 1_000_003) + i));
            int mark = random.Next(options.Drawn);
            asked[2 * i] = new AskedPhoto(ImageEncoder.Jpeg(new SceneMaker(read, chance).Photo(register.Mark(mark).Printed(chance), 0.4, 0.9), 90), mark);
            asked[(2 * i) + 1] = new AskedPhoto(File.ReadAllBytes(strangers[i % strangers.Length].Path), null);
        }
        return asked;
    }
}
