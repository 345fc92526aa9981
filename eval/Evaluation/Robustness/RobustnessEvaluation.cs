using System.Diagnostics;
using Touchstone.Evaluation.Galleries;
using Touchstone.Recognition.Features;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.Robustness;

/// <summary>
/// Attacks held-back pictures and marks in every way of the suite and asks one gallery of pictures and marks for them: what is enrolled
/// must come first, what is not must match nothing. Deterministic for equal options and pictures, but for the times.
/// </summary>
public static class RobustnessEvaluation
{
    public const double Precision = 0.99;

    /// <exception cref="InvalidDataException">The folders hold too few readable pictures or marks; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static RobustnessReport Run(EvaluationParts parts, RobustnessOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        long start = Stopwatch.GetTimestamp();
        DescriptionCache? cache = options.CacheFolder is { } folder ? new DescriptionCache(folder, parts.Reader.Model) : null;
        var describer = new PictureDescriber(parts, options.Threads, progress, cancellationToken, cache);
        RobustnessCast cast = RobustnessCast.Draw(options, describer);
        using var gallery = new LabelledGallery(parts, options.Signals, options.Shortlist);
        (int pictures, int marks) = Enrol(gallery, describer, cast);
        var run = new SuiteRun(describer, gallery, cast, options);
        AttackAnswer[] answers = [.. describer.Map("attacked", cast.Subjects, run.Ask).SelectMany(list => list)];
        if (answers.Length == 0) throw new InvalidDataException($"No attacked picture could be made of what {options.ImageFolder} holds.");
        bool calibrated = options.Signals == RetrievalSignals.All && parts.Profile is not null;
        var judgement = new SuiteJudgement(answers, calibrated);
        return new RobustnessReport
        {
            DataSetId = $"held-back pictures of {string.Join(" and ", cast.Pictures.Select(picture => picture.Name.Split('/')[0]).Distinct().Order(StringComparer.Ordinal))}{(marks > 0 ? ", held-back marks" : string.Empty)}",
            ModelId = parts.ModelId,
            ProfileId = calibrated ? parts.Profile!.Id : null,
            Signals = options.Signals,
            TextRead = parts.Texts is not null,
            References = pictures,
            Marks = marks,
            Strangers = cast.Subjects.Count(subject => subject is PictureSubject { Enrolled: false }),
            StrangerMarks = cast.Subjects.Count(subject => subject is MarkSubject { Enrolled: false }),
            Seed = options.Seed,
            Precision = Precision,
            PictureThreshold = judgement.ThresholdOf(ReferenceKind.GenuineProduct),
            MarkThreshold = judgement.ThresholdOf(ReferenceKind.Mark),
            PrecisionOfAllHits = judgement.PrecisionOfAllHits(),
            Attacks = [.. run.Attacks.SelectMany(attack => options.StrengthsTaken.Select(strength => judgement.Of(attack.Name, attack.WordsOf(strength), strength, answer => answer.Query.Attack == attack)))],
            Together = [.. Groups(marks).SelectMany(group => options.StrengthsTaken.Select(strength => judgement.Of(group.Name, string.Empty, strength, answer => group.Takes(answer.Query.Attack))))],
            SecondsPerQuery = answers.Average(answer => answer.Seconds),
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Threads = options.Threads,
            Unread = describer.Unread,
            Mistakes = run.Show(judgement.Mistakes(options.MistakesKept)),
        };
    }

    private static (string Name, Func<Attack, bool> Takes)[] Groups(int marks) => marks == 0
        ? [("all attacks", _ => true)]
        : [("all attacks", _ => true), ("all on pictures", attack => attack is PictureAttack), ("all on marks", attack => attack is MarkAttack)];

    private static (int Pictures, int Marks) Enrol(LabelledGallery gallery, PictureDescriber describer, RobustnessCast cast)
    {
        ImageFeatures?[] pictures = describer.Map("references", cast.Pictures, picture => describer.DescribeReference(picture.Name, picture.Path));
        ImageFeatures?[] marks = describer.Map("marks", cast.Marks, mark =>
        {
            RgbImage drawn = RobustnessCast.RegisteredPicture(mark);
            return describer.DescribeReference(ImageEncoder.Png(drawn), () => drawn);
        });
        for (int i = 0; i < pictures.Length; i++)
            if (pictures[i] is { } image) gallery.Add(cast.Pictures[i].Name, ReferenceKind.GenuineProduct, image);
        int read = gallery.Count;
        for (int i = 0; i < marks.Length; i++) gallery.Add(cast.Marks[i].Name, ReferenceKind.Mark, marks[i]!);
        return read == 0 ? throw new InvalidDataException("None of the reference pictures could be read.") : (read, marks.Length);
    }

    private sealed class SuiteRun(PictureDescriber describer, LabelledGallery gallery, RobustnessCast cast, RobustnessOptions options)
    {
        public IReadOnlyList<Attack> Attacks { get; } =
            [.. AttackSuite.OnPictures.Where(options.Takes), .. cast.Marks.Count > 0 ? AttackSuite.OnMarks.Where(options.Takes) : []];

        public AttackAnswer[] Ask(AttackSubject subject) =>
        [
            .. from attack in Attacks
               where attack is MarkAttack == subject is MarkSubject
               from strength in options.StrengthsTaken
               let answer = AskOne(new AttackedQuery(subject, attack, strength))
               where answer is not null
               select answer,
        ];

        /// <summary>Makes the pictures of the mistakes again.</summary>
        public IReadOnlyList<Mistake> Show(IEnumerable<(AttackAnswer Answer, string Kind)> mistakes) =>
            describer.Map("mistakes", [.. mistakes], mistake => ShowOne(mistake.Answer, mistake.Kind));

        private AttackAnswer? AskOne(AttackedQuery query)
        {
            if (query.Subject.Make(query.Attack, query.Strength, options.Seed) is not { } picture) return null;
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<RankedReference> ranked = gallery.Rank([describer.Describe(picture)]);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            int own = ranked.ToList().FindIndex(entry => IsOwn(query, entry));
            return new AttackAnswer(query, ranked is [var first, ..] ? first : null, own < 0 ? null : ranked[own], own < 0 ? null : own + 1, seconds)
            {
                Wrong = [.. ranked.Where(entry => !IsOwn(query, entry)).Select(entry => (entry.Kind, entry.Score))],
                WrongMatches = ranked.Any(entry => entry.Verdict == Verdict.Match && !IsOwn(query, entry)),
            };
        }

        private bool IsOwn(AttackedQuery query, RankedReference entry) => query.Subject.Enrolled && cast.Sets.Duplicates.Same(entry.Label, query.Subject.Name);

        private Mistake ShowOne(AttackAnswer answer, string kind)
        {
            AttackedQuery query = answer.Query;
            byte[] picture = query.Subject.Make(query.Attack, query.Strength, options.Seed)!;
            ImageFeatures described = describer.Describe(picture);
            RankedReference? first = gallery.Rank([described]) is [var best, ..] ? best : null;
            RankedReference? right = query.Subject.Enrolled ? gallery.MeasureOnly(described, query.Subject.Name) : null;
            return new Mistake(
                $"{query.Attack.Name}, {query.Strength.ToString().ToLowerInvariant()}", kind, query.Subject.Name, picture,
                right is null ? null : Shown(right, answer.OwnRank),
                first is null || IsOwn(query, first) ? null : Shown(first, 1));
        }

        private ShownReference Shown(RankedReference entry, int? rank) => new(entry.Label, PictureOf(entry.Label), rank, entry.Score, entry.Measurement);

        private byte[] PictureOf(string label) => cast.Marks.FirstOrDefault(mark => mark.Name == label) is { } drawn
            ? ImageEncoder.Png(RobustnessCast.RegisteredPicture(drawn))
            : File.ReadAllBytes(cast.Pictures.First(picture => picture.Name == label).Path);
    }
}
