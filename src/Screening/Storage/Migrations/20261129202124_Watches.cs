using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Watches : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Digests",
                columns: table => new
                {
                    Account = table.Column<string>(nullable: false),
                    Address = table.Column<string>(nullable: false),
                    Pace = table.Column<string>(nullable: false),
                    Market = table.Column<string>(nullable: true),
                    Told = table.Column<string>(nullable: true),
                    ChangedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Digests", x => x.Account);
                });

            migrationBuilder.CreateTable(
                name: "NotSameShops",
                columns: table => new
                {
                    ShopId = table.Column<long>(nullable: false),
                    OtherShopId = table.Column<long>(nullable: false),
                    SaidBy = table.Column<string>(nullable: false),
                    SaidAt = table.Column<long>(nullable: false),
                    Because = table.Column<string>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotSameShops", x => new { x.ShopId, x.OtherShopId });
                    table.ForeignKey(
                        name: "FK_NotSameShops_Shops_OtherShopId",
                        column: x => x.OtherShopId,
                        principalTable: "Shops",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_NotSameShops_Shops_ShopId",
                        column: x => x.ShopId,
                        principalTable: "Shops",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Sellers",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ShopId = table.Column<long>(nullable: false),
                    Key = table.Column<string>(nullable: false),
                    Name = table.Column<string>(nullable: false),
                    FirstSeenAt = table.Column<long>(nullable: false),
                    LastSeenAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Sellers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Sellers_Shops_ShopId",
                        column: x => x.ShopId,
                        principalTable: "Shops",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "WatchChecks",
                columns: table => new
                {
                    ObservationId = table.Column<long>(nullable: false),
                    QueuedAt = table.Column<long>(nullable: false),
                    Attempts = table.Column<int>(nullable: false),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    Fence = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WatchChecks", x => x.ObservationId);
                    table.ForeignKey(
                        name: "FK_WatchChecks_Observations_ObservationId",
                        column: x => x.ObservationId,
                        principalTable: "Observations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Watches",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    HitId = table.Column<long>(nullable: false),
                    ListingId = table.Column<long>(nullable: false),
                    ReferenceId = table.Column<long>(nullable: false),
                    ObservationId = table.Column<long>(nullable: false),
                    Title = table.Column<string>(nullable: true),
                    Seller = table.Column<string>(nullable: true),
                    RemovedAt = table.Column<long>(nullable: false),
                    Because = table.Column<string>(nullable: false),
                    StartedBy = table.Column<string>(nullable: false),
                    StartedAt = table.Column<long>(nullable: false),
                    EndedAt = table.Column<long>(nullable: true),
                    EndedBy = table.Column<string>(nullable: true),
                    EndedBecause = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Watches", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Watches_Hits_HitId",
                        column: x => x.HitId,
                        principalTable: "Hits",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Watches_Listings_ListingId",
                        column: x => x.ListingId,
                        principalTable: "Listings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Watches_Observations_ObservationId",
                        column: x => x.ObservationId,
                        principalTable: "Observations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Traits",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ShopId = table.Column<long>(nullable: false),
                    SellerId = table.Column<long>(nullable: true),
                    Kind = table.Column<string>(nullable: false),
                    Value = table.Column<string>(nullable: false),
                    ListingId = table.Column<long>(nullable: false),
                    FirstSeenAt = table.Column<long>(nullable: false),
                    LastSeenAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Traits", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Traits_Listings_ListingId",
                        column: x => x.ListingId,
                        principalTable: "Listings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Traits_Sellers_SellerId",
                        column: x => x.SellerId,
                        principalTable: "Sellers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Traits_Shops_ShopId",
                        column: x => x.ShopId,
                        principalTable: "Shops",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Returns",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    WatchId = table.Column<long>(nullable: false),
                    ListingId = table.Column<long>(nullable: false),
                    ObservationId = table.Column<long>(nullable: false),
                    HitId = table.Column<long>(nullable: true),
                    Sign = table.Column<string>(nullable: false),
                    Probability = table.Column<double>(nullable: true),
                    ImageSha256 = table.Column<string>(nullable: true),
                    WatchImageSha256 = table.Column<string>(nullable: true),
                    ReturnedAt = table.Column<long>(nullable: false),
                    Days = table.Column<int>(nullable: false),
                    DismissedBy = table.Column<string>(nullable: true),
                    DismissedAt = table.Column<long>(nullable: true),
                    DismissedBecause = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Returns", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Returns_Hits_HitId",
                        column: x => x.HitId,
                        principalTable: "Hits",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Returns_Listings_ListingId",
                        column: x => x.ListingId,
                        principalTable: "Listings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Returns_Observations_ObservationId",
                        column: x => x.ObservationId,
                        principalTable: "Observations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Returns_Watches_WatchId",
                        column: x => x.WatchId,
                        principalTable: "Watches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "WatchKeys",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    WatchId = table.Column<long>(nullable: false),
                    Value = table.Column<string>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WatchKeys", x => x.Id);
                    table.ForeignKey(
                        name: "FK_WatchKeys_Watches_WatchId",
                        column: x => x.WatchId,
                        principalTable: "Watches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "WatchPictures",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    WatchId = table.Column<long>(nullable: false),
                    ImageSha256 = table.Column<string>(nullable: false),
                    Number = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WatchPictures", x => x.Id);
                    table.ForeignKey(
                        name: "FK_WatchPictures_Watches_WatchId",
                        column: x => x.WatchId,
                        principalTable: "Watches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "Sequences",
                columns: new[] { "Name", "Value" },
                values: new object[] { "watches", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_Listings_FirstSeenAt",
                table: "Listings",
                column: "FirstSeenAt");

            // SQLite adds a column with its reference in one statement; else the table would be written anew, outside of the transaction.
            if (ActiveProvider == "Microsoft.EntityFrameworkCore.Sqlite")
            {
                migrationBuilder.Sql("ALTER TABLE \"Listings\" ADD COLUMN \"SellerId\" INTEGER NULL CONSTRAINT \"FK_Listings_Sellers_SellerId\" REFERENCES \"Sellers\" (\"Id\") ON DELETE SET NULL;");
            }
            else
            {
                migrationBuilder.AddColumn<long>(
                    name: "SellerId",
                    table: "Listings",
                    nullable: true);

                migrationBuilder.AddForeignKey(
                    name: "FK_Listings_Sellers_SellerId",
                    table: "Listings",
                    column: "SellerId",
                    principalTable: "Sellers",
                    principalColumn: "Id",
                    onDelete: ReferentialAction.SetNull);
            }

            migrationBuilder.CreateIndex(
                name: "IX_Listings_SellerId",
                table: "Listings",
                column: "SellerId");

            migrationBuilder.CreateIndex(
                name: "IX_NotSameShops_OtherShopId",
                table: "NotSameShops",
                column: "OtherShopId");

            migrationBuilder.CreateIndex(
                name: "IX_Returns_HitId",
                table: "Returns",
                column: "HitId");

            migrationBuilder.CreateIndex(
                name: "IX_Returns_ListingId",
                table: "Returns",
                column: "ListingId");

            migrationBuilder.CreateIndex(
                name: "IX_Returns_ObservationId",
                table: "Returns",
                column: "ObservationId");

            migrationBuilder.CreateIndex(
                name: "IX_Returns_ReturnedAt",
                table: "Returns",
                column: "ReturnedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Returns_WatchId_ListingId",
                table: "Returns",
                columns: new[] { "WatchId", "ListingId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Sellers_ShopId_Key",
                table: "Sellers",
                columns: new[] { "ShopId", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Traits_Kind_Value",
                table: "Traits",
                columns: new[] { "Kind", "Value" });

            migrationBuilder.CreateIndex(
                name: "IX_Traits_LastSeenAt",
                table: "Traits",
                column: "LastSeenAt");

            migrationBuilder.CreateIndex(
                name: "IX_Traits_ListingId",
                table: "Traits",
                column: "ListingId");

            migrationBuilder.CreateIndex(
                name: "IX_Traits_SellerId",
                table: "Traits",
                column: "SellerId");

            migrationBuilder.CreateIndex(
                name: "IX_Traits_ShopId_SellerId_Kind_Value",
                table: "Traits",
                columns: new[] { "ShopId", "SellerId", "Kind", "Value" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WatchChecks_Attempts_QueuedAt",
                table: "WatchChecks",
                columns: new[] { "Attempts", "QueuedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_WatchChecks_LeaseOwner",
                table: "WatchChecks",
                column: "LeaseOwner");

            migrationBuilder.CreateIndex(
                name: "IX_WatchKeys_Value",
                table: "WatchKeys",
                column: "Value");

            migrationBuilder.CreateIndex(
                name: "IX_WatchKeys_WatchId",
                table: "WatchKeys",
                column: "WatchId");

            migrationBuilder.CreateIndex(
                name: "IX_WatchPictures_ImageSha256",
                table: "WatchPictures",
                column: "ImageSha256");

            migrationBuilder.CreateIndex(
                name: "IX_WatchPictures_Number",
                table: "WatchPictures",
                column: "Number");

            migrationBuilder.CreateIndex(
                name: "IX_WatchPictures_WatchId",
                table: "WatchPictures",
                column: "WatchId");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_HitId",
                table: "Watches",
                column: "HitId");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_ListingId",
                table: "Watches",
                column: "ListingId");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_ObservationId",
                table: "Watches",
                column: "ObservationId");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_ReferenceId",
                table: "Watches",
                column: "ReferenceId");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_RemovedAt",
                table: "Watches",
                column: "RemovedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Watches_Standing",
                table: "Watches",
                column: "HitId",
                unique: true,
                filter: "\"EndedAt\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_Listings_Sellers_SellerId",
                table: "Listings");

            migrationBuilder.DropTable(
                name: "Digests");

            migrationBuilder.DropTable(
                name: "NotSameShops");

            migrationBuilder.DropTable(
                name: "Returns");

            migrationBuilder.DropTable(
                name: "Traits");

            migrationBuilder.DropTable(
                name: "WatchChecks");

            migrationBuilder.DropTable(
                name: "WatchKeys");

            migrationBuilder.DropTable(
                name: "WatchPictures");

            migrationBuilder.DropTable(
                name: "Sellers");

            migrationBuilder.DropTable(
                name: "Watches");

            migrationBuilder.DropIndex(
                name: "IX_Listings_FirstSeenAt",
                table: "Listings");

            migrationBuilder.DropIndex(
                name: "IX_Listings_SellerId",
                table: "Listings");

            migrationBuilder.DeleteData(
                table: "Sequences",
                keyColumn: "Name",
                keyValue: "watches");

            migrationBuilder.DropColumn(
                name: "SellerId",
                table: "Listings");
        }
    }
}
