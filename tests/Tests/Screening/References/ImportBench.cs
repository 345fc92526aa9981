using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Fetching;
using Touchstone.Screening.References;
using Touchstone.Screening.References.Registers;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Vision.Imaging;

namespace Touchstone.Tests.Screening.References;

/// <summary>An installation of its own in a temporary folder: real SQLite, real blobs, real libvips.</summary>
public sealed class ImportBench : IDbContextFactory<TouchstoneDb>, IAsyncDisposable
{
    private readonly DbContextOptions<TouchstoneDb> _options;

    private ImportBench(string folder)
    {
        Folder = folder;
        DataFolder = Path.Combine(folder, "installation");
        StorageOptions storage = new() { DataFolder = DataFolder };
        Directory.CreateDirectory(DataFolder);
        Blobs = new FolderBlobStore(storage.BlobFolder);
        DbContextOptionsBuilder<TouchstoneDb> builder = new();
        StorageSetup.Configure(builder, storage);
        _options = builder.Options;
    }

    public string Folder { get; }

    /// <summary>Where the installation lives, inside the folder.</summary>
    public string DataFolder { get; }

    public IBlobStore Blobs { get; }

    public static async Task<ImportBench> CreateAsync()
    {
        ImportBench bench = new(Directory.CreateTempSubdirectory("touchstone-references-").FullName);
        await using TouchstoneDb db = bench.CreateDbContext();
        if (db.Database.GetMigrations().Any()) await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
        else await db.Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        return bench;
    }

    public TouchstoneDb CreateDbContext() => new(_options);

    public async Task<string> WriteAsync(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }

    public async Task<string> WriteAsync(string name, byte[] bytes)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        return path;
    }

    /// <summary>A picture of two colours.</summary>
    public static byte[] Picture(byte shade)
    {
        byte[] pixels = new byte[64 * 48 * 3];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = i % 3 == 0 ? shade : (byte)(i / 3 % 64 * 3);
        return ImageEncoder.Png(new RgbImage(64, 48, pixels));
    }

    public async Task<ImportReport> ImportAsync(string path, string register = "test", OutboundHttp? http = null, Func<ImportRequest, ImportRequest>? with = null)
    {
        ReferenceImport import = new(this, Blobs, new ImageDecoder(), http, TimeProvider.System);
        ImportRequest request = new() { Path = path, Register = register };
        ImportReport report = await import.RunAsync(with is null ? request : with(request), null, TestContext.Current.CancellationToken);
        Assert.Equal(report.Read, report.Added + report.Changed + report.Unchanged + report.Rejected);
        PictureCounts p = report.Pictures;
        Assert.Equal(p.Total, p.Stored + p.AlreadyStored + p.Failed + p.Pending);
        Assert.Equal(p.Failed, p.Failures.Values.Sum());
        return report;
    }

    public async Task<List<ReferenceRow>> RowsAsync()
    {
        await using TouchstoneDb db = CreateDbContext();
        return await db.References.Include(x => x.Register).Include(x => x.Images.OrderBy(i => i.Position)).Include(x => x.Identifiers).OrderBy(x => x.Id).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Reads a document with one format, without a database.</summary>
    public static async Task<List<ImportRecord>> ReadAsync(IRegisterImporter importer, string text, string name = "document")
    {
        using ImportFiles files = ImportFiles.Of(name, System.Text.Encoding.UTF8.GetBytes(text));
        List<ImportRecord> records = [];
        await foreach (ImportRecord record in importer.ReadAsync(files, name, TestContext.Current.CancellationToken)) records.Add(record);
        return records;
    }

    public ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
