using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class OperatorHosts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "Hosts", table: "Operators", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "Hosts", table: "Operators");
        }
    }
}
