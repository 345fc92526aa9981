using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class FoundShopsMandatesAndMarkets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
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

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
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
    }
}
