namespace Touchstone.Screening.References.Registers;

/// <summary>
/// Reads the lines of a table one after the other: the header, then references. A line without a title that repeats the id of the one before it goes on about the same product,
/// as shop software writes further pictures and variants. Not safe for concurrent use.
/// </summary>
/// <param name="files">The import, for pictures beside the table.</param>
/// <param name="name">The file that holds the table.</param>
/// <param name="place">What stands before the line's number where a record is named.</param>
internal sealed class ReferenceTable(ImportFiles files, string name, string place)
{
    /// <summary>Most lines of one product.</summary>
    public const int MostContinued = 1000;

    private readonly List<ParsedReference> _product = [];
    private TableHeader? _header;
    private string _row = "";
    private string? _id;
    private string? _above;
    private int _lines;

    /// <summary>Whether a header was found.</summary>
    public bool Headed => _header is not null;

    /// <summary>Whether so many lines are no header that the rest is not looked at.</summary>
    public bool IsNone => _header is null && _lines >= TableHeader.MostLines;

    /// <summary>What the lines before this one gave, once it is known that it does not go on about the same product.</summary>
    public IEnumerable<ImportRecord> Take(CsvRecord record)
    {
        string row = $"{place}:{record.Line}";
        if (_header is null)
        {
            if (IsNone) yield break;
            _above ??= row;
            _header = TableHeader.Of(record.Fields, first: _lines++ == 0);
            yield break;
        }
        if (Continued(record) is { } continued)
        {
            ImportRecord further = RegisterReading.Try(row, () => CsvImporter.Parse(files, name, _header, continued));
            if (further is ImportRecord.Accepted accepted) _product.Add(accepted.Reference with { RawPayload = record.Raw });
            else yield return further;
            yield break;
        }
        foreach (ImportRecord finished in Finish()) yield return finished;
        ImportRecord read = RegisterReading.Try(row, () => CsvImporter.Parse(files, name, _header, record));
        if (read is ImportRecord.Accepted { Reference: var reference }) (_row, _id) = (row, Keep(reference, record));
        else yield return read;
    }

    /// <summary>What is left when the last line was taken.</summary>
    public IEnumerable<ImportRecord> End()
    {
        foreach (ImportRecord finished in Finish()) yield return finished;
        if (_header is null && _above is not null) yield return new ImportRecord.Rejected("The header line names no title column.", OfFile: true) { Row = _above };
    }

    private string? Keep(ParsedReference reference, CsvRecord record)
    {
        _product.Add(reference);
        return Field(record, "id");
    }

    private IEnumerable<ImportRecord> Finish()
    {
        if (_product.Count == 0) yield break;
        ParsedReference reference = _product[0];
        if (_product.Count > 1)
        {
            reference = reference with
            {
                Models = ReferenceText.Distinct(_product.SelectMany(x => x.Models)),
                Identifiers = [.. _product.SelectMany(x => x.Identifiers).Distinct()],
                Pictures = [.. _product.SelectMany(x => x.Pictures).Distinct()],
                RawPayload = string.Join('\n', _product.Select(x => x.RawPayload)),
            };
        }
        _product.Clear();
        yield return new ImportRecord.Accepted(reference) { Row = _row };
    }

    /// <summary>The line with the title of the product that it goes on about; null if it stands for itself.</summary>
    private CsvRecord? Continued(CsvRecord record)
    {
        if (_product.Count is 0 or >= MostContinued || record.Broken is not null || _id is null || Field(record, "id") != _id || Field(record, "title") is not null) return null;
        int title = _header!.Columns.ToList().IndexOf("title");
        string[] fields = [.. record.Fields, .. Enumerable.Repeat("", Math.Max(0, title + 1 - record.Fields.Count))];
        fields[title] = _product[0].Title;
        return record with { Fields = fields };
    }

    private string? Field(CsvRecord record, string column) =>
        _header!.Columns.Zip(record.Fields).Where(x => x.First == column).Select(x => x.Second.Trim()).FirstOrDefault(x => x.Length > 0);
}
