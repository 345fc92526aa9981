using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Touchstone.Evaluation.MarkRegister;
using Touchstone.Recognition.Features;
using Touchstone.Recognition.Gallery;
using Touchstone.Screening;
using Touchstone.Screening.Alike;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Watches;
using Touchstone.Vision.Embedding;
using Touchstone.Vision.Imaging;

namespace Touchstone.Evaluation.LookBacks;

/// <summary>
/// Measures comparing what is seen with many removed offers, by the product's own queue, database and runner: the watches are written as they would stand, with made titles and numbers and one picture each, made in feature space but for some real ones,
/// of which edited copies are seen.
/// </summary>
public static class WatchBench
{
    private const int Shops = 500, WatchesOfReference = 10, AtOnce = 2_000;

    private static readonly string[] Words = ["kettle", "lamp", "toy", "charger", "helmet", "doll", "heater", "mixer", "mask", "scooter", "drill", "light", "balloon", "rattle", "stove", "cream", "candle", "jacket", "puzzle", "magnet"];

    /// <param name="options">As for looking back; <see cref="LookBackBenchOptions.Listings"/> is the number of watches.</param>
    /// <param name="progress">Told what is done now, in words, from any thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    /// <exception cref="InvalidDataException">A folder does not hold what it should; the message says which and what.</exception>
    public static async Task<WatchBenchReport> RunAsync(LookBackBenchOptions options, IProgress<string> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        options.Check();
        using ImageEmbedder embedder = ImageEmbedder.Load(ModelCatalog.Load());
        PlantedCopies planted = PlantedCopies.Make(options, new FeatureExtractor(new ImageDecoder(), embedder), progress, cancellationToken);
        // Watched are the pictures of which copies are seen, and made ones.
        var watched = planted with { Copies = [.. planted.Alerts.Select((a, i) => new PlantedCopy(i, "", a))] };
        var features = new SeenFeatures(watched, new MadeMarks(planted.Others, MarkSpread.Fit(planted.Others, options.Seed, cancellationToken), options.Seed), embedder.Model);
        string folder = Directory.CreateTempSubdirectory("touchstone-bench-").FullName;
        try
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddScreening(new StorageOptions { DataFolder = folder });
            services.AddSingleton<IFeatureSource>(features);
            await using ServiceProvider core = services.BuildServiceProvider();
            IDbContextFactory<TouchstoneDb> databases = core.GetRequiredService<IDbContextFactory<TouchstoneDb>>();
            await StorageSetup.MigrateAsync(databases, cancellationToken);
            await SeedAsync(databases, options.Listings, features, progress, cancellationToken);
            await new GalleryFolder(Path.Combine(folder, "watched", embedder.ModelId)).FillAsync(embedder.Model, Pictures(databases, features, cancellationToken), new Shown(progress), cancellationToken);
            return await MeasureAsync(core, options, planted, embedder.ModelId, folder, progress, cancellationToken);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SeedAsync(IDbContextFactory<TouchstoneDb> databases, int watches, SeenFeatures features, IProgress<string> progress, CancellationToken cancellationToken)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow(), removed = now.AddDays(-10);
        var random = new Random(1);
        long[] shops, references;
        (long observation, long match) = (0, 0);
        await using (TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken))
        {
            ShopRow[] rows = [.. Enumerable.Range(0, Shops).Select(i => new ShopRow { Host = Invariant($"shop-{i}.example"), FirstSeenAt = removed })];
            var register = new RegisterRow { Name = "bench", Format = "csv", CreatedAt = now };
            ReferenceRow[] known = [.. Enumerable.Range(0, (watches / WatchesOfReference) + 1).Select(i => new ReferenceRow { Register = register, ExternalId = Invariant($"{i}"), Kind = ReferenceKind.Alert, Title = Invariant($"alert {i}"), RawPayload = "{}", ContentHash = "1", ImportedAt = now, UpdatedAt = now })];
            var seen = new ObservationRow { Listing = new ListingRow { Shop = rows[0], Url = "https://shop-0.example/seed", FirstSeenAt = removed, LastSeenAt = removed }, Number = 1, ContentHash = "1", FirstSeenAt = removed, LastSeenAt = removed };
            var first = new MatchRow { Reference = known[0], Relation = Relation.SameProduct, Probability = 0.9, Verdict = Verdict.Match, Signals = "{}" };
            db.Screenings.Add(new ScreeningRow { Observation = seen, Verdict = Verdict.Match, ModelId = "m", ProfileId = "p", GalleryFingerprint = "f", InputHash = "1", ScreenedAt = removed, Matches = { first } });
            db.AddRange(rows);
            db.AddRange(known);
            await db.SaveChangesAsync(cancellationToken);
            (shops, references, observation, match) = ([.. rows.Select(s => s.Id)], [.. known.Select(r => r.Id)], seen.Id, first.Id);
        }
        for (int from = 0; from < watches; from += AtOnce)
        {
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            for (int i = from; i < Math.Min(watches, from + AtOnce); i++)
            {
                int shop = random.Next(Shops);
                long reference = references[i % references.Length];
                ObservationRow stated = Stated(random);
                var listing = new ListingRow { ShopId = shops[shop], Url = Invariant($"https://shop-{shop}.example/{i}"), Name = stated.Name, FirstSeenAt = removed.AddDays(-1), LastSeenAt = removed };
                var hit = new HitRow { Listing = listing, ReferenceId = reference, MatchId = match, State = HitState.Confirmed, Relation = Relation.SameProduct, Probability = 0.9, Verdict = Verdict.Match, FoundAt = removed };
                var watch = new WatchRow { Hit = hit, Listing = listing, ReferenceId = reference, ObservationId = observation, Title = stated.Name, RemovedAt = removed, SeenAskedAt = removed, StartedAt = removed, Because = "bench", StartedBy = "bench" };
                watch.Pictures.Add(new WatchPictureRow { ImageSha256 = features.WholeOf(i).Sha256, Number = i + 1 });
                foreach (string key in WatchKeys.NumbersOf(stated).Concat(WatchKeys.TitlesOf(stated, Invariant($"shop-{shop}.example")))) watch.Keys.Add(new WatchKeyRow { Value = key });
                db.Watches.Add(watch);
            }
            await db.SaveChangesAsync(cancellationToken);
            progress.Report(Invariant($"Writing watches: {from} of {watches}"));
        }
    }

    private static ObservationRow Stated(Random random) => new()
    {
        Name = Invariant($"{Words[random.Next(Words.Length)]} {Words[random.Next(Words.Length)]} {random.Next(1_000)} {Words[random.Next(Words.Length)]}"), ContentHash = "1",
        Gtin = random.Next(2) == 0 ? Invariant($"{random.NextInt64(1_000_000_000_000, 9_999_999_999_999)}") : null, Brand = "Acme", Mpn = Invariant($"AC-{random.Next(200_000)}"),
    };

    private static async IAsyncEnumerable<(GalleryImage Image, ImageFeatures Features)> Pictures(IDbContextFactory<TouchstoneDb> databases, SeenFeatures features, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.WatchPictures.AsNoTracking().OrderBy(p => p.Number).Select(p => new { p.Id, p.Number, p.Watch!.ReferenceId }).ToListAsync(cancellationToken);
        foreach (var some in rows.Chunk(AtOnce))
        {
            var made = new ImageFeatures[some.Length];
            Parallel.For(0, some.Length, i => made[i] = features.Of((int)some[i].Number - 1));
            for (int i = 0; i < some.Length; i++) yield return (new GalleryImage(some[i].Id, some[i].ReferenceId, ReferenceKind.Alert, made[i].Sha256), made[i]);
        }
    }

    private static async Task<WatchBenchReport> MeasureAsync(IServiceProvider core, LookBackBenchOptions options, PlantedCopies planted, string model, string folder, IProgress<string> progress, CancellationToken cancellationToken)
    {
        IDbContextFactory<TouchstoneDb> databases = core.GetRequiredService<IDbContextFactory<TouchstoneDb>>();
        progress.Report("Following the watches");
        long start = Stopwatch.GetTimestamp();
        WatchGallery gallery = core.GetRequiredService<WatchGallery>();
        await gallery.FollowAsync(cancellationToken);
        double followed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        // What each sort of listing shows: a copy of a watched picture, or a stranger's; and states: a number of a watch, or nothing that is known.
        ImageFeatures[] copies = [.. planted.Copies.Select(c => c.Features)], strangers = [.. planted.Others.Take(copies.Length)];
        await KeepAsync(databases, [.. copies, .. strangers], model, cancellationToken);
        WatchQueue queue = core.GetRequiredService<WatchQueue>();
        WatchRunner runner = core.GetRequiredService<WatchRunner>();
        var random = new Random(2);
        AlikeFinder alike = core.GetRequiredService<AlikeFinder>();
        List<double> sighted = [], again = [], ofCopies = [], ofStrangers = [], ofHits = [];
        (long returnsOfCopies, long returnsOfStrangers) = (0, 0);
        foreach ((int i, ImageFeatures picture) in copies.Concat(strangers).Index())
        {
            progress.Report(Invariant($"Comparing: {i + 1} of {copies.Length + strangers.Length}"));
            (long observation, long listing) = await SeenAsync(databases, picture, random, i, cancellationToken);
            start = Stopwatch.GetTimestamp();
            await queue.SightedAsync(observation, listing, unchanged: true, cancellationToken);
            again.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
            await queue.SightedAsync(observation, listing, unchanged: false, cancellationToken);
            sighted.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
            await runner.RunNextAsync("bench", cancellationToken);
            (i < copies.Length ? ofCopies : ofStrangers).Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
            if (await db.Hits.Where(h => h.ListingId == listing).Select(h => (long?)h.Id).FirstOrDefaultAsync(cancellationToken) is { } hit)
            {
                start = Stopwatch.GetTimestamp();
                await alike.OfHitAsync(hit, cancellationToken);
                ofHits.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            if (!await db.Returns.AnyAsync(r => r.ObservationId == observation && (r.Sign == ReturnSign.SameImage || r.Sign == ReturnSign.SameProduct), cancellationToken)) continue;
            if (i < copies.Length) returnsOfCopies++;
            else returnsOfStrangers++;
        }
        ProcessMemory memory = ProcessMemory.Now(folder);
        (long bytes, _) = gallery.Pictures.Stored();
        double Each(long value) => Math.Round(value / (double)options.Listings, 1);
        return new WatchBenchReport(
            model, options.Listings, Math.Round(followed, 2), Each(bytes), memory.Mapped is { } mapped ? Each(mapped) : null, Each(new FileInfo(Directory.EnumerateFiles(folder, "*.db").First()).Length), memory.Own,
            [LookBackRun.Shares("seen unchanged", again), LookBackRun.Shares("seen, queued", sighted), LookBackRun.Shares("a copy compared", ofCopies), LookBackRun.Shares("a stranger compared", ofStrangers), .. ofHits.Count == 0 ? [] : (AlertSeconds[])[LookBackRun.Shares("offers alike to a hit", ofHits)]],
            copies.Length, returnsOfCopies, strangers.Length, returnsOfStrangers);
    }

    /// <summary>The descriptions, as reading the pictures would have kept them.</summary>
    private static async Task KeepAsync(IDbContextFactory<TouchstoneDb> databases, ImageFeatures[] pictures, string model, CancellationToken cancellationToken)
    {
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (ImageFeatures picture in pictures.DistinctBy(p => p.Sha256, StringComparer.Ordinal))
            db.Add(new ImageFeaturesRow { ImageSha256 = picture.Sha256, ModelId = model, Format = FeatureFormat.Version, Content = FeatureFormat.Write(picture), ExtractedAt = TimeProvider.System.GetUtcNow() });
        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task<(long Observation, long Listing)> SeenAsync(IDbContextFactory<TouchstoneDb> databases, ImageFeatures picture, Random random, int number, CancellationToken cancellationToken)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await using TouchstoneDb db = await databases.CreateDbContextAsync(cancellationToken);
        long shop = await db.Shops.OrderBy(s => s.Id).Skip(random.Next(Shops)).Select(s => s.Id).FirstAsync(cancellationToken);
        ObservationRow seen = Stated(random);
        (seen.Number, seen.FirstSeenAt, seen.LastSeenAt) = (1, now, now);
        seen.Listing = new ListingRow { ShopId = shop, Url = Invariant($"https://seen.example/{number}"), Name = seen.Name, FirstSeenAt = now, LastSeenAt = now };
        seen.Images.Add(new ObservationImageRow { Url = "https://seen.example/i", ImageSha256 = picture.Sha256 });
        db.Observations.Add(seen);
        await db.SaveChangesAsync(cancellationToken);
        return (seen.Id, seen.ListingId);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Shown(IProgress<string> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(Invariant($"Linking watched pictures: {100 * value:0} %"));
    }
}

/// <summary>What <c>touchstone bench watches</c> found.</summary>
/// <param name="FollowSeconds">Until a node that has the files holds them after its start.</param>
/// <param name="FileBytes">Of the index's files, a watch of one picture.</param>
/// <param name="MappedBytes">Of these, what lies in memory after all comparisons; null where the system does not tell.</param>
/// <param name="DatabaseBytes">Of the database, a watch with its hit and listing.</param>
/// <param name="OwnBytes">Memory of the process that belongs to no file; null where the system does not tell.</param>
/// <param name="CopiesReturned">Copies of watched pictures whose picture told a return.</param>
public sealed record WatchBenchReport(
    string Model, int Watches, double FollowSeconds, double FileBytes, double? MappedBytes, double DatabaseBytes, long? OwnBytes, IReadOnlyList<AlertSeconds> Seconds, int Copies, long CopiesReturned, int Strangers, long StrangersReturned);
