using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class ImageFeatures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ImageDescriptions");

            migrationBuilder.CreateTable(
                name: "ImageFeatures",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ImageSha256 = table.Column<string>(nullable: false),
                    ModelId = table.Column<string>(nullable: false),
                    Content = table.Column<byte[]>(nullable: false),
                    ExtractedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ImageFeatures", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ImageFeatures_ImageSha256_ModelId",
                table: "ImageFeatures",
                columns: new[] { "ImageSha256", "ModelId" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ImageFeatures");

            migrationBuilder.CreateTable(
                name: "ImageDescriptions",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    DescribedAt = table.Column<long>(nullable: false),
                    Embedding = table.Column<byte[]>(nullable: false),
                    ImageSha256 = table.Column<string>(nullable: false),
                    LocalFeatures = table.Column<byte[]>(nullable: true),
                    ModelId = table.Column<string>(nullable: false),
                    Pdq = table.Column<string>(nullable: false),
                    PdqQuality = table.Column<int>(nullable: false),
                    Regions = table.Column<byte[]>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ImageDescriptions", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ImageDescriptions_ImageSha256_ModelId",
                table: "ImageDescriptions",
                columns: new[] { "ImageSha256", "ModelId" },
                unique: true);
        }
    }
}
