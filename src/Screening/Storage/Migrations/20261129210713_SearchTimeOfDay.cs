using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class SearchTimeOfDay : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
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

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "RepeatAt",
                table: "Searches");

            migrationBuilder.DropColumn(
                name: "RepeatOn",
                table: "Searches");
        }
    }
}
