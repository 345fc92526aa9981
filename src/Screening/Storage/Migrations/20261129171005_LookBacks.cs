using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class LookBacks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "LookedBackAt",
                table: "Hits",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "LookBacks",
                columns: table => new
                {
                    ReferenceId = table.Column<long>(nullable: false),
                    ChangeNumber = table.Column<long>(nullable: false),
                    Reason = table.Column<string>(nullable: false),
                    PicturesHash = table.Column<string>(nullable: false),
                    FactsHash = table.Column<string>(nullable: false),
                    State = table.Column<string>(nullable: false),
                    QueuedAt = table.Column<long>(nullable: false),
                    StartedAt = table.Column<long>(nullable: true),
                    EndedAt = table.Column<long>(nullable: true),
                    Attempts = table.Column<int>(nullable: false),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    Fence = table.Column<long>(nullable: false),
                    Pictures = table.Column<int>(nullable: false),
                    Candidates = table.Column<int>(nullable: false),
                    Listings = table.Column<int>(nullable: false),
                    Hits = table.Column<int>(nullable: false),
                    Failure = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LookBacks", x => x.ReferenceId);
                    table.ForeignKey(
                        name: "FK_LookBacks_References_ReferenceId",
                        column: x => x.ReferenceId,
                        principalTable: "References",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SeenPictures",
                columns: table => new
                {
                    Number = table.Column<long>(nullable: false),
                    ImageSha256 = table.Column<string>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SeenPictures", x => x.Number);
                });

            migrationBuilder.InsertData(
                table: "Sequences",
                columns: new[] { "Name", "Value" },
                values: new object[,]
                {
                    { "look-backs", 0L },
                    { "seen-pictures", 0L }
                });

            migrationBuilder.CreateIndex(
                name: "IX_Observations_Brand",
                table: "Observations",
                column: "Brand",
                filter: "\"Brand\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Observations_Gtin",
                table: "Observations",
                column: "Gtin",
                filter: "\"Gtin\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_LookBacks_ChangeNumber",
                table: "LookBacks",
                column: "ChangeNumber");

            migrationBuilder.CreateIndex(
                name: "IX_LookBacks_LeaseOwner",
                table: "LookBacks",
                column: "LeaseOwner");

            migrationBuilder.CreateIndex(
                name: "IX_LookBacks_State_ChangeNumber",
                table: "LookBacks",
                columns: new[] { "State", "ChangeNumber" });

            migrationBuilder.CreateIndex(
                name: "IX_SeenPictures_ImageSha256",
                table: "SeenPictures",
                column: "ImageSha256",
                unique: true);

            // What was seen before is numbered in the order in which it was kept, and the references that were there are not asked about anew.
            migrationBuilder.Sql("""INSERT INTO "SeenPictures" ("Number", "ImageSha256") SELECT ROW_NUMBER() OVER (ORDER BY MIN("Id")), "ImageSha256" FROM "ObservationImages" WHERE "ImageSha256" IS NOT NULL GROUP BY "ImageSha256" """);
            migrationBuilder.Sql("""UPDATE "Sequences" SET "Value" = (SELECT COUNT(*) FROM "SeenPictures") WHERE "Name" = 'seen-pictures'""");
            migrationBuilder.Sql("""UPDATE "Sequences" SET "Value" = (SELECT "Value" FROM "Sequences" WHERE "Name" = 'reference-changes') WHERE "Name" = 'look-backs'""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "LookBacks");

            migrationBuilder.DropTable(
                name: "SeenPictures");

            migrationBuilder.DropIndex(
                name: "IX_Observations_Brand",
                table: "Observations");

            migrationBuilder.DropIndex(
                name: "IX_Observations_Gtin",
                table: "Observations");

            migrationBuilder.DeleteData(
                table: "Sequences",
                keyColumn: "Name",
                keyValue: "look-backs");

            migrationBuilder.DeleteData(
                table: "Sequences",
                keyColumn: "Name",
                keyValue: "seen-pictures");

            migrationBuilder.DropColumn(
                name: "LookedBackAt",
                table: "Hits");
        }
    }
}
