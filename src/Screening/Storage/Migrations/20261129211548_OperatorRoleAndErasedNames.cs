using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class OperatorRoleAndErasedNames : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Role",
                table: "Operators",
                nullable: false,
                defaultValue: "Authority");

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

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ErasedNames");

            migrationBuilder.DropColumn(
                name: "Role",
                table: "Operators");
        }
    }
}
