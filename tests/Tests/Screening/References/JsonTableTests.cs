using System.Text;
using Touchstone.Screening.References;
using Touchstone.Screening.References.Registers;

namespace Touchstone.Tests.Screening.References;

/// <summary>Registers as JSON with the columns of the table, also one object a line; and recalls of the French state in each of the ways in which they are published.</summary>
public sealed class JsonTableTests
{
    [Theory]
    [InlineData("""[{"id":"A","title":"Drum","gtin":4006381333931,"brand":{"name":"Orlo"},"pictures":["https://r.example/1.jpg","https://r.example/2.jpg"]},{"id":"B","title":null}]""")]
    [InlineData("{\"id\":\"A\",\"title\":\"Drum\",\"gtin\":\"4006381333931\",\"brand\":\"Orlo\",\"pictures\":\"https://r.example/1.jpg|https://r.example/2.jpg\"}\n{\"id\":\"B\",\"title\":\"\"}\n")]
    [InlineData("{\"id\":\"A\",\"title\":\"Drum\",\"gtin\":\"4006381333931\",\"brand\":\"Orlo\",\"pictures\":[{\"url\":\"https://r.example/1.jpg\"},{\"url\":\"https://r.example/2.jpg\"}]}\n{\"id\":\"B\",\"title\":{}}\n")]
    [InlineData("""{"count":2,"results":[{"id":"A","title":"Drum","gtin":"4006381333931","brand":"Orlo","pictures":["https://r.example/1.jpg","https://r.example/2.jpg"]},{"id":"B"}]}""")]
    public async Task Each_object_is_a_line_of_the_table(string document)
    {
        List<ImportRecord> records = await ReadAsync(document, "register.jsonl");
        Assert.Equal(2, records.Count);
        ParsedReference drum = Assert.IsType<ImportRecord.Accepted>(records[0]).Reference;
        Assert.Equal(("A", "Drum", "Orlo", "4006381333931", 2), (drum.ExternalId, drum.Title, Assert.Single(drum.Brands), Assert.Single(drum.Identifiers).Value, drum.Pictures.Count));
        Assert.Contains("has no title", Assert.IsType<ImportRecord.Rejected>(records[1]).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_cut_off_costs_no_other()
    {
        List<ImportRecord> records = await ReadAsync("{\"id\":\"A\",\"title\":\"Drum\"}\n{\"id\":\"B\",\"title\":\"Cu\n{\"id\":\"C\",\"title\":\"Bell\"}\n{\"id\":\"D\",\"tags\":[{\"a\":1}\n{\"id\":\"E\",\"title\":\"Cup\"}", "register.ndjson");
        Assert.Equal(["Drum", "-", "Bell", "-", "Cup"], records.Select(x => x is ImportRecord.Accepted a ? a.Reference.Title : "-"));
    }

    [Fact]
    public async Task What_is_no_number_is_no_value()
    {
        ParsedReference drum = Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ReadAsync("[{\"id\":\"A\",\"title\":\"Drum: NaN, \\\"NaN\\\"\",\"brand\":NaN,\"model\":-Infinity,\"gtin\": NaN\n}]", "register.json"))).Reference;
        Assert.Equal(("A", "Drum: NaN, \"NaN\"", 0, 0), (drum.ExternalId, drum.Title, drum.Brands.Count, drum.Identifiers.Count));
    }

    [Theory]
    [InlineData(@"Drum \ud83d", "Drum \uFFFD")]
    [InlineData(@"Drum \udc00!", "Drum \uFFFD!")]
    [InlineData(@"Drum \ud83e\udd41", "Drum \U0001F941")]
    [InlineData(@"Drum \\ud83d", @"Drum \ud83d")]
    [InlineData("Drum\tbig", "Drum big")]
    public async Task A_character_that_is_cut_in_two_costs_no_record(string written, string title) =>
        Assert.Equal([title, "Cup"], (await ReadAsync($$"""[{"id":"A","title":"{{written}}"},{"id":"B","title":"Cup"}]""", "register.json")).Select(x => Assert.IsType<ImportRecord.Accepted>(x).Reference.Title));

