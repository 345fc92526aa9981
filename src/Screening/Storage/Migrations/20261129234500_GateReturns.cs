using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class GateReturns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "SeenAskedAt",
                table: "Watches",
                nullable: true);

            // What was seen before earlier watches was queued when they began.
            migrationBuilder.Sql("UPDATE \"Watches\" SET \"SeenAskedAt\" = \"StartedAt\"");

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

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "GateSightings");

            migrationBuilder.DropIndex(
                name: "IX_Watches_ToAsk",
                table: "Watches");

            migrationBuilder.DropColumn(
                name: "SeenAskedAt",
                table: "Watches");
        }
    }
}
