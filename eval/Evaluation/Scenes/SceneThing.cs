using Touchstone.Evaluation.Drawing;
using Touchstone.Evaluation.Galleries;
using Touchstone.Evaluation.Robustness;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Scenes;

/// <summary>A thing that is enrolled or photographed.</summary>
/// <param name="Reference">The picture by which it is enrolled, encoded.</param>
/// <param name="Cut">The thing without its surroundings, as the scene shows it.</param>
internal sealed record SceneThing(string Name, Func<byte[]> Reference, Func<Random, RgbaImage> Cut)
{
    private static readonly ImageDecoder Decoder = new();

    /// <summary>The held-back products.</summary>
    public static IEnumerable<SceneThing> Products(PictureSets sets) => sets.HeldBack.Where(picture => picture.IsProduct).Select(picture => new SceneThing(
        picture.Name,
        () => File.ReadAllBytes(picture.Path),
        _ => CutOut.Of(Decoder.Decode(File.ReadAllBytes(picture.Path)).Image ?? throw new IOException($"{picture.Path} could not be decoded."))));

    /// <summary>The held-back marks that are drawn as one path, every other with its name.</summary>
    public static IEnumerable<SceneThing> Marks(string folder, Random random)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*.svg").Where(file => PictureSets.IsHeldBack(Path.GetFileNameWithoutExtension(file))).Order(StringComparer.Ordinal)];
        IEnumerable<MarkDrawing> marks = files.Select((file, i) => MarkDrawing.Read($"mark/{Path.GetFileNameWithoutExtension(file)}", File.ReadAllText(file), i % 2 == 0, random)).OfType<MarkDrawing>();
        return marks.Select(mark => new SceneThing(mark.Name, () => ImageEncoder.Png(RobustnessCast.RegisteredPicture(mark)), chance => Printed(mark, chance)));
    }

    /// <summary>In one dark colour, or in a light one on a dark plate; half of them without a ground of their own.</summary>
    private static RgbaImage Printed(MarkDrawing mark, Random chance)
    {
        string dark = Colour(chance, 0, 110), light = Colour(chance, 160, 256);
        bool inverted = chance.Next(2) == 0;
        return mark.Draw(new MarkStyle(inverted ? light : dark, chance.Next(2) == 0 ? inverted ? dark : light : null));
    }

    private static string Colour(Random chance, int least, int most) => $"#{chance.Next(least, most):x2}{chance.Next(least, most):x2}{chance.Next(least, most):x2}";
}
