using System.IO.Compression;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction;
using Touchstone.Screening;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Cases;
using Touchstone.Screening.Observations;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Screening.Subjects;
using Touchstone.Screening.Watches;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Screening.Subjects;

/// <summary>What is kept about a person is found, handed out whole, and erased but for what must stay.</summary>
public sealed class SubjectTests : IDisposable
{
    private const string Page = "<p>Sold by Jens Hansen, mail jens@hansen.test, CVR 12 34 56 07</p>";

    private readonly string folder = Directory.CreateTempSubdirectory("touchstone-subjects-").FullName;
    private readonly ManualClock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task Names_are_found_in_every_spelling_within_shops_and_contacts_by_their_numbers(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        await SeeAsync(database, "https://m.example/1", "Jens Hansen");
        await SeeAsync(database, "https://m.example/2", "JENS-HANSEN");
        await SeeAsync(database, "https://n.example/1", "Jens Hansen Trading", "<p>none</p>");
        await SeeAsync(database, "https://n.example/2", "Somebody else", "<p>none</p>");
        await SeeAsync(database, "https://o.example/1", "Une société", "<p>TVA intracommunautaire : FR40 303 265 045</p>");
        await using TouchstoneDb db = database.CreateDbContext();

        IReadOnlyList<SubjectFound> named = await SubjectSearch.FindAsync(db, " jens hansen", Stop);
        Assert.Equal([("m.example", 2L), ("n.example", 1L)], named.Where(x => x.Kind is null).Select(x => (x.Host!, x.Rows)));
        Assert.Equal([("jens@hansen.test", TraitKind.Email)], (await SubjectSearch.FindAsync(db, "Jens@Hansen.test", Stop)).Where(x => x.Kind is not null).Select(x => (x.Value, x.Kind!.Value)).Distinct());
        Assert.Equal(["DK12345607"], (await SubjectSearch.FindAsync(db, "DK 12 34 56 07", Stop)).Where(x => x.Kind == TraitKind.Vat).Select(x => x.Value).Distinct());
        foreach (string french in (string[])["FR40303265045", "FR 40 303 265 045", "303265045"])
            Assert.Equal(["FR303265045"], (await SubjectSearch.FindAsync(db, french, Stop)).Where(x => x.Kind == TraitKind.Vat).Select(x => x.Value));
        Assert.Empty(await SubjectSearch.FindAsync(db, "j", Stop));
        Assert.Empty(await SubjectSearch.FindAsync(db, "%%%", Stop));
        foreach (string no in (string[])["", "observation", "observation:x", "1:2", "trait:-1", "observation:1:2"]) Assert.Null(SubjectPick.Parse(no));
        Assert.Equal(named[0].Pick, SubjectPick.Parse(named[0].Pick.ToString()));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task The_file_holds_what_names_the_person_and_nothing_of_others(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        HitRow hit = await HitAsync(database, "https://m.example/1", "Jens <b>Hansen</b>", HitState.Confirmed);
        await SeeAsync(database, "https://m.example/9", "Somebody else", "<p>mail other@other.test</p>");
        await using TouchstoneDb db = database.CreateDbContext();
        long caseId = (await new OpenCase([hit.Id]).RunAsync(By(db), Stop)).Value!.Case.Id;
        db.Notices.Add(new NoticeRow { CaseId = caseId, Kind = NoticeKind.ShopRequest, State = NoticeState.Sent, Language = "en", Recipient = "jens@hansen.test", CreatedBy = "bo", Text = "Remove it.", Replies = { new NoticeReplyRow { Kind = ReplyKind.Explanation, Text = "It is gone.", Email = "jens@hansen.test" } } });
        await db.SaveChangesAsync(Stop);

        IReadOnlyList<SubjectPick> picks = [.. await PicksAsync(db, "Jens <b>Hansen"), .. await PicksAsync(db, "jens@hansen.test")];
        using var zip = new MemoryStream();
        VerbOutcome<ExportedSubject> outcome = await new ExportSubject(picks, "Request 17").RunAsync(By(db), zip, Stop);
        Assert.True(outcome.Done, outcome.Detail);
        SubjectFile file = outcome.Value!.File;
        Assert.Equal((1, 1, 1, 1, 1), (file.Listings.Count, file.Observations.Count, file.Hits.Count, file.Cases.Count, file.Notices.Count));
        Assert.Equal("It is gone.", Assert.Single(file.Replies).Text);
        Assert.Equal(["DK12345607", "jens@hansen.test"], file.Contacts.Select(x => x.Value).Order(StringComparer.Ordinal));
        Assert.Equal(BlobName.Of(System.Text.Encoding.UTF8.GetBytes(Page)), file.Observations[0].PageSha256);
        using var archive = new ZipArchive(new MemoryStream(zip.ToArray()));
        Assert.Equal(["index.html", "person.json"], archive.Entries.Select(x => x.FullName).Order(StringComparer.Ordinal));
        string page = await new StreamReader(archive.GetEntry("index.html")!.Open()).ReadToEndAsync(Stop), json = await new StreamReader(archive.GetEntry("person.json")!.Open()).ReadToEndAsync(Stop);
        Assert.Contains("Jens &lt;b&gt;Hansen&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        foreach (string others in (string[])["Somebody else", "other@other.test", "\"anna\"", "\"bo\""]) Assert.DoesNotContain(others, json, StringComparison.Ordinal);
        Assert.Equal("Match", JsonDocument.Parse(json).RootElement.GetProperty("hits")[0].GetProperty("verdict").GetString());
        string told = (await db.Audit.SingleAsync(x => x.Action == AuditAction.SubjectExported, Stop)).Detail!;
        Assert.Contains("Request 17", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Hansen", told, StringComparison.Ordinal);

        Assert.Equal(Refusal.Invalid, (await new ExportSubject(picks, " ").RunAsync(By(db), Stream.Null, Stop)).Refusal);
        Assert.Equal(Refusal.NotFound, (await new ExportSubject([], "Request 17").RunAsync(By(db), Stream.Null, Stop)).Refusal);
        Assert.Equal(Refusal.NotFound, (await new ExportSubject([new SubjectPick(SubjectPlace.Observation, 999)], "Request 17").RunAsync(By(db), Stream.Null, Stop)).Refusal);
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.PostgreSql)]
    public async Task An_erasure_hashes_the_name_keeps_evidence_and_what_was_erased_does_not_come_back(DatabaseProvider provider)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(provider);
        HitRow confirmed = await HitAsync(database, "https://m.example/1", "Jens Hansen", HitState.Confirmed), rejected = await HitAsync(database, "https://m.example/2", "JENS HANSEN", HitState.Rejected, Page + "2");
        await HitAsync(database, "https://n.example/1", "Jens Hansen", HitState.New, "<p>another shop</p>");
        var blobs = new FolderBlobStore(folder);
        await using TouchstoneDb db = database.CreateDbContext();
        ObservationRow seen = await db.Observations.SingleAsync(o => o.ListingId == confirmed.ListingId, Stop);
        var watch = new WatchRow { HitId = confirmed.Id, ListingId = confirmed.ListingId!.Value, ReferenceId = confirmed.ReferenceId, ObservationId = seen.Id, Title = seen.Name, Seller = seen.Seller, Because = "Gone.", StartedBy = "anna" };
        foreach (string key in WatchKeys.TitlesOf(seen, "m.example")) watch.Keys.Add(new WatchKeyRow { Value = key });
        db.Watches.Add(watch);
        await db.SaveChangesAsync(Stop);
        db.ChangeTracker.Clear();
        IReadOnlyList<SubjectPick> picks = [(await SubjectSearch.FindAsync(db, "Jens Hansen", Stop)).Single(x => x.Kind is null && x.Host == "m.example").Pick, .. (await SubjectSearch.FindAsync(db, "jens@hansen.test", Stop)).Where(x => x.Kind == TraitKind.Email).Select(x => x.Pick)];

