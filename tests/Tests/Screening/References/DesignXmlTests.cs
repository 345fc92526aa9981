using System.IO.Compression;
using Touchstone.Screening.References;
using Touchstone.Screening.References.Registers;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Tests.Screening.References;

/// <summary>Designs as offices export them: of the older standard with applicants beside the designs, of the newer one, and of the Hague system.</summary>
public sealed class DesignXmlTests
{
    private const string Old = """
        <?xml version="1.0" encoding="ISO-8859-1"?>
        <Transaction xmlns="http://www.wipo.int/standards/XMLSchema/designs"><DesignTransactionBody><TransactionContentDetails><TransactionData><DesignApplicationDetails>
        <DesignApplication operationCode="Insert"><RegistrationOfficeCode>FR</RegistrationOfficeCode><DesignApplicationNumber>20260042</DesignApplicationNumber><DesignApplicationDate>2026-02-01</DesignApplicationDate>
          <DesignDetails>
            <Design><DesignIdentifier>917240</DesignIdentifier><DesignReference>001</DesignReference><DesignTitle>Fauteuil à bascule</DesignTitle><ExpiryDate>2031-02-01</ExpiryDate>
              <DesignRepresentationSheetDetails><DesignRepresentationSheet><ViewDetails>
                <View><ViewSequenceNumber>1</ViewSequenceNumber><ViewNumber>1</ViewNumber><ViewFilename>dm917240_001.JPG</ViewFilename></View>
                <View><ViewSequenceNumber>2</ViewSequenceNumber><ViewNumber>dm917240_002</ViewNumber></View>
                <View><ViewSequenceNumber>3</ViewSequenceNumber><ViewNumber>3</ViewNumber></View>
              </ViewDetails></DesignRepresentationSheet></DesignRepresentationSheetDetails>
              <IndicationProductDetails><IndicationProduct><ClassificationKindCode>Locarno</ClassificationKindCode><ClassDescriptionDetails><ClassDescription><ClassNumber>0601</ClassNumber><ProductDescription>Chaises</ProductDescription></ClassDescription></ClassDescriptionDetails></IndicationProduct></IndicationProductDetails></Design>
            <Design><DesignReference>002</DesignReference><IndicationProductDetails><IndicationProduct><ClassDescriptionDetails>
              <ClassDescription><ClassNumber>6-3</ClassNumber><ProductDescription languageCode="fr">Tables basses</ProductDescription><ProductDescription languageCode="en">Coffee tables</ProductDescription></ClassDescription></ClassDescriptionDetails></IndicationProduct></IndicationProductDetails>
              <DesignCurrentStatusCode>Ended</DesignCurrentStatusCode><DesignCurrentStatusDate>2026-09-30</DesignCurrentStatusDate></Design>
          </DesignDetails>
          <ApplicantDetails><Applicant><ApplicantAddressBook><FormattedNameAddress><Name><FormattedName><FirstName>Zoé</FirstName><LastName>Meyer</LastName></FormattedName></Name></FormattedNameAddress></ApplicantAddressBook></Applicant></ApplicantDetails></DesignApplication>
        <DesignApplication><DesignDetails><Design><DesignTitle>Nobody's</DesignTitle></Design></DesignDetails></DesignApplication>
        </DesignApplicationDetails></TransactionData></TransactionContentDetails></DesignTransactionBody></Transaction>
        """;

    private const string New = """
        <dgn:DesignTransaction xmlns:com="http://www.wipo.int/standards/XMLSchema/ST96/Common" xmlns:dgn="http://www.wipo.int/standards/XMLSchema/ST96/Design"><dgn:DesignApplicationBag>
        <dgn:DesignApplication><com:ReceivingOfficeCode>BX</com:ReceivingOfficeCode><dgn:ApplicationNumber><com:ApplicationNumberText>90001</com:ApplicationNumberText></dgn:ApplicationNumber>
          <com:ApplicantBag><com:Applicant><com:Contact><com:Name><com:EntityName>Glim Lighting B.V.</com:EntityName></com:Name></com:Contact></com:Applicant></com:ApplicantBag>
          <dgn:DesignBag><dgn:Design><dgn:DesignIdentifier>1</dgn:DesignIdentifier><com:RegistrationNumber>90001</com:RegistrationNumber><com:RegistrationDate>2025-05-02</com:RegistrationDate><com:ExpiryDate>2030-05-01+01:00</com:ExpiryDate>
            <dgn:LocarnoClassificationBag><dgn:LocarnoClassification><dgn:LocarnoClass>26</dgn:LocarnoClass><dgn:LocarnoSubclass>5</dgn:LocarnoSubclass></dgn:LocarnoClassification></dgn:LocarnoClassificationBag>
            <dgn:ProductIndicationBag><dgn:ProductIndication com:languageCode="nl">Lampen</dgn:ProductIndication><dgn:ProductIndication com:languageCode="en">Lamps</dgn:ProductIndication></dgn:ProductIndicationBag>
            <dgn:ViewBag><dgn:View><dgn:ViewIdentifier>1.1</dgn:ViewIdentifier><com:FileName>gone.png</com:FileName></dgn:View><dgn:View><com:ImageURI>https://office.example/90001-2.jpg</com:ImageURI></dgn:View></dgn:ViewBag></dgn:Design></dgn:DesignBag></dgn:DesignApplication>
        </dgn:DesignApplicationBag></dgn:DesignTransaction>
        """;

