using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class CaseWork : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
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

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
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
    }
}
