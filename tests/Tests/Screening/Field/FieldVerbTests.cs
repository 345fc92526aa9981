using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Field;
using Touchstone.Screening.Notifications;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Field;

public sealed class FieldVerbTests
{
    private static readonly byte[] Photo = [0xFF, 0xD8, 0xFF, 1, 2, 3];
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_same_photo_sent_at_once_and_again_is_one_capture(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        VerbOutcome<CaptureRow>[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                await using TouchstoneDb own = database.CreateDbContext();
                return await new RecordCapture(Photo, "phone-1/photo-1", "Gate 7").RunAsync(By(own, "officer"), blobs, Stop);
            },
            Stop)));

        Assert.All(outcomes, x => Assert.True(x.Done, x.Detail));
        Assert.Single(outcomes.Select(x => x.Value!.Id).Distinct());
        await using TouchstoneDb db = database.CreateDbContext();
        CaptureRow kept = await db.Captures.SingleAsync(Stop);
        Assert.Equal(("Gate 7", "officer", clock.GetUtcNow()), (kept.Place, kept.TakenBy, kept.TakenAt));
        Assert.Equal(Photo, await blobs.GetAsync(kept.ImageSha256, Stop));
        AuditRow entry = await db.Audit.SingleAsync(Stop);
        Assert.Equal((AuditAction.CaptureRecorded, AuditSubject.Capture(kept.Id)), (entry.Action, entry.Subject));

        Assert.Equal(Refusal.Conflict, (await new RecordCapture(new byte[] { 9 }, "phone-1/photo-1").RunAsync(By(db, "officer"), blobs, Stop)).Refusal);
        Assert.Equal(Refusal.Conflict, (await new RecordCapture(Photo, "phone-1/photo-1").RunAsync(By(db, "another"), blobs, Stop)).Refusal);
    }

    [Fact]
    public async Task What_is_no_photo_of_an_officer_is_refused_and_nothing_is_stored()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        foreach (RecordCapture wrong in (RecordCapture[])[new(Array.Empty<byte>(), "k"), new(Photo, " "), new(Photo, new string('k', 201)), new(Photo, "k", new string('p', 301)), new(Photo, "k", "a\0b")])
            Assert.Equal(Refusal.Invalid, (await wrong.RunAsync(By(db, "officer"), blobs, Stop)).Refusal);
        Assert.False(Directory.Exists(database.Storage.BlobFolder));
    }

    [Fact]
    public async Task A_phone_whose_clock_runs_ahead_takes_no_photo_in_the_future()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        var blobs = new FolderBlobStore(database.Storage.BlobFolder);
        Assert.Equal(clock.GetUtcNow(), (await new RecordCapture(Photo, "a", TakenAt: clock.GetUtcNow().AddDays(1)).RunAsync(By(db, "officer"), blobs, Stop)).Value!.TakenAt);
        Assert.Equal(clock.GetUtcNow().AddHours(-1), (await new RecordCapture(Photo, "b", TakenAt: clock.GetUtcNow().AddHours(-1)).RunAsync(By(db, "officer"), blobs, Stop)).Value!.TakenAt);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_owner_gets_one_message_however_often_it_is_asked_for(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        (long capture, ReferenceRow reference) = await MatchedAsync(database, "owner@alfa.example");
        VerbOutcome<OwnerNotification>[] outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(
            async () =>
            {
                await using TouchstoneDb own = database.CreateDbContext();
                return await new NotifyOwner(capture, reference.Id, "The box is open;\nmay I keep it?").RunAsync(By(own, "officer"), Stop);
            },
            Stop)));

        Assert.All(outcomes, x => Assert.True(x.Done, x.Detail));
        Assert.Single(outcomes, x => !x.Value!.Already);
        await using TouchstoneDb db = database.CreateDbContext();
        OutboxRow message = await db.Outbox.SingleAsync(Stop);
        Assert.Equal((OutboxKind.Email, "owner@alfa.example", OutboxState.Pending), (message.Kind, message.Recipient, message.State));
        Assert.Equal($"A photo matches Face mask Alfa (capture {capture})", message.Subject);
        foreach (string part in (string[])["Alfa A/S", "probability 87 %", "the mark is present", "Gate 7", "by officer", "may I keep it?", $"capture {capture}", BlobName.Of(Photo)])
            Assert.Contains(part, message.Body, StringComparison.Ordinal);
        Assert.Equal(1, await db.Audit.CountAsync(x => x.Action == AuditAction.OwnerNotified, Stop));
    }

    [Fact]
    public async Task A_match_for_review_only_may_match_and_the_photo_that_is_named_is_the_one_that_matched()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        (long capture, ReferenceRow reference) = await MatchedAsync(database, "owner@alfa.example");
        await using TouchstoneDb db = database.CreateDbContext();
        string second = new('2', 64);
        await db.Matches.ExecuteUpdateAsync(x => x.SetProperty(m => m.Verdict, Verdict.Review).SetProperty(m => m.ImageSha256, second), Stop);
        OutboxMessage message = (await new NotifyOwner(capture, reference.Id).WriteAsync(By(db, "officer"), Stop)).Value!.Message;
        Assert.Equal($"A photo may match Face mask Alfa (capture {capture})", message.Subject);
        Assert.Contains("A photo taken at an inspection may match ", message.Body, StringComparison.Ordinal);
        Assert.Contains($"SHA-256 {second}", message.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_notified_without_a_match_a_contact_or_a_right()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using TouchstoneDb db = database.CreateDbContext();
        (long capture, ReferenceRow matched) = await MatchedAsync(database, null);
        ReferenceRow unmatched = await SampleHits.AddReferenceAsync(db, contact: "owner@alfa.example");
        Assert.Equal(Refusal.NotFound, await TryAsync(4711, matched.Id));
        Assert.Equal(Refusal.NotFound, await TryAsync(capture, 4711));
        Assert.Equal(Refusal.Conflict, await TryAsync(capture, unmatched.Id));
        Assert.Equal(Refusal.Conflict, await TryAsync(capture, matched.Id));

        ReferenceRow row = await db.References.SingleAsync(x => x.Id == matched.Id, Stop);
        row.RightHolderContact = "call us";
        await db.SaveChangesAsync(Stop);
        Assert.Equal(Refusal.Conflict, await TryAsync(capture, matched.Id));
        row.RightHolderContact = "owner@alfa.example";
        row.Kind = ReferenceKind.Design;
        row.ExpiresOn = new DateOnly(2026, 3, 1);
        await db.SaveChangesAsync(Stop);
        Assert.Equal(Refusal.Conflict, await TryAsync(capture, matched.Id));
        row.ExpiresOn = new DateOnly(2026, 3, 2);
        await db.SaveChangesAsync(Stop);
        Assert.Equal(0, await db.Outbox.CountAsync(Stop));
        Assert.Null(await TryAsync(capture, matched.Id));

        async Task<Refusal?> TryAsync(long captureId, long referenceId) => (await new NotifyOwner(captureId, referenceId).RunAsync(By(db, "officer"), Stop)).Refusal;
    }

    private async Task<(long Capture, ReferenceRow Reference)> MatchedAsync(TestDatabase database, string? contact)
    {
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow reference = await SampleHits.AddReferenceAsync(db, contact: contact);
        CaptureRow capture = (await new RecordCapture(Photo, "k", "Gate 7").RunAsync(By(db, "officer"), new FolderBlobStore(database.Storage.BlobFolder), Stop)).Value!;
        var screening = new ScreeningRow { CaptureId = capture.Id, Verdict = Verdict.Match, ModelId = "model", ProfileId = "profile", GalleryFingerprint = "f", InputHash = "x" };
        screening.Matches.Add(new() { ReferenceId = reference.Id, ImageSha256 = capture.ImageSha256, Relation = Relation.MarkPresent, Probability = 0.87, Verdict = Verdict.Match, Signals = "{}" });
        db.Screenings.Add(screening);
        await db.SaveChangesAsync(Stop);
        return (capture.Id, reference);
    }

    private VerbContext By(TouchstoneDb db, string actor) => new(db, actor, clock);
}