    private const string Hague = """
        <Transaction><HagueExpressTransaction><HagueCurrent xmlns="http://www.wipo.int/standards/XMLSchema/ST96/Design"><HagueRegistration xmlns:c="http://www.wipo.int/standards/XMLSchema/ST96/Common">
          <c:InternationalRegistrationNumber>DM/200001</c:InternationalRegistrationNumber><c:InternationalRegistrationDate>2024-01-10</c:InternationalRegistrationDate><c:ExpiryDate>2029-01-10</c:ExpiryDate>
          <c:HolderBag><c:Holder><c:Contact><c:Name><c:OrganizationName>Orlo SA</c:OrganizationName></c:Name></c:Contact></c:Holder></c:HolderBag>
          <DesignatedCountryBag><DesignatedCountry><c:DesignatedCountryCode>EM</c:DesignatedCountryCode></DesignatedCountry><DesignatedCountry><c:DesignatedCountryCode>CH</c:DesignatedCountryCode></DesignatedCountry></DesignatedCountryBag>
          <DesignBag><Design><DesignIdentifier>1</DesignIdentifier><ProductIndicationText>Toy drum</ProductIndicationText><LocarnoClassText>21-01</LocarnoClassText></Design><Design><DesignIdentifier>2</DesignIdentifier><ProductIndicationText>Drum stick</ProductIndicationText></Design></DesignBag>
        </HagueRegistration></HagueCurrent></HagueExpressTransaction></Transaction>
        """;

    [Fact]
    public async Task Designs_of_an_application_are_references_with_their_views_from_anywhere_in_the_archive()
    {
        await using ImportBench bench = await ImportBench.CreateAsync();
        string path = Path.Combine(bench.Folder, "designs.zip");
        await using (ZipArchive zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            foreach ((string name, byte[] bytes) in new[] { ("xml/new.xml", System.Text.Encoding.Latin1.GetBytes(Old)), ("img/000/dm917240_001.jpg", ImportBench.Picture(1)), ("img/000/dm917240_002.png", ImportBench.Picture(2)), ("img/3.jpg", ImportBench.Picture(3)) })
            {
                await using Stream entry = await zip.CreateEntry(name).OpenAsync(TestContext.Current.CancellationToken);
                await entry.WriteAsync(bytes, TestContext.Current.CancellationToken);
            }
        }
        ImportReport report = await bench.ImportAsync(path);
        Assert.Equal((3, 2, 1), (report.Read, report.Added, report.Rejected));
        Assert.Equal((2, 2), (report.Pictures.Total, report.Pictures.Stored));
        Assert.Equal("The design names no office.", Assert.Single(report.Rejections).Reason);
        List<ReferenceRow> rows = await bench.RowsAsync();
        Assert.Equal(("FR-917240", ReferenceKind.Design, "Fauteuil à bascule", "Zoé Meyer", "FR", "Locarno 06-01"), (rows[0].ExternalId, rows[0].Kind, rows[0].Title, rows[0].RightHolder, rows[0].Territory, rows[0].Classes));
        Assert.Equal(new DateOnly(2031, 2, 1), rows[0].ExpiresOn);
        Assert.Contains(rows[0].Identifiers, x => x.Value == "FR application 20260042");
        Assert.Equal(("FR-20260042-0002", "Coffee tables", "Locarno 06-03"), (rows[1].ExternalId, rows[1].Title, rows[1].Classes));
        Assert.Equal(new DateOnly(2026, 9, 30), rows[1].ExpiresOn);
    }

    [Fact]
    public async Task Design_of_the_newer_standard()
    {
        ParsedReference lamp = Assert.IsType<ImportRecord.Accepted>(Assert.Single(await ImportBench.ReadAsync(new DesignXmlImporter(), New))).Reference;
        Assert.Equal(("BX-90001", "Lamps", "Glim Lighting B.V.", new DateOnly(2030, 5, 1), new DateOnly(2025, 5, 2)), (lamp.ExternalId, lamp.Title, lamp.RightHolder, lamp.ExpiresOn!.Value, lamp.PublishedOn!.Value));
        Assert.Equal(["BE", "LU", "NL"], lamp.Territory);
        Assert.Equal("Locarno 26-05", Assert.Single(lamp.Classes).ToString());
        // One is named and not there, which the import reports; the other is downloaded.
        Assert.Equal([new PictureSource.File("gone.png"), new PictureSource.Web("https://office.example/90001-2.jpg")], lamp.Pictures);
    }

    [Fact]
    public async Task International_design_counts_in_the_members_that_it_designates()
    {
        ParsedReference[] designs = [.. (await ImportBench.ReadAsync(new DesignXmlImporter(), Hague)).Cast<ImportRecord.Accepted>().Select(x => x.Reference)];
        Assert.Equal(["WO-DM/200001-0001", "WO-DM/200001-0002"], designs.Select(x => x.ExternalId));
        Assert.All(designs, x => Assert.Equal(["EU", "CH"], x.Territory));
        Assert.All(designs, x => Assert.Equal(("Orlo SA", new DateOnly(2029, 1, 10)), (x.RightHolder, x.ExpiresOn!.Value)));
    }

    [Theory]
    [InlineData(Old)]
    [InlineData(New)]
    [InlineData(Hague)]
    public void Design_is_told_from_the_content(string document)
    {
        using ImportFiles files = ImportFiles.Of("designs.xml", System.Text.Encoding.Latin1.GetBytes(document));
        Assert.IsType<DesignXmlImporter>(RegisterFormats.Detect(files, "designs.xml"));
    }
}
