using Touchstone.Evaluation.Galleries;
using Touchstone.Recognition.Features;

namespace Touchstone.Evaluation.Retrieval;

/// <summary>A query as one model describes it. Image is null where it could not be read.</summary>
internal sealed record DescribedQuery(SourcePicture Picture, ImageFeatures? Image, StageTimes Times);

/// <summary>A task's pictures as one model describes them.</summary>
internal sealed class DescribedTask
{
    private readonly EvaluationParts _parts;
    private readonly RankingTask _task;
    private readonly RankingSettings _settings;
    private readonly PictureDescriber _describer;
    private readonly ImageFeatures?[] _references;

    private DescribedTask(EvaluationParts parts, RankingTask task, RankingSettings settings)
    {
        (_parts, _task, _settings) = (parts, task, settings);
        DescriptionCache? cache = settings.CacheFolder is { } folder ? new DescriptionCache(folder, parts.Reader.Model) : null;
        _describer = new PictureDescriber(parts, settings.Threads, settings.Progress, settings.CancellationToken, cache);
        _references = _describer.Map($"references, {parts.ModelId}", task.References, _describer.DescribeReference);
        Queries = Described("queries", task.Queries);
        Distractors = Described("distractors", task.Distractors);
    }

    public DescribedQuery[] Queries { get; }

    public DescribedQuery[] Distractors { get; }

    public IReadOnlyList<UnreadPicture> Unread => _describer.Unread;

    /// <exception cref="InvalidDataException">No reference could be read.</exception>
    public static DescribedTask Of(EvaluationParts parts, RankingTask task, RankingSettings settings)
    {
        var described = new DescribedTask(parts, task, settings);
        if (!Array.Exists(described._references, image => image is not null)) throw new InvalidDataException($"None of the references of {task.DataSetId} could be read.");
        return described;
    }

    public LabelledGallery Gallery(RetrievalSignals signals)
    {
        var gallery = new LabelledGallery(_parts, signals, _settings.Shortlist);
        for (int i = 0; i < _references.Length; i++)
            if (_references[i] is { } image) gallery.Add(_task.References[i].Label, _task.Kind, image);
        return gallery;
    }

    public Ranked[] Rank(LabelledGallery gallery, DescribedQuery[] queries) => _describer.Map($"ranked, {_parts.ModelId}", queries, query =>
    {
        var times = new StageTimes { Decode = query.Times.Decode, Hash = query.Times.Hash, Embedding = query.Times.Embedding, LocalFeatures = query.Times.LocalFeatures, Text = query.Times.Text };
        return new Ranked(query.Picture, query.Image is { } image ? gallery.Rank([image], times) : [], times);
    });

    /// <summary>Each group asked as one query; the answer bears its first picture.</summary>
    public Ranked[] RankGroups(LabelledGallery gallery, DescribedQuery[][] groups) =>
        _describer.Map($"ranked together, {_parts.ModelId}", groups, group => new Ranked(group[0].Picture, gallery.Rank([.. group.Select(query => query.Image!)]), new StageTimes()));

    /// <summary>Queries that named a wrong reference, the highest scores first, as many as are kept.</summary>
    public IReadOnlyList<Mistake> Mistakes(LabelledGallery gallery, Ranked[] answers) =>
        [.. answers.Zip(Queries)
            .Where(pair => pair.Second.Image is not null && pair.First.RankOf(_task.AreSame) is not 1)
            .OrderByDescending(pair => pair.First.Entries is [var first, ..] ? first.Score : 0)
            .Take(_settings.Mistakes)
            .Select(pair => Show(gallery, pair.First, pair.Second.Image!))];

    private Mistake Show(LabelledGallery gallery, Ranked answer, ImageFeatures query)
    {
        int? rank = answer.RankOf(_task.AreSame);
        ShownReference? right = gallery.MeasureOnly(query, answer.Label) is { } own ? Shown(own, rank) : null;
        ShownReference? wrong = answer.Entries is [var first, ..] ? Shown(first, 1) : null;
        return new Mistake(_task.DataSetId, rank is null ? "not among the candidates" : "behind another", answer.Picture.Name, answer.Picture.Read(), right, wrong);
    }

    private ShownReference Shown(RankedReference entry, int? rank) =>
        new(entry.Label, _task.References.First(picture => picture.Label == entry.Label).Read(), rank, entry.Score, entry.Measurement);

    private DescribedQuery[] Described(string stage, IReadOnlyList<SourcePicture> pictures) => _describer.Map($"{stage}, {_parts.ModelId}", pictures, picture =>
    {
        var times = new StageTimes();
        return new DescribedQuery(picture, _describer.DescribeTimed(picture, times), times);
    });
}
