using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Touchstone.Crawling.Extraction.Facts;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Blobs;
using Touchstone.Screening.Storage.Rows;
using Touchstone.Server.Security;
using Touchstone.Tests.Fixtures;

namespace Touchstone.Tests.Server;

/// <summary>The variants of an offer and what it states of its product's safety, where people and programs read them.</summary>
[Collection(ServerSet.Name)]
public sealed class OfferSafetyTests(ServerFixture server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_of_a_hit_and_the_api_show_variants_and_what_is_missing()
    {
        (_, HitRow hit) = await AddAsync("Safety lamp", lacks: true);
        using HttpClient client = server.Client(AccountRole.Viewer);
        string html = System.Net.WebUtility.HtmlDecode(await client.GetStringAsync($"/hits/{hit.Id}", Stop));
        foreach (string part in (string[])["120 variants", "Ruby red", "4006381333931", "The first 2 of 120 are kept.", "Missing: responsible person in the EU, warnings or safety information", "Toys Ltd (under “Manufacturer”)", "cannot be told: a picture may show it"])
            Assert.Contains(part, html, StringComparison.Ordinal);
        JsonElement seen = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits/{hit.Id}", Stop)).GetProperty("observation");
        Assert.Equal(("Ruby red", 9.5m, "OutOfStock", 120, true), (seen.GetProperty("variants")[0].GetProperty("name").GetString(), seen.GetProperty("variants")[0].GetProperty("price").GetDecimal(),
            seen.GetProperty("variants")[0].GetProperty("availability").GetString(), seen.GetProperty("variantsFound").GetInt32(), seen.GetProperty("lacksResponsiblePerson").GetBoolean()));
        Assert.Equal([("Manufacturer", "Found"), ("ManufacturerContact", "CannotBeTold"), ("ResponsiblePerson", "Missing"), ("Warnings", "Missing")], seen.GetProperty("safety").EnumerateArray().Select(p => (p.GetProperty("point").GetString()!, p.GetProperty("state").GetString()!)));
    }

    [Fact]
    public async Task Hits_that_lack_a_responsible_person_are_found_and_exported()
    {
        (long reference, HitRow lacking) = await AddAsync("Filtered lamp", lacks: true);
        await AddAsync("Filtered lamp", lacks: false, reference);
        await AddAsync("Filtered lamp", lacks: null, reference);
        using HttpClient client = server.Client(AccountRole.Viewer);
        Assert.Equal([lacking.Id], (await client.GetFromJsonAsync<JsonElement>($"/api/v1/hits?reference={reference}&lacksResponsible=true", Stop)).GetProperty("items").EnumerateArray().Select(x => x.GetProperty("id").GetInt64()));
        string csv = await client.GetStringAsync($"/api/v1/hits/export.csv?reference={reference}&lacksResponsible=true", Stop);
        string[] lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("variants_found,safety_missing,lacks_responsible_person,targets,may_target", lines[0].Trim(), StringComparison.Ordinal);
        Assert.EndsWith("120,ResponsiblePerson Warnings,true,,", Assert.Single(lines[1..]).Trim(), StringComparison.Ordinal);
        string page = await client.GetStringAsync($"/hits?reference={reference}&lacks=responsible", Stop);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"/hits/{lacking.Id}"), page, StringComparison.Ordinal);
        Assert.Contains("lacksResponsible=true", page, StringComparison.Ordinal);
    }

    private async Task<(long Reference, HitRow Hit)> AddAsync(string title, bool? lacks, long? of = null)
    {
        await using TouchstoneDb db = await server.OpenAsync();
        ReferenceRow reference = of is { } id ? await db.References.SingleAsync(r => r.Id == id, Stop) : await SampleHits.AddReferenceAsync(db, title);
        HitRow hit = await SampleHits.AddAsync(db, reference, image: BlobName.Of(server.Picture));
        ObservationRow seen = hit.Match!.Screening!.Observation!;
        seen.Variants.Add(new() { Position = 0, Name = "Ruby red", Gtin = "4006381333931", Price = 9.5m, Availability = Availability.OutOfStock });
        seen.Variants.Add(new() { Position = 1, Name = "Sea blue", Sku = "L-B" });
        seen.VariantsFound = 120;
        seen.LacksResponsiblePerson = lacks;
        seen.Safety = SafetyColumn.Write([
            new(SafetyPoint.Manufacturer, SafetyState.Found, "Toys Ltd", "Manufacturer"), new(SafetyPoint.ManufacturerContact, SafetyState.CannotBeTold, Reason: SafetyReason.OnlyInPicture),
            new(SafetyPoint.ResponsiblePerson, SafetyState.Missing), new(SafetyPoint.Warnings, SafetyState.Missing, Reason: SafetyReason.NoneStated)]);
        await db.SaveChangesAsync(Stop);
        return (reference.Id, hit);
    }
}
