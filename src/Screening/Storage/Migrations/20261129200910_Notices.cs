using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Notices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
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

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
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
    }
}