        var verb = new EraseSubject(picks, "Request 17, article 17");
        ErasedSubject foreseen = (await verb.CountAsync(By(db), Stop)).Value!;
        Assert.Equal("Jens Hansen", await db.Observations.Where(o => o.Id == seen.Id).Select(o => o.Seller).SingleAsync(Stop));
        Assert.Equal(Refusal.Invalid, (await new EraseSubject(picks, "Jens Hansen asked").RunAsync(By(db), blobs, Stop)).Refusal);
        VerbOutcome<ErasedSubject> outcome = await verb.RunAsync(By(db), blobs, Stop);
        Assert.True(outcome.Done, outcome.Detail);
        Assert.Equal(foreseen, outcome.Value);
        Assert.Equal(new SubjectChanges(1, 2, 2, 1, 0, 0, 1), outcome.Value!.Changed);
        Assert.Equal((1L, 2L), (outcome.Value.Stays.EvidencePages, outcome.Value.Stays.Decisions));

        db.ChangeTracker.Clear();
        string? token = await db.Observations.Where(o => o.Id == seen.Id).Select(o => o.Seller).SingleAsync(Stop);
        Assert.StartsWith("erased-", token, StringComparison.Ordinal);
        Assert.Equal([token!, token!, "Jens Hansen"], await db.Observations.OrderBy(o => o.Id).Select(o => o.Seller).ToListAsync(Stop));
        Assert.Equal([token!, "Jens Hansen"], await db.Sellers.OrderBy(s => s.Id).Select(s => s.Name).ToListAsync(Stop));
        WatchRow after = await db.Watches.Include(w => w.Keys).SingleAsync(Stop);
        ObservationRow anew = await db.Observations.SingleAsync(o => o.Id == seen.Id, Stop);
        Assert.Equal(token, after.Seller);
        Assert.Equal(WatchKeys.TitlesOf(anew, "m.example"), after.Keys.OrderBy(k => k.Id).Select(k => k.Value));
        Assert.Null(await blobs.GetAsync(BlobName.Of(System.Text.Encoding.UTF8.GetBytes(Page + "2")), Stop));
        Assert.NotNull(await blobs.GetAsync(seen.PageSha256!, Stop));
        Assert.DoesNotContain(await db.Audit.Select(x => x.Detail).ToListAsync(Stop), x => x?.Contains("Hansen", StringComparison.OrdinalIgnoreCase) == true);
        Assert.True((await AuditLog.VerifyAsync(db, Stop)).Whole);

