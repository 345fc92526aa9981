using Touchstone.Evaluation.Drawing;
using Touchstone.Evaluation.Galleries;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Robustness;

/// <summary>Who plays what in a run of the suite: pictures and marks to enrol, those of them that are attacked, and strangers. Drawn with the seed.</summary>
internal sealed class RobustnessCast
{
    private const int OthersDrawn = 60;

    private RobustnessCast(PictureSets sets, IReadOnlyList<SetPicture> pictures, IReadOnlyList<MarkDrawing> marks, IReadOnlyList<AttackSubject> subjects)
    {
        (Sets, Pictures, Marks, Subjects) = (sets, pictures, marks, subjects);
    }

    public PictureSets Sets { get; }

    /// <summary>Pictures to enrol.</summary>
    public IReadOnlyList<SetPicture> Pictures { get; }

    /// <summary>Marks to enrol.</summary>
    public IReadOnlyList<MarkDrawing> Marks { get; }

    /// <summary>What is attacked, enrolled or not.</summary>
    public IReadOnlyList<AttackSubject> Subjects { get; }

    /// <exception cref="InvalidDataException">There are too few pictures or marks.</exception>
    public static RobustnessCast Draw(RobustnessOptions options, PictureDescriber describer)
    {
        PictureSets sets = PictureSets.Read(options.ImageFolder);
        var random = new Random(options.Seed);
        SetPicture[] held = [.. sets.HeldBack], rest = [.. sets.Pictures.Where(picture => !picture.HeldBack)];
        random.Shuffle(held);
        random.Shuffle(rest);
        if (held.Length < 3) throw new InvalidDataException($"{options.ImageFolder} has {held.Length} held-back pictures (SHA-256 of the label or sender mod 5 = 0); at least 3 are needed.");
        // Photos come before cut-outs: a mark is printed on something, and a cut-out in a collage may be the sibling of a product of the gallery.
        SetPicture[] others = [.. rest.OrderBy(picture => picture.IsProduct).Take(OthersDrawn)];
        RgbImage[] grounds = [.. others.Select(picture => describer.Load(picture.Name, picture.Path)).OfType<RgbImage>()];
        if (grounds.Length == 0) throw new InvalidDataException($"{options.ImageFolder} has no readable picture outside the held-back fifth to put things on.");
        int strangers = Math.Min(options.Strangers, held.Length / 3);
        SetPicture[] enrolled = [.. held.Skip(strangers).Concat(rest.Except(others)).Take(options.References)];
        IEnumerable<SetPicture> unknown = held.Take(strangers).Where(picture => !enrolled.Any(other => sets.Duplicates.Same(picture.Name, other.Name)));
        (MarkDrawing[] marks, MarkDrawing[] unknownMarks) = DrawMarks(options, random);
        AttackSubject[] subjects =
        [
            .. enrolled.Take(options.Copied).Select(picture => Subject(picture, enrolled: true)),
            .. unknown.Select(picture => Subject(picture, enrolled: false)),
            .. marks.Take(options.Copied).Select(mark => new MarkSubject(mark, true, grounds)),
            .. unknownMarks.Select(mark => new MarkSubject(mark, false, grounds)),
        ];
        return new RobustnessCast(sets, enrolled, marks, subjects);

        PictureSubject Subject(SetPicture picture, bool enrolled) => new(picture.Name, enrolled, () => describer.Load(picture.Name, picture.Path), grounds);
    }

    /// <summary>The picture by which a register shows the mark.</summary>
    public static RgbImage RegisteredPicture(MarkDrawing mark) => mark.Draw(MarkDrawing.Registered).Flatten(RgbColour.White);

    private static (MarkDrawing[] Enrolled, MarkDrawing[] Unknown) DrawMarks(RobustnessOptions options, Random random)
    {
        if (options.MarkFolder is not { } folder || options.Marks == 0) return ([], []);
        if (!Directory.Exists(folder)) throw new InvalidDataException($"There is no folder of marks {folder}.");
        string[] files = [.. Directory.EnumerateFiles(folder, "*.svg").Where(file => PictureSets.IsHeldBack(Path.GetFileNameWithoutExtension(file))).Order(StringComparer.Ordinal)];
        random.Shuffle(files);
        List<MarkDrawing> marks = [];
        foreach (string file in files)
        {
            if (marks.Count == options.Marks + options.Strangers) break;
            if (MarkDrawing.Read($"mark/{Path.GetFileNameWithoutExtension(file)}", File.ReadAllText(file), marks.Count % 2 == 0, random) is { } mark) marks.Add(mark);
        }
        int strangers = Math.Min(options.Strangers, marks.Count / 3);
        if (strangers == 0) throw new InvalidDataException($"{folder} has {marks.Count} held-back marks drawn as one path; at least 3 are needed.");
        return ([.. marks.Skip(strangers)], [.. marks.Take(strangers)]);
    }
}
