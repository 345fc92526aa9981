using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Audit;
using Touchstone.Screening.References.Registers;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Imaging;

namespace Touchstone.Screening.References;

/// <summary>
/// Takes a register in. Idempotent by register and external id: a second import of the same files changes nothing, and one that was killed
/// is completed by running it again. A record that is broken, or that contradicts an earlier one of the same id in the same import, is
/// rejected alone. Records missing from the import are left as they are: registers publish parts of themselves.
/// Safe for concurrent use.
/// </summary>
/// <param name="http">The way out for pictures and linked documents; null: none, and pictures at URLs stay pending.</param>
public sealed partial class ReferenceImport(IDbContextFactory<TouchstoneDb> databases, IBlobStore blobs, ImageDecoder decoder, OutboundHttp? http, TimeProvider clock)
{
    private const int BatchSize = 200;

    private const int Downloads = 6;

    private const int LongestId = 200;

    private static readonly FetchLimits Document = new() { MaxBytes = 64L << 20, Time = TimeSpan.FromMinutes(2) };

    /// <exception cref="ArgumentException">There is nothing at the path, the format is unknown or cannot be told, or a value of the request is out of range.</exception>
    /// <exception cref="InvalidDataException">Nothing of the files can be read; the message says what is wrong with the first of them.</exception>
    public async Task<ImportReport> RunAsync(ImportRequest request, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        Check(request);
        long started = clock.GetTimestamp();
        using ImportFiles files = ImportFiles.At(request.Path);
        (List<(string Name, IRegisterImporter Importer)> sources, List<string> ignored, List<ImportRecord.Rejected> broken) = Sources(files, request.Format);
        ReferencePictures pictures = new(blobs, decoder, http, clock);
        // Files of which nothing can be read make no register.
        long? made = null;
        async Task<long> RegisterIdAsync() => made ??= await RegisterAsync(request, files, sources[0].Importer, cancellationToken);
        ReferenceBatch batches = new(databases, pictures, clock);
        Run run = new(async (batch, token) => await batches.ApplyAsync(await RegisterIdAsync(), batch, token), batches, request, pictures, progress);
        foreach ((string name, IRegisterImporter importer) in sources) await run.ReadAsync(files, name, importer, cancellationToken);
        run.Refuse(broken);
        await run.FlushAsync(cancellationToken);
        run.CheckReadable();
        ImportReport report = run.Report(request.Register, [.. sources.Select(x => x.Importer.Format).Distinct(StringComparer.Ordinal)], ignored, clock.GetElapsedTime(started).TotalSeconds);
        await FinishAsync(await RegisterIdAsync(), request, files.Name, report, cancellationToken);
        return report;
    }

