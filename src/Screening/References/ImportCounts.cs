namespace Touchstone.Screening.References;

/// <summary>The counts of an import under way. Not safe for concurrent use.</summary>
internal sealed class ImportCounts
{
    private readonly List<Rejection> _rejections = [];
    private readonly List<WrongNumber> _firstWrongNumbers = [];
    private readonly SortedDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private int _added;
    private int _changed;
    private int _unchanged;
    private int _repeated;
    private int _rejected;
    private int _stored;
    private int _alreadyStored;
    private int _failed;
    private int _pending;
    private int _wrongNumbers;

    private int Read => _added + _changed + _unchanged + _rejected;

    public void Count(UpsertResult result, string row, string? reason)
    {
        if (result == UpsertResult.Added) _added++;
        else if (result == UpsertResult.Changed) _changed++;
        else if (result == UpsertResult.Unchanged) _unchanged++;
        else Reject(row, reason ?? "The record was refused.");
    }

    /// <summary>Notes the record's trade numbers that are none.</summary>
    public void CheckNumbers(string row, IReadOnlyList<ParsedIdentifier> identifiers)
    {
        foreach (ParsedIdentifier wrong in identifiers.Where(x => !x.Valid))
        {
            _wrongNumbers++;
            if (_firstWrongNumbers.Count < ImportReport.MostWrongNumbers) _firstWrongNumbers.Add(new WrongNumber(row, wrong.Value));
        }
    }

    public void Repeat()
    {
        _unchanged++;
        _repeated++;
    }

    public void Reject(string row, string reason)
    {
        _rejected++;
        if (_rejections.Count < ImportReport.MostRejections) _rejections.Add(new Rejection(row, reason));
    }

    public void Pictures(BatchResult batch)
    {
        _stored += batch.Stored;
        _alreadyStored += batch.AlreadyStored;
        foreach (string failure in batch.Failures) Fail(failure);
    }

    public void Picture(StoredPicture outcome)
    {
        if (outcome.Image is not null) _stored++;
        else Fail(outcome.Failure!);
    }

    public void Pending(int count) => _pending += count;

    public ImportProgress Progress(string current) => new(current, Read, _added, _changed, _unchanged, _rejected, _stored, _failed);

    public ImportReport Report(string register, IReadOnlyList<string> formats, IReadOnlyList<string> ignored, double seconds) => new()
    {
        Register = register,
        Formats = formats,
        IgnoredFiles = ignored,
        Read = Read,
        Added = _added,
        Changed = _changed,
        Unchanged = _unchanged,
        Repeated = _repeated,
        Rejected = _rejected,
        Rejections = _rejections,
        WrongNumbers = _wrongNumbers,
        FirstWrongNumbers = _firstWrongNumbers,
        Pictures = new PictureCounts(_stored + _alreadyStored + _failed + _pending, _stored, _alreadyStored, _failed, _pending, _failures),
        Seconds = Math.Round(seconds, 3),
    };

    private void Fail(string reason)
    {
        _failed++;
        _failures[reason] = _failures.GetValueOrDefault(reason) + 1;
    }
}