        // Seen again with other content, neither the name nor the contact is kept; those of others are.
        await SeeAsync(database, "https://m.example/1", "Jens  Hansen", Page + "<p>mail shop@m.test</p>", "Another title");
        await SeeAsync(database, "https://n.example/2", "Bo", "<p>mail jens@hansen.test or bo@bo.test</p>");
        Assert.Equal(token, await db.Observations.OrderBy(o => o.Id).Where(o => o.ListingId == confirmed.ListingId).Select(o => o.Seller).LastAsync(Stop));
        Assert.Equal(["bo@bo.test"], await db.Traits.Where(t => t.Kind == TraitKind.Email).Select(t => t.Value).ToListAsync(Stop));
        Assert.DoesNotContain(await SubjectSearch.FindAsync(db, "Jens Hansen", Stop), x => x.Host == "m.example");
    }

    private async Task<IReadOnlyList<SubjectPick>> PicksAsync(TouchstoneDb db, string text) => [.. (await SubjectSearch.FindAsync(db, text, Stop)).Select(x => x.Pick)];

    private VerbContext By(TouchstoneDb db) => new(db, "anna", clock);

    private async Task<ObservationRow> SeeAsync(TestDatabase database, string url, string? seller, string page = Page, string name = "Lamp of brass")
    {
        using var store = new ObservationStore(database, new FolderBlobStore(folder), clock);
        return await store.SaveAsync(new ListingFacts { Url = url, Name = name, Seller = seller }, [], new SeenPage(page, false), Stop);
    }

    private async Task<HitRow> HitAsync(TestDatabase database, string url, string seller, HitState state, string page = Page)
    {
        ObservationRow seen = await SeeAsync(database, url, seller, page);
        await using TouchstoneDb db = database.CreateDbContext();
        ReferenceRow reference = await SampleHits.AddReferenceAsync(db);
        var screening = new ScreeningRow { ObservationId = seen.Id, Verdict = Verdict.Match, ModelId = "model", ProfileId = "profile", GalleryFingerprint = new string('3', 16), InputHash = new string('2', 64) };
        var match = new MatchRow { Screening = screening, ReferenceId = reference.Id, Relation = Relation.SameProduct, Probability = 0.9, Verdict = Verdict.Match, Signals = "{}" };
        var hit = new HitRow { ListingId = seen.ListingId, ReferenceId = reference.Id, Match = match, Relation = match.Relation, Probability = 0.9, Verdict = match.Verdict, State = HitState.New };
        db.Hits.Add(hit);
        await db.SaveChangesAsync(Stop);
        if (state == HitState.New) return hit;
        Assert.True((await new DecideHit(hit.Id, state == HitState.Confirmed ? HitDecision.Confirm : HitDecision.Reject).RunAsync(By(db), Stop)).Done);
        return hit;
    }
}
