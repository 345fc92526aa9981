using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class OfferVariantsAndSafety : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
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

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
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
    }
}
