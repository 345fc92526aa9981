using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class MarketSurveillance : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            AddCaseWork(migrationBuilder);
            AddFoundShopsMandatesAndMarkets(migrationBuilder);
            AddOfferVariantsAndSafety(migrationBuilder);
            AddNotices(migrationBuilder);
            AddWatches(migrationBuilder);
            AddSearchTimeOfDay(migrationBuilder);
            AddErasedNames(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            RemoveErasedNames(migrationBuilder);
            RemoveSearchTimeOfDay(migrationBuilder);
            RemoveWatches(migrationBuilder);
            RemoveNotices(migrationBuilder);
            RemoveOfferVariantsAndSafety(migrationBuilder);
            RemoveFoundShopsMandatesAndMarkets(migrationBuilder);
            RemoveCaseWork(migrationBuilder);
        }

        private static void AddCaseWork(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Category",
                table: "Cases",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ClaimedBy",
                table: "Cases",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ClaimedUntil",
                table: "Cases",
                nullable: true);

            // What was open is looked at; what waited for a reply or was watched is acted on, and has not ended.
            migrationBuilder.Sql("""UPDATE "Cases" SET "State" = 'Triage' WHERE "State" = 'Open'""");
            migrationBuilder.Sql("""UPDATE "Cases" SET "State" = 'Action' WHERE "State" IN ('AwaitingReply', 'Watching')""");
            migrationBuilder.Sql("""UPDATE "Cases" SET "Category" = (SELECT r."Category" FROM "Hits" h JOIN "References" r ON r."Id" = h."ReferenceId" WHERE h."CaseId" = "Cases"."Id" ORDER BY h."Id" LIMIT 1)""");

            migrationBuilder.CreateTable(
                name: "Attachments",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    CaseId = table.Column<long>(nullable: false),
                    Sha256 = table.Column<string>(nullable: false),
                    Name = table.Column<string>(nullable: false),
                    MediaType = table.Column<string>(nullable: false),
                    Bytes = table.Column<long>(nullable: false),
                    AddedBy = table.Column<string>(nullable: false),
                    AddedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Attachments", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Attachments_Cases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Cases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "CaseClocks",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    CaseId = table.Column<long>(nullable: false),
                    Kind = table.Column<string>(nullable: false),
                    What = table.Column<string>(nullable: true),
                    Country = table.Column<string>(nullable: true),
                    StartedAt = table.Column<long>(nullable: false),
                    StartedBy = table.Column<string>(nullable: false),
                    DueAt = table.Column<long>(nullable: false),
                    MetAt = table.Column<long>(nullable: true),
                    MetBy = table.Column<string>(nullable: true),
                    How = table.Column<string>(nullable: true),
                    BreachToldAt = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaseClocks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CaseClocks_Cases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Cases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "CaseRules",
                columns: table => new
                {
                    Id = table.Column<int>(nullable: false),
                    HitsAlone = table.Column<int>(nullable: false),
                    OrderDays = table.Column<int>(nullable: false),
                    NoticeDays = table.Column<int>(nullable: false),
                    SampleDays = table.Column<int>(nullable: false),
                    OwnDays = table.Column<int>(nullable: false),
                    Country = table.Column<string>(nullable: true),
                    UpsettingCategories = table.Column<string>(nullable: false),
                    ChangedBy = table.Column<string>(nullable: true),
                    ChangedAt = table.Column<long>(nullable: true),
                    Version = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaseRules", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Holidays",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Country = table.Column<string>(nullable: false),
                    Day = table.Column<DateOnly>(nullable: false),
                    Name = table.Column<string>(nullable: false),
                    AddedBy = table.Column<string>(nullable: false),
                    AddedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Holidays", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Mentions",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    CaseId = table.Column<long>(nullable: false),
                    EventId = table.Column<long>(nullable: false),
                    Account = table.Column<string>(nullable: false),
                    At = table.Column<long>(nullable: false),
                    SeenAt = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Mentions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Mentions_CaseEvents_EventId",
                        column: x => x.EventId,
                        principalTable: "CaseEvents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Mentions_Cases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Cases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Proposals",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    State = table.Column<string>(nullable: false),
                    By = table.Column<string>(nullable: false),
                    Key = table.Column<string>(nullable: false),
                    Name = table.Column<string>(nullable: false),
                    To = table.Column<string>(nullable: false),
                    Reason = table.Column<string>(nullable: true),
                    Note = table.Column<string>(nullable: true),
                    Hits = table.Column<int>(nullable: false),
                    Seen = table.Column<string>(nullable: false),
                    ProposedBy = table.Column<string>(nullable: false),
                    ProposedAt = table.Column<long>(nullable: false),
                    DecidedBy = table.Column<string>(nullable: true),
                    DecidedAt = table.Column<long>(nullable: true),
                    Outcome = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Proposals", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Upsetting",
                columns: table => new
                {
                    ReferenceId = table.Column<long>(nullable: false),
                    MarkedBy = table.Column<string>(nullable: false),
                    MarkedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Upsetting", x => x.ReferenceId);
                    table.ForeignKey(
                        name: "FK_Upsetting_References_ReferenceId",
                        column: x => x.ReferenceId,
                        principalTable: "References",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ViewPreferences",
                columns: table => new
                {
                    Account = table.Column<string>(nullable: false),
                    Blur = table.Column<string>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ViewPreferences", x => x.Account);
                });

            migrationBuilder.CreateTable(
                name: "Samples",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    CaseId = table.Column<long>(nullable: false),
                    State = table.Column<string>(nullable: false),
                    Supplier = table.Column<string>(nullable: false),
                    Link = table.Column<string>(nullable: true),
                    Quantity = table.Column<int>(nullable: false),
                    Price = table.Column<double>(nullable: true),
                    Currency = table.Column<string>(nullable: true),
                    OrderedBy = table.Column<string>(nullable: false),
                    OrderedAt = table.Column<long>(nullable: false),
                    ExpectedOn = table.Column<DateOnly>(nullable: true),
                    ReceivedAt = table.Column<long>(nullable: true),
                    Laboratory = table.Column<string>(nullable: true),
                    SentAt = table.Column<long>(nullable: true),
                    ResultAt = table.Column<long>(nullable: true),
                    Risk = table.Column<string>(nullable: true),
                    Standard = table.Column<string>(nullable: true),
                    ReportId = table.Column<long>(nullable: true),
                    ClockId = table.Column<long>(nullable: true),
                    Note = table.Column<string>(nullable: true),
                    Version = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Samples", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Samples_Attachments_ReportId",
                        column: x => x.ReportId,
                        principalTable: "Attachments",
                        principalColumn: "Id");
                    table.ForeignKey(
                        name: "FK_Samples_CaseClocks_ClockId",
                        column: x => x.ClockId,
                        principalTable: "CaseClocks",
                        principalColumn: "Id");
                    table.ForeignKey(
                        name: "FK_Samples_Cases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Cases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Cases_Market_Category",
                table: "Cases",
                columns: new[] { "Market", "Category" });

            migrationBuilder.CreateIndex(
                name: "IX_Attachments_CaseId",
                table: "Attachments",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_Attachments_Sha256",
                table: "Attachments",
                column: "Sha256");

            migrationBuilder.CreateIndex(
                name: "IX_CaseClocks_CaseId",
                table: "CaseClocks",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_CaseClocks_Running",
                table: "CaseClocks",
                column: "DueAt",
                filter: "\"MetAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Holidays_Country_Day",
                table: "Holidays",
                columns: new[] { "Country", "Day" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Mentions_Account_SeenAt",
                table: "Mentions",
                columns: new[] { "Account", "SeenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Mentions_CaseId",
                table: "Mentions",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_Mentions_EventId",
                table: "Mentions",
                column: "EventId");

            migrationBuilder.CreateIndex(
                name: "IX_Proposals_State",
                table: "Proposals",
                column: "State");

            migrationBuilder.CreateIndex(
                name: "IX_Samples_CaseId",
                table: "Samples",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_Samples_ClockId",
                table: "Samples",
                column: "ClockId");

            migrationBuilder.CreateIndex(
                name: "IX_Samples_ReportId",
                table: "Samples",
                column: "ReportId");
        }

        private static void RemoveCaseWork(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""UPDATE "Cases" SET "State" = 'Open' WHERE "State" IN ('New', 'Triage', 'SampleOrdered', 'AwaitingResult', 'Reopened')""");
            migrationBuilder.Sql("""UPDATE "Cases" SET "State" = 'AwaitingReply' WHERE "State" = 'Action'""");
            migrationBuilder.Sql("""UPDATE "Cases" SET "State" = 'Closed' WHERE "State" = 'Rejected'""");

            migrationBuilder.DropTable(
                name: "CaseRules");

            migrationBuilder.DropTable(
                name: "Holidays");

            migrationBuilder.DropTable(
                name: "Mentions");

            migrationBuilder.DropTable(
                name: "Proposals");

            migrationBuilder.DropTable(
                name: "Samples");

            migrationBuilder.DropTable(
                name: "Upsetting");

            migrationBuilder.DropTable(
                name: "ViewPreferences");

            migrationBuilder.DropTable(
                name: "Attachments");

            migrationBuilder.DropTable(
                name: "CaseClocks");

            migrationBuilder.DropIndex(
                name: "IX_Cases_Market_Category",
                table: "Cases");

            migrationBuilder.DropColumn(
                name: "Category",
                table: "Cases");

            migrationBuilder.DropColumn(
                name: "ClaimedBy",
                table: "Cases");

            migrationBuilder.DropColumn(
                name: "ClaimedUntil",
                table: "Cases");
        }

        private static void AddFoundShopsMandatesAndMarkets(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "FindMarkets",
                table: "Searches",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "MostFoundShops",
                table: "Searches",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Policy",
                table: "RememberedUrls",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Policy",
                table: "ObservationExchanges",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Findings",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ReferenceId = table.Column<long>(nullable: true),
                    SearchId = table.Column<long>(nullable: true),
                    Terms = table.Column<string>(nullable: false),
                    Markets = table.Column<string>(nullable: false),
                    MostShops = table.Column<int>(nullable: false),
                    State = table.Column<string>(nullable: false),
                    Problems = table.Column<string>(nullable: true),
                    Asked = table.Column<int>(nullable: false),
                    Results = table.Column<int>(nullable: false),
                    LeftOut = table.Column<int>(nullable: false),
                    CreatedBy = table.Column<string>(nullable: false),
                    CreatedAt = table.Column<long>(nullable: false),
                    FinishedAt = table.Column<long>(nullable: true),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    Fence = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Findings", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Findings_References_ReferenceId",
                        column: x => x.ReferenceId,
                        principalTable: "References",
                        principalColumn: "Id");
                });

            migrationBuilder.CreateTable(
                name: "IgnoredHosts",
                columns: table => new
                {
                    Host = table.Column<string>(nullable: false),
                    IsIgnored = table.Column<bool>(nullable: false),
                    Reason = table.Column<string>(nullable: true),
                    ChangedBy = table.Column<string>(nullable: false),
                    ChangedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IgnoredHosts", x => x.Host);
                });

            migrationBuilder.CreateTable(
                name: "Mandates",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Host = table.Column<string>(nullable: false),
                    LegalBasis = table.Column<string>(nullable: false),
                    Approver = table.Column<string>(nullable: false),
                    RecordedAt = table.Column<long>(nullable: false),
                    Expires = table.Column<long>(nullable: false),
                    EndedAt = table.Column<long>(nullable: true),
                    EndedBy = table.Column<string>(nullable: true),
                    EndReason = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Mandates", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MarketSignals",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Host = table.Column<string>(nullable: false),
                    Kind = table.Column<string>(nullable: false),
                    Countries = table.Column<string>(nullable: false),
                    Text = table.Column<string>(nullable: false),
                    PageUrl = table.Column<string>(nullable: false),
                    FirstSeenAt = table.Column<long>(nullable: false),
                    LastSeenAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MarketSignals", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SearchProviders",
                columns: table => new
                {
                    Kind = table.Column<string>(nullable: false),
                    Url = table.Column<string>(nullable: false),
                    ProtectedKey = table.Column<string>(nullable: true),
                    IsOn = table.Column<bool>(nullable: false),
                    PauseMilliseconds = table.Column<int>(nullable: false),
                    ChangedBy = table.Column<string>(nullable: false),
                    ChangedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchProviders", x => x.Kind);
                });

            migrationBuilder.CreateTable(
                name: "SearchTerms",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Language = table.Column<string>(nullable: false),
                    Subject = table.Column<string>(nullable: false),
                    Words = table.Column<string>(nullable: false),
                    ChangedBy = table.Column<string>(nullable: false),
                    ChangedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchTerms", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ShopMarkets",
                columns: table => new
                {
                    Host = table.Column<string>(nullable: false),
                    Country = table.Column<string>(nullable: false),
                    Standing = table.Column<string>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ShopMarkets", x => new { x.Host, x.Country });
                });

            migrationBuilder.CreateTable(
                name: "FoundShops",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    FindingId = table.Column<long>(nullable: false),
                    Host = table.Column<string>(nullable: false),
                    Url = table.Column<string>(nullable: false),
                    Title = table.Column<string>(nullable: true),
                    Provider = table.Column<string>(nullable: false),
                    Query = table.Column<string>(nullable: false),
                    Market = table.Column<string>(nullable: true),
                    Rank = table.Column<int>(nullable: false),
                    FoundAt = table.Column<long>(nullable: false),
                    State = table.Column<string>(nullable: false),
                    DecidedBy = table.Column<string>(nullable: true),
                    DecidedAt = table.Column<long>(nullable: true),
                    SearchId = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FoundShops", x => x.Id);
                    table.ForeignKey(
                        name: "FK_FoundShops_Findings_FindingId",
                        column: x => x.FindingId,
                        principalTable: "Findings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Findings_ReferenceId",
                table: "Findings",
                column: "ReferenceId");

            migrationBuilder.CreateIndex(
                name: "IX_Findings_SearchId",
                table: "Findings",
                column: "SearchId");

            migrationBuilder.CreateIndex(
                name: "IX_Findings_State",
                table: "Findings",
                column: "State");

            migrationBuilder.CreateIndex(
                name: "IX_FoundShops_FindingId_Host",
                table: "FoundShops",
                columns: new[] { "FindingId", "Host" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_FoundShops_SearchId",
                table: "FoundShops",
                column: "SearchId");

            migrationBuilder.CreateIndex(
                name: "IX_Mandates_Expires",
                table: "Mandates",
                column: "Expires");

            migrationBuilder.CreateIndex(
                name: "IX_MarketSignals_Host_Kind_Countries",
                table: "MarketSignals",
                columns: new[] { "Host", "Kind", "Countries" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SearchTerms_Language_Subject",
                table: "SearchTerms",
                columns: new[] { "Language", "Subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ShopMarkets_Country",
                table: "ShopMarkets",
                column: "Country");
        }

        private static void RemoveFoundShopsMandatesAndMarkets(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "FoundShops");

            migrationBuilder.DropTable(
                name: "IgnoredHosts");

            migrationBuilder.DropTable(
                name: "Mandates");

            migrationBuilder.DropTable(
                name: "MarketSignals");

            migrationBuilder.DropTable(
                name: "SearchProviders");

            migrationBuilder.DropTable(
                name: "SearchTerms");

            migrationBuilder.DropTable(
                name: "ShopMarkets");

            migrationBuilder.DropTable(
                name: "Findings");

            migrationBuilder.DropColumn(
                name: "FindMarkets",
                table: "Searches");

            migrationBuilder.DropColumn(
                name: "MostFoundShops",
                table: "Searches");

            migrationBuilder.DropColumn(
                name: "Policy",
                table: "RememberedUrls");

            migrationBuilder.DropColumn(
                name: "Policy",
                table: "ObservationExchanges");
        }

        private static void AddOfferVariantsAndSafety(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "LacksResponsiblePerson",
                table: "Observations",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Safety",
                table: "Observations",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "VariantsFound",
                table: "Observations",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "ObservationVariants",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ObservationId = table.Column<long>(nullable: false),
                    Position = table.Column<int>(nullable: false),
                    Name = table.Column<string>(nullable: true),
                    Sku = table.Column<string>(nullable: true),
                    Gtin = table.Column<string>(nullable: true),
                    Mpn = table.Column<string>(nullable: true),
                    Price = table.Column<double>(nullable: true),
                    Currency = table.Column<string>(nullable: true),
                    Availability = table.Column<string>(nullable: true),
                    ImageUrl = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ObservationVariants", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ObservationVariants_Observations_ObservationId",
                        column: x => x.ObservationId,
                        principalTable: "Observations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ObservationVariants_Gtin",
                table: "ObservationVariants",
                column: "Gtin",
                filter: "\"Gtin\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ObservationVariants_ObservationId",
                table: "ObservationVariants",
                column: "ObservationId");
        }

        private static void RemoveOfferVariantsAndSafety(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ObservationVariants");

            migrationBuilder.DropColumn(
                name: "LacksResponsiblePerson",
                table: "Observations");

            migrationBuilder.DropColumn(
                name: "Safety",
                table: "Observations");

            migrationBuilder.DropColumn(
                name: "VariantsFound",
                table: "Observations");
        }

        private static void AddNotices(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Answer",
                table: "Outbox",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AttachmentName",
                table: "Outbox",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AttachmentSha256",
                table: "Outbox",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "BlockEntries",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Kind = table.Column<string>(nullable: false),
                    Value = table.Column<string>(nullable: false),
                    HitId = table.Column<long>(nullable: true),
                    Reason = table.Column<string>(nullable: false),
                    ListedBy = table.Column<string>(nullable: false),
                    ListedAt = table.Column<long>(nullable: false),
                    RemovedBy = table.Column<string>(nullable: true),
                    RemovedAt = table.Column<long>(nullable: true),
                    RemovedReason = table.Column<string>(nullable: true),
                    KeptOff = table.Column<bool>(nullable: false),
                    Sequence = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BlockEntries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NoticeTemplates",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Kind = table.Column<string>(nullable: false),
                    Language = table.Column<string>(nullable: false),
                    Version = table.Column<int>(nullable: false),
                    Source = table.Column<string>(nullable: true),
                    ChangedBy = table.Column<string>(nullable: false),
                    ChangedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoticeTemplates", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Notices",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    CaseId = table.Column<long>(nullable: false),
                    Kind = table.Column<string>(nullable: false),
                    State = table.Column<string>(nullable: false),
                    Version = table.Column<long>(nullable: false),
                    Language = table.Column<string>(nullable: false),
                    Way = table.Column<string>(nullable: false),
                    Recipient = table.Column<string>(nullable: true),
                    RecipientName = table.Column<string>(nullable: true),
                    Reasons = table.Column<string>(nullable: true),
                    LegalBasis = table.Column<string>(nullable: true),
                    Redress = table.Column<string>(nullable: true),
                    Territory = table.Column<string>(nullable: true),
                    Measure = table.Column<string>(nullable: true),
                    GoodFaith = table.Column<bool>(nullable: false),
                    RespondBy = table.Column<DateOnly>(nullable: true),
                    CreatedBy = table.Column<string>(nullable: false),
                    CreatedAt = table.Column<long>(nullable: false),
                    SentBy = table.Column<string>(nullable: true),
                    SentAt = table.Column<long>(nullable: true),
                    Subject = table.Column<string>(nullable: true),
                    Text = table.Column<string>(nullable: true),
                    PdfSha256 = table.Column<string>(nullable: true),
                    PdfProblem = table.Column<string>(nullable: true),
                    TemplateVersion = table.Column<int>(nullable: false),
                    TemplateHash = table.Column<string>(nullable: true),
                    OutboxId = table.Column<long>(nullable: true),
                    ReplySerial = table.Column<int>(nullable: false),
                    ReplyUntil = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Notices", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Notices_Cases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Cases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Operators",
                columns: table => new
                {
                    Id = table.Column<int>(nullable: false),
                    Name = table.Column<string>(nullable: false),
                    Address = table.Column<string>(nullable: false),
                    ContactName = table.Column<string>(nullable: false),
                    ContactEmail = table.Column<string>(nullable: false),
                    Phone = table.Column<string>(nullable: true),
                    LegalBasis = table.Column<string>(nullable: true),
                    Redress = table.Column<string>(nullable: true),
                    Territory = table.Column<string>(nullable: true),
                    Language = table.Column<string>(nullable: false),
                    PublicUrl = table.Column<string>(nullable: true),
                    Hosts = table.Column<string>(nullable: true),
                    Role = table.Column<string>(nullable: false),
                    WebhookSerial = table.Column<int>(nullable: false),
                    Version = table.Column<long>(nullable: false),
                    ChangedBy = table.Column<string>(nullable: false),
                    ChangedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Operators", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NoticeLinks",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    NoticeId = table.Column<long>(nullable: false),
                    HitId = table.Column<long>(nullable: false),
                    Url = table.Column<string>(nullable: false),
                    NextCheckAt = table.Column<long>(nullable: true),
                    ChecksLeft = table.Column<int>(nullable: false),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    Fence = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoticeLinks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_NoticeLinks_Hits_HitId",
                        column: x => x.HitId,
                        principalTable: "Hits",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_NoticeLinks_Notices_NoticeId",
                        column: x => x.NoticeId,
                        principalTable: "Notices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "NoticeReplies",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    NoticeId = table.Column<long>(nullable: false),
                    Kind = table.Column<string>(nullable: false),
                    Text = table.Column<string>(nullable: false),
                    Email = table.Column<string>(nullable: true),
                    AttachmentSha256 = table.Column<string>(nullable: true),
                    AttachmentName = table.Column<string>(nullable: true),
                    At = table.Column<long>(nullable: false),
                    Upheld = table.Column<bool>(nullable: true),
                    DecidedBy = table.Column<string>(nullable: true),
                    DecidedAt = table.Column<long>(nullable: true),
                    Decision = table.Column<string>(nullable: true),
                    AnswerOutboxId = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NoticeReplies", x => x.Id);
                    table.ForeignKey(
                        name: "FK_NoticeReplies_Notices_NoticeId",
                        column: x => x.NoticeId,
                        principalTable: "Notices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "OutcomeChecks",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    LinkId = table.Column<long>(nullable: false),
                    At = table.Column<long>(nullable: false),
                    Seen = table.Column<string>(nullable: false),
                    Detail = table.Column<string>(nullable: false),
                    Status = table.Column<int>(nullable: false),
                    FinalUrl = table.Column<string>(nullable: false),
                    ExchangeSha256 = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OutcomeChecks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OutcomeChecks_NoticeLinks_LinkId",
                        column: x => x.LinkId,
                        principalTable: "NoticeLinks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "Sequences",
                columns: new[] { "Name", "Value" },
                values: new object[] { "block-list", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_Outbox_AttachmentSha256",
                table: "Outbox",
                column: "AttachmentSha256");

            migrationBuilder.CreateIndex(
                name: "IX_BlockEntries_HitId",
                table: "BlockEntries",
                column: "HitId");

            migrationBuilder.CreateIndex(
                name: "IX_BlockEntries_Kind_Value",
                table: "BlockEntries",
                columns: new[] { "Kind", "Value" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_BlockEntries_Sequence",
                table: "BlockEntries",
                column: "Sequence");

            migrationBuilder.CreateIndex(
                name: "IX_NoticeLinks_HitId",
                table: "NoticeLinks",
                column: "HitId");

            migrationBuilder.CreateIndex(
                name: "IX_NoticeLinks_NextCheckAt",
                table: "NoticeLinks",
                column: "NextCheckAt",
                filter: "\"NextCheckAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_NoticeLinks_NoticeId",
                table: "NoticeLinks",
                column: "NoticeId");

            migrationBuilder.CreateIndex(
                name: "IX_NoticeReplies_AttachmentSha256",
                table: "NoticeReplies",
                column: "AttachmentSha256");

            migrationBuilder.CreateIndex(
                name: "IX_NoticeReplies_NoticeId",
                table: "NoticeReplies",
                column: "NoticeId");

            migrationBuilder.CreateIndex(
                name: "IX_NoticeTemplates_Kind_Language_Version",
                table: "NoticeTemplates",
                columns: new[] { "Kind", "Language", "Version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Notices_CaseId",
                table: "Notices",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_Notices_OutboxId",
                table: "Notices",
                column: "OutboxId",
                filter: "\"OutboxId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Notices_PdfSha256",
                table: "Notices",
                column: "PdfSha256");

            migrationBuilder.CreateIndex(
                name: "IX_OutcomeChecks_ExchangeSha256",
                table: "OutcomeChecks",
                column: "ExchangeSha256");

            migrationBuilder.CreateIndex(
                name: "IX_OutcomeChecks_LinkId",
                table: "OutcomeChecks",
                column: "LinkId");
        }

        private static void RemoveNotices(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "BlockEntries");

            migrationBuilder.DropTable(
                name: "NoticeReplies");

            migrationBuilder.DropTable(
                name: "NoticeTemplates");

            migrationBuilder.DropTable(
                name: "Operators");

            migrationBuilder.DropTable(
                name: "OutcomeChecks");

            migrationBuilder.DropTable(
                name: "NoticeLinks");

            migrationBuilder.DropTable(
                name: "Notices");

            migrationBuilder.DropIndex(
                name: "IX_Outbox_AttachmentSha256",
                table: "Outbox");

            migrationBuilder.DeleteData(
                table: "Sequences",
                keyColumn: "Name",
                keyValue: "block-list");

            migrationBuilder.DropColumn(
                name: "Answer",
                table: "Outbox");

            migrationBuilder.DropColumn(
                name: "AttachmentName",
                table: "Outbox");

            migrationBuilder.DropColumn(
                name: "AttachmentSha256",
                table: "Outbox");
        }

        private void AddWatches(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Digests",
                columns: table => new
                {
                    Account = table.Column<string>(nullable: false),
                    Address = table.Column<string>(nullable: false),
                    Pace = table.Column<string>(nullable: false),
                    Market = table.Column<string>(nullable: true),
                    Told = table.Column<string>(nullable: true),
                    ChangedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Digests", x => x.Account);
                });

            migrationBuilder.CreateTable(
                name: "NotSameShops",
                columns: table => new
                {
                    ShopId = table.Column<long>(nullable: false),
                    OtherShopId = table.Column<long>(nullable: false),
                    SaidBy = table.Column<string>(nullable: false),
                    SaidAt = table.Column<long>(nullable: false),
                    Because = table.Column<string>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotSameShops", x => new { x.ShopId, x.OtherShopId });
                    table.ForeignKey(
                        name: "FK_NotSameShops_Shops_OtherShopId",
                        column: x => x.OtherShopId,
                        principalTable: "Shops",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_NotSameShops_Shops_ShopId",
                        column: x => x.ShopId,
                        principalTable: "Shops",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Sellers",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ShopId = table.Column<long>(nullable: false),
                    Key = table.Column<string>(nullable: false),
                    Name = table.Column<string>(nullable: false),
                    FirstSeenAt = table.Column<long>(nullable: false),
                    LastSeenAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Sellers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Sellers_Shops_ShopId",
                        column: x => x.ShopId,
                        principalTable: "Shops",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "WatchChecks",
                columns: table => new
                {
                    ObservationId = table.Column<long>(nullable: false),
                    QueuedAt = table.Column<long>(nullable: false),
                    Attempts = table.Column<int>(nullable: false),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    Fence = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WatchChecks", x => x.ObservationId);
                    table.ForeignKey(
                        name: "FK_WatchChecks_Observations_ObservationId",
                        column: x => x.ObservationId,
                        principalTable: "Observations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Watches",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    HitId = table.Column<long>(nullable: false),
                    ListingId = table.Column<long>(nullable: false),
                    ReferenceId = table.Column<long>(nullable: false),
                    ObservationId = table.Column<long>(nullable: false),
                    Title = table.Column<string>(nullable: true),
                    Seller = table.Column<string>(nullable: true),
                    RemovedAt = table.Column<long>(nullable: false),
                    Because = table.Column<string>(nullable: false),
                    StartedBy = table.Column<string>(nullable: false),
                    StartedAt = table.Column<long>(nullable: false),
                    SeenAskedAt = table.Column<long>(nullable: true),
                    EndedAt = table.Column<long>(nullable: true),
                    EndedBy = table.Column<string>(nullable: true),
                    EndedBecause = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Watches", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Watches_Hits_HitId",
                        column: x => x.HitId,
                        principalTable: "Hits",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Watches_Listings_ListingId",
                        column: x => x.ListingId,
                        principalTable: "Listings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Watches_Observations_ObservationId",
                        column: x => x.ObservationId,
                        principalTable: "Observations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Traits",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ShopId = table.Column<long>(nullable: false),
                    SellerId = table.Column<long>(nullable: true),
                    Kind = table.Column<string>(nullable: false),
                    Value = table.Column<string>(nullable: false),
                    ListingId = table.Column<long>(nullable: false),
                    FirstSeenAt = table.Column<long>(nullable: false),
                    LastSeenAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Traits", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Traits_Listings_ListingId",
                        column: x => x.ListingId,
                        principalTable: "Listings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Traits_Sellers_SellerId",
                        column: x => x.SellerId,
                        principalTable: "Sellers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Traits_Shops_ShopId",
                        column: x => x.ShopId,
                        principalTable: "Shops",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Returns",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    WatchId = table.Column<long>(nullable: false),
                    ListingId = table.Column<long>(nullable: false),
                    ObservationId = table.Column<long>(nullable: false),
                    HitId = table.Column<long>(nullable: true),
                    Sign = table.Column<string>(nullable: false),
                    Probability = table.Column<double>(nullable: true),
                    ImageSha256 = table.Column<string>(nullable: true),
                    WatchImageSha256 = table.Column<string>(nullable: true),
                    ReturnedAt = table.Column<long>(nullable: false),
                    Days = table.Column<int>(nullable: false),
                    DismissedBy = table.Column<string>(nullable: true),
                    DismissedAt = table.Column<long>(nullable: true),
                    DismissedBecause = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Returns", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Returns_Hits_HitId",
                        column: x => x.HitId,
                        principalTable: "Hits",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Returns_Listings_ListingId",
                        column: x => x.ListingId,
                        principalTable: "Listings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Returns_Observations_ObservationId",
                        column: x => x.ObservationId,
                        principalTable: "Observations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Returns_Watches_WatchId",
                        column: x => x.WatchId,
                        principalTable: "Watches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "WatchKeys",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    WatchId = table.Column<long>(nullable: false),
                    Value = table.Column<string>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WatchKeys", x => x.Id);
                    table.ForeignKey(
                        name: "FK_WatchKeys_Watches_WatchId",
                        column: x => x.WatchId,
                        principalTable: "Watches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "WatchPictures",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    WatchId = table.Column<long>(nullable: false),
                    ImageSha256 = table.Column<string>(nullable: false),
                    Number = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WatchPictures", x => x.Id);
                    table.ForeignKey(
                        name: "FK_WatchPictures_Watches_WatchId",
                        column: x => x.WatchId,
                        principalTable: "Watches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "Sequences",
                columns: new[] { "Name", "Value" },
                values: new object[] { "watches", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_Listings_FirstSeenAt",
                table: "Listings",
                column: "FirstSeenAt");

            // SQLite adds a column with its reference in one statement; else the table would be written anew, outside of the transaction.
            if (ActiveProvider == "Microsoft.EntityFrameworkCore.Sqlite")
            {
                migrationBuilder.Sql("ALTER TABLE \"Listings\" ADD COLUMN \"SellerId\" INTEGER NULL CONSTRAINT \"FK_Listings_Sellers_SellerId\" REFERENCES \"Sellers\" (\"Id\") ON DELETE SET NULL;");
            }
            else
            {
                migrationBuilder.AddColumn<long>(
                    name: "SellerId",
                    table: "Listings",
                    nullable: true);

                migrationBuilder.AddForeignKey(
                    name: "FK_Listings_Sellers_SellerId",
                    table: "Listings",
                    column: "SellerId",
                    principalTable: "Sellers",
                    principalColumn: "Id",
                    onDelete: ReferentialAction.SetNull);
            }

            migrationBuilder.CreateIndex(
                name: "IX_Listings_SellerId",
                table: "Listings",
                column: "SellerId");

            migrationBuilder.CreateIndex(
                name: "IX_NotSameShops_OtherShopId",
                table: "NotSameShops",
                column: "OtherShopId");

            migrationBuilder.CreateIndex(
                name: "IX_Returns_HitId",
                table: "Returns",
                column: "HitId");

            migrationBuilder.CreateIndex(
                name: "IX_Returns_ListingId",
                table: "Returns",
                column: "ListingId");

            migrationBuilder.CreateIndex(
                name: "IX_Returns_ObservationId",
                table: "Returns",
                column: "ObservationId");

            migrationBuilder.CreateIndex(
                name: "IX_Returns_ReturnedAt",
                table: "Returns",
                column: "ReturnedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Returns_WatchId_ListingId",
                table: "Returns",
                columns: new[] { "WatchId", "ListingId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Sellers_ShopId_Key",
                table: "Sellers",
                columns: new[] { "ShopId", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Traits_Kind_Value",
                table: "Traits",
                columns: new[] { "Kind", "Value" });

            migrationBuilder.CreateIndex(
                name: "IX_Traits_LastSeenAt",
                table: "Traits",
                column: "LastSeenAt");

            migrationBuilder.CreateIndex(
                name: "IX_Traits_ListingId",
                table: "Traits",
                column: "ListingId");

            migrationBuilder.CreateIndex(
                name: "IX_Traits_SellerId",
                table: "Traits",
                column: "SellerId");

            migrationBuilder.CreateIndex(
                name: "IX_Traits_ShopId_SellerId_Kind_Value",
                table: "Traits",
                columns: new[] { "ShopId", "SellerId", "Kind", "Value" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WatchChecks_Attempts_QueuedAt",
                table: "WatchChecks",
                columns: new[] { "Attempts", "QueuedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_WatchChecks_LeaseOwner",
                table: "WatchChecks",
                column: "LeaseOwner");

            migrationBuilder.CreateIndex(
                name: "IX_WatchKeys_Value",
                table: "WatchKeys",
                column: "Value");

            migrationBuilder.CreateIndex(
                name: "IX_WatchKeys_WatchId",
                table: "WatchKeys",
                column: "WatchId");

            migrationBuilder.CreateIndex(
                name: "IX_WatchPictures_ImageSha256",
                table: "WatchPictures",
                column: "ImageSha256");

            migrationBuilder.CreateIndex(
                name: "IX_WatchPictures_Number",
                table: "WatchPictures",
                column: "Number");

            migrationBuilder.CreateIndex(
                name: "IX_WatchPictures_WatchId",
                table: "WatchPictures",
                column: "WatchId");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_HitId",
                table: "Watches",
                column: "HitId");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_ListingId",
                table: "Watches",
                column: "ListingId");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_ObservationId",
                table: "Watches",
                column: "ObservationId");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_ReferenceId",
                table: "Watches",
                column: "ReferenceId");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_RemovedAt",
                table: "Watches",
                column: "RemovedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_Standing",
                table: "Watches",
                column: "HitId",
                unique: true,
                filter: "\"EndedAt\" IS NULL");

            migrationBuilder.CreateTable(
                name: "GateSightings",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Actor = table.Column<string>(nullable: false),
                    Number = table.Column<string>(nullable: true),
                    Url = table.Column<string>(nullable: true),
                    Title = table.Column<string>(nullable: true),
                    Description = table.Column<string>(nullable: true),
                    Brand = table.Column<string>(nullable: true),
                    Mpn = table.Column<string>(nullable: true),
                    Gtin = table.Column<string>(nullable: true),
                    Pictures = table.Column<string>(nullable: false),
                    SeenAt = table.Column<long>(nullable: false),
                    Attempts = table.Column<int>(nullable: false),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    Fence = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GateSightings", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Watches_ToAsk",
                table: "Watches",
                column: "Id",
                filter: "\"SeenAskedAt\" IS NULL AND \"EndedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_GateSightings_Attempts_SeenAt",
                table: "GateSightings",
                columns: new[] { "Attempts", "SeenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_GateSightings_LeaseOwner",
                table: "GateSightings",
                column: "LeaseOwner");
        }

        private static void RemoveWatches(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_Listings_Sellers_SellerId",
                table: "Listings");

            migrationBuilder.DropTable(
                name: "Digests");

            migrationBuilder.DropTable(
                name: "GateSightings");

            migrationBuilder.DropTable(
                name: "NotSameShops");

            migrationBuilder.DropTable(
                name: "Returns");

            migrationBuilder.DropTable(
                name: "Traits");

            migrationBuilder.DropTable(
                name: "WatchChecks");

            migrationBuilder.DropTable(
                name: "WatchKeys");

            migrationBuilder.DropTable(
                name: "WatchPictures");

            migrationBuilder.DropTable(
                name: "Sellers");

            migrationBuilder.DropTable(
                name: "Watches");

            migrationBuilder.DropIndex(
                name: "IX_Listings_FirstSeenAt",
                table: "Listings");

            migrationBuilder.DropIndex(
                name: "IX_Listings_SellerId",
                table: "Listings");

            migrationBuilder.DeleteData(
                table: "Sequences",
                keyColumn: "Name",
                keyValue: "watches");

            migrationBuilder.DropColumn(
                name: "SellerId",
                table: "Listings");
        }

        private static void AddSearchTimeOfDay(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<TimeOnly>(
                name: "RepeatAt",
                table: "Searches",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "RepeatOn",
                table: "Searches",
                nullable: true);
        }

        private static void RemoveSearchTimeOfDay(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "RepeatAt",
                table: "Searches");

            migrationBuilder.DropColumn(
                name: "RepeatOn",
                table: "Searches");
        }

        private static void AddErasedNames(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "ErasedNames",
                columns: table => new
                {
                    Token = table.Column<string>(nullable: false),
                    ErasedBy = table.Column<string>(nullable: false),
                    Reason = table.Column<string>(nullable: false),
                    ErasedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ErasedNames", x => x.Token);
                });
        }

        private static void RemoveErasedNames(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ErasedNames");
        }
    }
}