    /// <summary>What <see cref="RunAsync"/> would do now. Nothing is written and nothing downloaded.</summary>
    /// <exception cref="ArgumentException">As of <see cref="RunAsync"/>.</exception>
    public async Task<ImportPreview> PreviewAsync(ImportRequest request, CancellationToken cancellationToken)
    {
        Check(request);
        request = request with { DownloadPictures = false, LatestDocuments = null };
        long started = clock.GetTimestamp();
        using ImportFiles files = ImportFiles.At(request.Path);
        (List<(string Name, IRegisterImporter Importer)> sources, List<string> ignored, List<ImportRecord.Rejected> broken) = Sources(files, request.Format);
        ReferencePictures pictures = new(blobs, decoder, http, clock);
        await using (TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken))
        {
            long? register = await db.Registers.Where(x => x.Name == request.Register).Select(x => (long?)x.Id).FirstOrDefaultAsync(cancellationToken);
            PreviewedBatches looks = new(databases, register);
            Run run = new(looks.LookAsync, null, request, pictures, null);
            foreach ((string name, IRegisterImporter importer) in sources) await run.ReadAsync(files, name, importer, cancellationToken);
            run.Refuse(broken);
            await run.FlushAsync(cancellationToken);
            run.CheckReadable();
            ImportReport report = run.Report(request.Register, [.. sources.Select(x => x.Importer.Format).Distinct(StringComparer.Ordinal)], ignored, clock.GetElapsedTime(started).TotalSeconds);
            return new ImportPreview(report, looks.Sample, run.DocumentsNamed);
        }
    }

    /// <summary>What is wrong with a register's name, and how to mend it; null: nothing.</summary>
    public static string? ProblemOfName(string? register) =>
        register is null || !RegisterName().IsMatch(register) ? $"The register's name '{register}' is not 1 to 100 letters, digits, dots and dashes."
        : register.Equals(RegisterRow.OfSearches, StringComparison.OrdinalIgnoreCase) ? $"The register '{RegisterRow.OfSearches}' holds the pictures of searches; choose another name."
        : null;

    private static void Check(ImportRequest request)
    {
        if (ProblemOfName(request.Register) is { } problem) throw new ArgumentException(problem, nameof(request));
        if (request.LatestDocuments is < 1) throw new ArgumentException($"The number of documents {request.LatestDocuments} is less than 1.", nameof(request));
    }

    private static (List<(string Name, IRegisterImporter Importer)> Sources, List<string> Ignored, List<ImportRecord.Rejected> Broken) Sources(ImportFiles files, string? format)
    {
        IRegisterImporter? named = format is null ? null : RegisterFormats.Named(format) ?? throw new FormatNotReadException($"There is no format '{format}'.");
        if (named is not null && files.IsSingleFile) return ([(files.Name, named)], [], []);
        List<(string, IRegisterImporter)> sources = [];
        List<string> ignored = [];
        List<ImportRecord.Rejected> broken = [];
        foreach (string name in files.Names)
        {
            if (!files.IsSingleFile && (OfSystem().IsMatch(name) || !RecordFile().IsMatch(name))) continue;
            bool read = files.IsSingleFile || TextFile().IsMatch(name);
            (IRegisterImporter? found, string? problem) = read ? Detected(files, name) : (null, null);
            if (problem is not null) broken.Add(new ImportRecord.Rejected(problem, OfFile: true) { Row = name });
            else if (found is not null && (named is null || named.Format == found.Format)) sources.Add((name, found));
            else ignored.Add(name);
        }
        if (sources.Count > 0) return (sources, ignored, broken);
        if (broken.Count > 0) throw new InvalidDataException(broken[0].Reason);
        throw new FormatNotReadException(
            named is not null ? $"{files.Name} holds nothing in the format {named.Format}."
            : $"{files.Name} holds nothing in a format that is read. Give a table (CSV or XLSX) whose first line names a title column, the XML or JSON of a known register, or a ZIP of one of them.");
    }

    private static (IRegisterImporter? Found, string? Problem) Detected(ImportFiles files, string name)
    {
        try
        {
            return files.ProblemOf(name) is { } problem ? (null, problem) : (RegisterFormats.Detect(files, name), null);
        }
        catch (InvalidDataException e)
        {
            return (null, e.Message);
        }
    }

    private async Task<long> RegisterAsync(ImportRequest request, ImportFiles files, IRegisterImporter importer, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        RegisterRow? row = await db.Registers.FirstOrDefaultAsync(x => x.Name == request.Register, cancellationToken);
        if (row is null)
        {
            row = new RegisterRow { Name = request.Register, Format = importer.Format, CreatedAt = clock.GetUtcNow(), Source = request.Source ?? files.Name, Licence = request.Licence ?? importer.Licence };
            db.Registers.Add(row);
        }
        row.Source = request.Source ?? row.Source;
        row.Licence = request.Licence ?? row.Licence;
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return row.Id;
        }
        catch (DbUpdateException) when (row.Id <= 0)
        {
            // Another import made the register at the same moment.
            db.ChangeTracker.Clear();
            return await db.Registers.Where(x => x.Name == request.Register).Select(x => x.Id).FirstAsync(cancellationToken);
        }
    }

    private async Task FinishAsync(long register, ImportRequest request, string name, ImportReport report, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        RegisterRow row = await db.Registers.FirstAsync(x => x.Id == register, cancellationToken);
        row.ImportedAt = clock.GetUtcNow();
        row.Kind = request.Kind;
        string detail = FormattableString.Invariant($"{name}: {report.Read} read, {report.Added} added, {report.Changed} changed, {report.Unchanged} unchanged, {report.Rejected} rejected");
        await AuditLog.SaveAsync(db, clock, new AuditEntry(request.Actor, AuditAction.RegisterImported, AuditSubject.Register(row.Name), detail), cancellationToken);
    }

    [GeneratedRegex(@"^[\p{L}\d][\p{L}\d.\-]{0,99}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RegisterName();

    [GeneratedRegex(@"\.(?:xml|json|jsonl|ndjson|csv|tsv|txt|xls[xmb]?)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex TextFile();

    // What may hold records, read or not: the report names those that are not read.
    [GeneratedRegex(@"\.(?:xml|json|jsonl|ndjson|csv|tsv|txt|xls[xmb]?|ods|numbers|zip|gz|tgz|tar|bz2|xz|7z|rar|docx?|pdf|html?|sql|mdb|accdb|sqlite)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex RecordFile();

    // What macOS puts beside each file of an archive.
    [GeneratedRegex(@"(?:^|/)(?:__MACOSX/|\._[^/]*$)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OfSystem();

    /// <summary>One import under way: its batch, its counts, and the ids that it has seen.</summary>
    /// <param name="apply">What is done with a batch.</param>
    /// <param name="batches">Where downloads are noted; null: nothing is downloaded or followed.</param>
    private sealed class Run(
        Func<IReadOnlyList<IncomingReference>, CancellationToken, Task<BatchResult>> apply, ReferenceBatch? batches, ImportRequest request, ReferencePictures pictures, IProgress<ImportProgress>? progress)
    {
        // The first content seen under each id, by a part of its hash.
        private readonly Dictionary<string, (string Row, ulong Content)> _seen = new(StringComparer.Ordinal);

        private readonly List<IncomingReference> _batch = [];

        private readonly ImportCounts _counts = new();

        private string _current = "";
        private string? _unreadable;
        private int _readable;

        /// <summary>How many other documents the files named.</summary>
        public int DocumentsNamed { get; private set; }

        private bool Downloads => batches is not null && request.DownloadPictures && pictures.Online;

        public async Task ReadAsync(ImportFiles files, string name, IRegisterImporter importer, CancellationToken cancellationToken)
        {
            _current = name;
            List<ImportRecord.Elsewhere> elsewhere = [];
            try
            {
                await foreach (ImportRecord record in importer.ReadAsync(files, name, cancellationToken))
                {
                    if (record is ImportRecord.Elsewhere link) elsewhere.Add(link);
                    else await TakeAsync(files, record, null, cancellationToken);
                }
            }
            // What comes before the damage was taken.
            catch (InvalidDataException e)
            {
                Refuse([new ImportRecord.Rejected(e.Message, OfFile: true) { Row = name }]);
            }
            DocumentsNamed += elsewhere.Count;
            if (batches is null) return;
            IEnumerable<ImportRecord.Elsewhere> wanted = elsewhere.OrderByDescending(x => x.PublishedOn ?? DateOnly.MinValue).Take(request.LatestDocuments ?? int.MaxValue);
            foreach (ImportRecord.Elsewhere link in wanted) await FollowAsync(link, cancellationToken);
        }

        /// <summary>Counts records, and files of which nothing can be read.</summary>
        public void Refuse(IEnumerable<ImportRecord.Rejected> rejected)
        {
            foreach (ImportRecord.Rejected file in rejected)
            {
                _counts.Reject(file.Row, file.Reason);
                if (file.OfFile) _unreadable ??= file.Reason;
            }
        }

        public async Task FlushAsync(CancellationToken cancellationToken)
        {
            if (_batch.Count == 0) return;
            BatchResult result = await apply([.. _batch], cancellationToken);
            _batch.Clear();
            foreach ((IncomingReference incoming, UpsertResult written, string? reason) in result.Records)
            {
                _counts.Count(written, incoming.Row, reason);
                if (written == UpsertResult.Rejected) _seen.Remove(incoming.Reference.ExternalId);
                else _counts.CheckNumbers(incoming.Row, incoming.Reference.Identifiers);
            }
            _counts.Pictures(result);
            await DownloadAsync(result.Pending, cancellationToken);
            Tell();
        }

        /// <exception cref="InvalidDataException">Every file is broken as a whole.</exception>
        public void CheckReadable()
        {
            if (_unreadable is not null && _readable == 0 && DocumentsNamed == 0) throw new InvalidDataException(_unreadable);
        }

        public ImportReport Report(string name, IReadOnlyList<string> formats, IReadOnlyList<string> ignored, double seconds) => _counts.Report(name, formats, ignored, seconds);

        private async Task FollowAsync(ImportRecord.Elsewhere link, CancellationToken cancellationToken)
        {
            _current = link.Name;
            Tell();
            FetchOutcome outcome = await pictures.FetchAsync(link.Url, Document, cancellationToken);
            if (outcome.Failure is not null)
            {
                _counts.Reject(link.Row, $"The document {link.Name} was not downloaded: {ReferencePictures.Explain(outcome)}");
                return;
            }
            using ImportFiles document = ImportFiles.Of(link.Name, outcome.Body);
            if (RegisterFormats.Detect(document, link.Name) is not { } importer)
            {
                _counts.Reject(link.Row, $"The document {link.Name} is in no format that is read.");
                return;
            }
            await foreach (ImportRecord record in importer.ReadAsync(document, link.Name, cancellationToken))
            {
                // Documents that lead to further documents are not followed: a list of lists has no end.
                if (record is not ImportRecord.Elsewhere) await TakeAsync(document, record, link.PublishedOn, cancellationToken);
            }
        }

        private async Task TakeAsync(ImportFiles files, ImportRecord record, DateOnly? published, CancellationToken cancellationToken)
        {
            if (record is ImportRecord.Rejected rejected)
            {
                Refuse([rejected]);
                if (!rejected.OfFile) _readable++;
                return;
            }
            _readable++;
            ParsedReference reference = ((ImportRecord.Accepted)record).Reference;
            reference = reference with { Kind = request.Kind ?? reference.Kind, PublishedOn = reference.PublishedOn ?? published };
            if (reference.ExternalId.Length > LongestId)
            {
                _counts.Reject(record.Row, $"The id has {reference.ExternalId.Length} characters; at most {LongestId} are kept.");
                return;
            }
            IncomingReference incoming = await PrepareAsync(files, record.Row, reference, cancellationToken);
            ulong content = Convert.ToUInt64(incoming.Hash[..16], 16);
            if (_seen.TryGetValue(reference.ExternalId, out (string Row, ulong Content) first))
            {
                if (first.Content == content) _counts.Repeat();
                else _counts.Reject(record.Row, $"The id {reference.ExternalId} was given with other content by {first.Row}.");
                return;
            }
            _seen[reference.ExternalId] = (record.Row, content);
            _batch.Add(incoming);
            if (_batch.Count >= BatchSize) await FlushAsync(cancellationToken);
        }

        private static async Task<IncomingReference> PrepareAsync(ImportFiles files, string row, ParsedReference reference, CancellationToken cancellationToken)
        {
            Dictionary<string, byte[]?> local = new(StringComparer.Ordinal);
            List<string> keys = [];
            foreach (PictureSource source in reference.Pictures)
            {
                string key = ReferenceBatch.KeyOf(source);
                if (source is PictureSource.Web)
                {
                    keys.Add(key);
                    continue;
                }
                byte[]? bytes = source is PictureSource.Inline inline ? inline.Bytes.ToArray() : await PictureAsync(files, key, cancellationToken);
                local[key] = bytes;
                keys.Add($"{key} {(bytes is null ? "missing" : BlobName.Of(bytes))}");
            }
            return new IncomingReference(row, reference, ReferenceHash.Of(reference, keys), local);
        }

        /// <summary>A picture's bytes; null where it is missing, too large, or damaged in its archive.</summary>
        private static async Task<byte[]?> PictureAsync(ImportFiles files, string name, CancellationToken cancellationToken)
        {
            try
            {
                return await files.ReadAsync(name, cancellationToken);
            }
            catch (InvalidDataException)
            {
                return null;
            }
        }

        private async Task DownloadAsync(List<PendingPicture> pending, CancellationToken cancellationToken)
        {
            if (!Downloads)
            {
                _counts.Pending(pending.Count);
                return;
            }
            ConcurrentBag<(PendingPicture Picture, StoredPicture Outcome)> downloaded = [];
            ParallelOptions options = new() { MaxDegreeOfParallelism = ReferenceImport.Downloads, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(pending, options, async (picture, token) => downloaded.Add((picture, await pictures.DownloadAsync(picture.Url, token))));
            foreach ((_, StoredPicture outcome) in downloaded) _counts.Picture(outcome);
            await batches!.SaveDownloadsAsync([.. downloaded.Where(x => x.Outcome.Image is not null || x.Outcome.Failure != x.Picture.Failure)], cancellationToken);
        }

        private void Tell() => progress?.Report(_counts.Progress(_current));
    }
}