    [Fact]
    public async Task Registers_of_authorities_come_one_object_a_line_too()
    {
        Assert.Equal(["A12/00001/26", "A12/00002/26"], (await ReadAsync("{\"alert_number\":\"A12/00001/26\",\"product_name\":\"Drum\",\"images\":[]}\n{\"alert_number\":\"A12/00002/26\",\"product_name\":\"Cup\"}\n", "alerts.json")).Select(x => Assert.IsType<ImportRecord.Accepted>(x).Reference.ExternalId));
        ParsedReference recall = Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ReadAsync("""{"RecallID":1,"RecallNumber":"26001","Title":"Lamps","Products":[{"Name":"Lamp"}]}""", "recall.json"))).Reference;
        Assert.Equal(("CPSC-26001", "Lamp"), (recall.ExternalId, recall.Title));
    }

    [Theory]
    [InlineData("""{"name":"tool","version":"1.0","type":"module","files":["a"],"author":"x","description":"d"}""")]
    [InlineData("""{"contributors":[{"name":"Ann","email":"a@x.example","url":"https://x.example"}]}""")]
    [InlineData("""{"name":"x" """)]
    public void What_is_no_register_is_none(string document)
    {
        using ImportFiles files = ImportFiles.Of("package.json", Encoding.UTF8.GetBytes(document));
        Assert.Null(RegisterFormats.Detect(files, "package.json"));
    }

    private const string Present = """
        numero_fiche;numero_version;categorie_produit;sous_categorie_produit;marque_produit;modeles_ou_references;identification_produits;conditionnements;distributeurs;motif_rappel;risques_encourus;conduites_a_tenir_par_le_consommateur;liens_vers_les_images;lien_vers_la_fiche_rappel;rappel_guid;date_publication;libelle
        2026-01-0042;1;bébés-enfants (hors alimentaire);jouets;ORLO;Tambour T1|Tambour T2;4006381333931$LOT A7$date limite$2026-05-01|4006381333948$tous les lots;Boîte;MAGASIN UN|MAGASIN DEUX;Petites pièces;Étouffement|Blessures;Ne plus utiliser|Rapporter au point de vente;https://rappel.example/1.jpg|https://rappel.example/2.jpg;https://rappel.example/fiche/42;g-1;2026-01-09T10:00:00+01:00;Tambour pour enfants
        """;

    private const string Former = """
        Référence Fiche;Nom de la marque du produit;Noms des modèles ou références;Identification des produits;Motif du rappel;Risques encourus par le consommateur;Conduites à tenir par le consommateur;Liens vers les images;Date de publication;Sous-catégorie de produit;Distributeurs
        2026-01-0042;ORLO;Tambour pour enfants;4006381333931$A7;Petites pièces;Étouffement|Blessures;Ne plus utiliser|Rapporter au point de vente;https://rappel.example/1.jpg https://rappel.example/2.jpg;09/01/2026;jouets;MAGASIN UN
        """;

    private const string Interface = """
        {"total_count":1,"results":[{"id":7,"numero_fiche":"2026-01-0042","marque_produit":"orlo","modeles_ou_references":"T1","identification_produits":["4006381333931","LOT A7","date limite de consommation","2026-05-01"],"motif_rappel":"Petites pièces","risques_encourus":"Étouffement, Blessures","conduites_a_tenir_par_le_consommateur":"Ne plus utiliser|Rapporter au point de vente","liens_vers_les_images":"https://rappel.example/1.jpg|https://rappel.example/2.jpg","date_publication":"2026-01-09","libelle":"Tambour pour enfants","sous_categorie_produit":"jouets"}]}
        """;

    private const string FormerInterface = """
        {"nhits":1,"records":[{"datasetid":"rappelconso0","recordid":"x","fields":{"reference_fiche":"2026-01-0042","nom_de_la_marque_du_produit":"Orlo","noms_des_modeles_ou_references":"Tambour pour enfants","identification_des_produits":"4006381333931$A7","motif_du_rappel":"Petites pièces","risques_encourus_par_le_consommateur":"Étouffement|Blessures","conduites_a_tenir_par_le_consommateur":"Ne plus utiliser|Rapporter au point de vente","liens_vers_les_images":"https://rappel.example/1.jpg https://rappel.example/2.jpg","date_de_publication":"2026-01-09","sous_categorie_de_produit":"jouets"}}]}
        """;

    [Theory]
    [InlineData("rappelconso.csv", Present)]
    [InlineData("rappelconso0.csv", Former)]
    [InlineData("rappelconso.json", Interface)]
    [InlineData("rappelconso0.json", FormerInterface)]
    public async Task French_recalls_are_read_in_each_of_their_forms(string name, string document)
    {
        ParsedReference recall = Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ReadAsync(document, name))).Reference;
        Assert.Equal(("RAPPELCONSO-2026-01-0042", ReferenceKind.Alert, "Tambour pour enfants", "orlo", "France", new DateOnly(2026, 1, 9)), (recall.ExternalId, recall.Kind, recall.Title, Assert.Single(recall.Brands).ToLowerInvariant(), recall.NotifyingCountry, recall.PublishedOn!.Value));
        Assert.Equal([RiskType.Choking, RiskType.Injuries], recall.Risks);
        Assert.Contains(ParsedIdentifier.OfGtin("4006381333931"), recall.Identifiers);
        Assert.Contains(ParsedIdentifier.Of(IdentifierScheme.Batch, "A7"), recall.Identifiers);
        Assert.DoesNotContain(recall.Identifiers, x => x.Value.Contains("2026", StringComparison.Ordinal) || x.Value.Contains("date", StringComparison.Ordinal));
        Assert.Equal([new PictureSource.Web("https://rappel.example/1.jpg"), new PictureSource.Web("https://rappel.example/2.jpg")], recall.Pictures);
        Assert.Equal(("Petites pièces", "Ne plus utiliser\nRapporter au point de vente", "jouets"), (recall.Danger, recall.Measures, recall.Category));
    }

    private static async Task<List<ImportRecord>> ReadAsync(string document, string name)
    {
        using ImportFiles files = ImportFiles.Of(name, Encoding.UTF8.GetBytes(document));
        IRegisterImporter importer = RegisterFormats.Detect(files, name)!;
        List<ImportRecord> records = [];
        await foreach (ImportRecord record in importer.ReadAsync(files, name, TestContext.Current.CancellationToken)) records.Add(record);
        return records;
    }
}
