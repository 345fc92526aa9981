using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Touchstone.Screening.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Audit",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    At = table.Column<long>(nullable: false),
                    Actor = table.Column<string>(nullable: false),
                    Action = table.Column<string>(nullable: false),
                    Subject = table.Column<string>(nullable: false),
                    Detail = table.Column<string>(nullable: true),
                    PreviousHash = table.Column<string>(nullable: false),
                    Hash = table.Column<string>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Audit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CalibrationProfiles",
                columns: table => new
                {
                    Id = table.Column<string>(nullable: false),
                    ModelId = table.Column<string>(nullable: false),
                    DataSetId = table.Column<string>(nullable: false),
                    Content = table.Column<string>(nullable: false),
                    Version = table.Column<long>(nullable: false),
                    Active = table.Column<bool>(nullable: false),
                    CreatedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CalibrationProfiles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Captures",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ThingId = table.Column<long>(nullable: true),
                    ImageSha256 = table.Column<string>(nullable: false),
                    TakenBy = table.Column<string>(nullable: false),
                    TakenAt = table.Column<long>(nullable: false),
                    Place = table.Column<string>(nullable: true),
                    Note = table.Column<string>(nullable: true),
                    ClientKey = table.Column<string>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Captures", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Cases",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Title = table.Column<string>(nullable: false),
                    State = table.Column<string>(nullable: false),
                    AssignedTo = table.Column<string>(nullable: true),
                    Market = table.Column<string>(nullable: true),
                    OpenedBy = table.Column<string>(nullable: false),
                    OpenedAt = table.Column<long>(nullable: false),
                    DueAt = table.Column<long>(nullable: true),
                    ClosedAt = table.Column<long>(nullable: true),
                    Outcome = table.Column<string>(nullable: true),
                    MergedIntoId = table.Column<long>(nullable: true),
                    MergedHits = table.Column<string>(nullable: true),
                    Version = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Cases", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Erasures",
                columns: table => new
                {
                    Sha256 = table.Column<string>(nullable: false),
                    ErasedBy = table.Column<string>(nullable: false),
                    Reason = table.Column<string>(nullable: false),
                    ErasedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Erasures", x => x.Sha256);
                });

            migrationBuilder.CreateTable(
                name: "Frontier",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    RunId = table.Column<long>(nullable: false),
                    Url = table.Column<string>(nullable: false),
                    Host = table.Column<string>(nullable: false),
                    Kind = table.Column<string>(nullable: false),
                    Priority = table.Column<int>(nullable: false),
                    Depth = table.Column<int>(nullable: false),
                    DiscoveredFrom = table.Column<string>(nullable: true),
                    State = table.Column<string>(nullable: false),
                    Reason = table.Column<string>(nullable: true),
                    HttpStatus = table.Column<int>(nullable: false),
                    Attempts = table.Column<int>(nullable: false),
                    Losses = table.Column<int>(nullable: false),
                    Counted = table.Column<bool>(nullable: false),
                    NotBefore = table.Column<long>(nullable: false),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    Fence = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Frontier", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "HostLeases",
                columns: table => new
                {
                    Host = table.Column<string>(nullable: false),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    ReadyAt = table.Column<long>(nullable: false),
                    Fence = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HostLeases", x => x.Host);
                });

            migrationBuilder.CreateTable(
                name: "IdempotencyKeys",
                columns: table => new
                {
                    Actor = table.Column<string>(nullable: false),
                    Key = table.Column<string>(nullable: false),
                    RequestHash = table.Column<string>(nullable: false),
                    Status = table.Column<int>(nullable: false),
                    Response = table.Column<string>(nullable: false),
                    At = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IdempotencyKeys", x => new { x.Actor, x.Key });
                });

            migrationBuilder.CreateTable(
                name: "ImageFeatures",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ImageSha256 = table.Column<string>(nullable: false),
                    ModelId = table.Column<string>(nullable: false),
                    Format = table.Column<int>(nullable: false),
                    Content = table.Column<byte[]>(nullable: false),
                    ExtractedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ImageFeatures", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ImageJobs",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Kind = table.Column<string>(nullable: false),
                    ImageSha256 = table.Column<string>(nullable: false),
                    Recipe = table.Column<string>(nullable: false),
                    Attempts = table.Column<int>(nullable: false),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    NotBefore = table.Column<long>(nullable: false),
                    Failure = table.Column<string>(nullable: true),
                    Failures = table.Column<int>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ImageJobs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ImageTexts",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ImageSha256 = table.Column<string>(nullable: false),
                    ModelId = table.Column<string>(nullable: false),
                    Content = table.Column<string>(nullable: false),
                    ReadAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ImageTexts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Images",
                columns: table => new
                {
                    Sha256 = table.Column<string>(nullable: false),
                    Bytes = table.Column<long>(nullable: false),
                    MediaType = table.Column<string>(nullable: true),
                    Width = table.Column<int>(nullable: false),
                    Height = table.Column<int>(nullable: false),
                    Failure = table.Column<string>(nullable: true),
                    StoredAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Images", x => x.Sha256);
                });

            migrationBuilder.CreateTable(
                name: "Imports",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Register = table.Column<string>(nullable: false),
                    FileName = table.Column<string>(nullable: false),
                    FileSha256 = table.Column<string>(nullable: true),
                    Url = table.Column<string>(nullable: true),
                    Kind = table.Column<string>(nullable: true),
                    State = table.Column<string>(nullable: false),
                    CreatedBy = table.Column<string>(nullable: false),
                    CreatedAt = table.Column<long>(nullable: false),
                    StartedAt = table.Column<long>(nullable: true),
                    FinishedAt = table.Column<long>(nullable: true),
                    Losses = table.Column<int>(nullable: false),
                    Error = table.Column<string>(nullable: true),
                    Read = table.Column<int>(nullable: false),
                    Preview = table.Column<string>(nullable: true),
                    Report = table.Column<string>(nullable: true),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    Fence = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Imports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MailSettings",
                columns: table => new
                {
                    Id = table.Column<int>(nullable: false),
                    Host = table.Column<string>(nullable: false),
                    Port = table.Column<int>(nullable: false),
                    From = table.Column<string>(nullable: false),
                    FromName = table.Column<string>(nullable: false),
                    UserName = table.Column<string>(nullable: true),
                    ProtectedPassword = table.Column<string>(nullable: true),
                    RequireTls = table.Column<bool>(nullable: false),
                    ChangedBy = table.Column<string>(nullable: false),
                    ChangedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailSettings", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Outbox",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Kind = table.Column<string>(nullable: false),
                    Recipient = table.Column<string>(nullable: false),
                    Subject = table.Column<string>(nullable: false),
                    Body = table.Column<string>(nullable: false),
                    Key = table.Column<string>(nullable: false),
                    State = table.Column<string>(nullable: false),
                    Attempts = table.Column<int>(nullable: false),
                    NotBefore = table.Column<long>(nullable: false),
                    LastError = table.Column<string>(nullable: true),
                    CreatedAt = table.Column<long>(nullable: false),
                    DeliveredAt = table.Column<long>(nullable: true),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    Fence = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Outbox", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ReferenceNegatives",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ReferenceId = table.Column<long>(nullable: false),
                    ImageSha256 = table.Column<string>(nullable: false),
                    DecidedBy = table.Column<string>(nullable: false),
                    DecidedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReferenceNegatives", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Registers",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Name = table.Column<string>(nullable: false),
                    Format = table.Column<string>(nullable: false),
                    Source = table.Column<string>(nullable: true),
                    Licence = table.Column<string>(nullable: true),
                    CreatedAt = table.Column<long>(nullable: false),
                    ImportedAt = table.Column<long>(nullable: true),
                    Kind = table.Column<string>(nullable: true),
                    ScheduleUrl = table.Column<string>(nullable: true),
                    ScheduleEveryHours = table.Column<int>(nullable: true),
                    NextImportAt = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Registers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RememberedUrls",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Url = table.Column<string>(nullable: false),
                    AskedUrl = table.Column<string>(nullable: false),
                    RequestHead = table.Column<byte[]>(nullable: false),
                    ResponseHead = table.Column<byte[]>(nullable: false),
                    HasValidator = table.Column<bool>(nullable: false),
                    BodySha256 = table.Column<string>(nullable: false),
                    Address = table.Column<string>(nullable: true),
                    AskedAt = table.Column<long>(nullable: false),
                    EndedAt = table.Column<long>(nullable: false),
                    CheckedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RememberedUrls", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Searches",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Name = table.Column<string>(nullable: false),
                    ReferenceId = table.Column<long>(nullable: true),
                    ImageSha256 = table.Column<string>(nullable: true),
                    Terms = table.Column<string>(nullable: true),
                    ShopUrls = table.Column<string>(nullable: false),
                    PageBudget = table.Column<int>(nullable: false),
                    RepeatEveryHours = table.Column<int>(nullable: true),
                    CreatedBy = table.Column<string>(nullable: false),
                    CreatedAt = table.Column<long>(nullable: false),
                    Version = table.Column<long>(nullable: false),
                    PausedAt = table.Column<long>(nullable: true),
                    DeletedAt = table.Column<long>(nullable: true),
                    DeletedBy = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Searches", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Sequences",
                columns: table => new
                {
                    Name = table.Column<string>(nullable: false),
                    Value = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Sequences", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "Shops",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Host = table.Column<string>(nullable: false),
                    FirstSeenAt = table.Column<long>(nullable: false),
                    LastCrawledAt = table.Column<long>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Shops", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SigningKeys",
                columns: table => new
                {
                    Id = table.Column<int>(nullable: false),
                    PrivateKey = table.Column<byte[]>(nullable: false),
                    CreatedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SigningKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "CaseEvents",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    CaseId = table.Column<long>(nullable: false),
                    Kind = table.Column<string>(nullable: false),
                    Actor = table.Column<string>(nullable: false),
                    At = table.Column<long>(nullable: false),
                    Text = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CaseEvents", x => x.Id);
                    table.ForeignKey(
                        name: "FK_CaseEvents_Cases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Cases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "References",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    RegisterId = table.Column<long>(nullable: false),
                    ExternalId = table.Column<string>(nullable: false),
                    Kind = table.Column<string>(nullable: false),
                    Title = table.Column<string>(nullable: false),
                    Brand = table.Column<string>(nullable: true),
                    Model = table.Column<string>(nullable: true),
                    Category = table.Column<string>(nullable: true),
                    Description = table.Column<string>(nullable: true),
                    Classes = table.Column<string>(nullable: true),
                    RiskLevel = table.Column<string>(nullable: true),
                    Danger = table.Column<string>(nullable: true),
                    Measures = table.Column<string>(nullable: true),
                    NotifyingCountry = table.Column<string>(nullable: true),
                    CountryOfOrigin = table.Column<string>(nullable: true),
                    Territory = table.Column<string>(nullable: true),
                    ExpiresOn = table.Column<DateOnly>(nullable: true),
                    RightHolder = table.Column<string>(nullable: true),
                    RightHolderContact = table.Column<string>(nullable: true),
                    OnlineTrader = table.Column<string>(nullable: true),
                    SourceUrl = table.Column<string>(nullable: true),
                    RecallUrl = table.Column<string>(nullable: true),
                    PublishedOn = table.Column<DateOnly>(nullable: true),
                    ProductionDates = table.Column<string>(nullable: true),
                    ContentHash = table.Column<string>(nullable: false),
                    ImportedAt = table.Column<long>(nullable: false),
                    UpdatedAt = table.Column<long>(nullable: false),
                    RetiredAt = table.Column<long>(nullable: true),
                    RetiredReason = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_References", x => x.Id);
                    table.ForeignKey(
                        name: "FK_References_Registers_RegisterId",
                        column: x => x.RegisterId,
                        principalTable: "Registers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "SearchRuns",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SearchId = table.Column<long>(nullable: false),
                    State = table.Column<string>(nullable: false),
                    QueuedAt = table.Column<long>(nullable: false),
                    StartedAt = table.Column<long>(nullable: true),
                    FinishedAt = table.Column<long>(nullable: true),
                    Error = table.Column<string>(nullable: true),
                    Shops = table.Column<int>(nullable: false),
                    Pages = table.Column<int>(nullable: false),
                    NotModified = table.Column<int>(nullable: false),
                    Rendered = table.Column<int>(nullable: false),
                    Listings = table.Column<int>(nullable: false),
                    Images = table.Column<int>(nullable: false),
                    ImagesDescribed = table.Column<int>(nullable: false),
                    ListingsUnchanged = table.Column<int>(nullable: false),
                    Hits = table.Column<int>(nullable: false),
                    Undetermined = table.Column<int>(nullable: false),
                    Skipped = table.Column<int>(nullable: false),
                    Failed = table.Column<int>(nullable: false),
                    LeaseOwner = table.Column<string>(nullable: true),
                    LeaseUntil = table.Column<long>(nullable: true),
                    Fence = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SearchRuns", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SearchRuns_Searches_SearchId",
                        column: x => x.SearchId,
                        principalTable: "Searches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Listings",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ShopId = table.Column<long>(nullable: false),
                    Url = table.Column<string>(nullable: false),
                    Name = table.Column<string>(nullable: true),
                    FirstSeenAt = table.Column<long>(nullable: false),
                    LastSeenAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Listings", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Listings_Shops_ShopId",
                        column: x => x.ShopId,
                        principalTable: "Shops",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ReferenceChanges",
                columns: table => new
                {
                    Number = table.Column<long>(nullable: false),
                    ReferenceId = table.Column<long>(nullable: false),
                    At = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReferenceChanges", x => x.Number);
                    table.ForeignKey(
                        name: "FK_ReferenceChanges_References_ReferenceId",
                        column: x => x.ReferenceId,
                        principalTable: "References",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ReferenceIdentifiers",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ReferenceId = table.Column<long>(nullable: false),
                    Scheme = table.Column<string>(nullable: false),
                    Value = table.Column<string>(nullable: false),
                    Valid = table.Column<bool>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReferenceIdentifiers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ReferenceIdentifiers_References_ReferenceId",
                        column: x => x.ReferenceId,
                        principalTable: "References",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ReferenceImages",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ReferenceId = table.Column<long>(nullable: false),
                    Position = table.Column<int>(nullable: false),
                    SourceUrl = table.Column<string>(nullable: true),
                    ImageSha256 = table.Column<string>(nullable: true),
                    Failure = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReferenceImages", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ReferenceImages_References_ReferenceId",
                        column: x => x.ReferenceId,
                        principalTable: "References",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ReferenceRecords",
                columns: table => new
                {
                    ReferenceId = table.Column<long>(nullable: false),
                    Content = table.Column<string>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReferenceRecords", x => x.ReferenceId);
                    table.ForeignKey(
                        name: "FK_ReferenceRecords_References_ReferenceId",
                        column: x => x.ReferenceId,
                        principalTable: "References",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Observations",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ListingId = table.Column<long>(nullable: false),
                    Number = table.Column<int>(nullable: false),
                    Name = table.Column<string>(nullable: true),
                    Price = table.Column<double>(nullable: true),
                    Currency = table.Column<string>(nullable: true),
                    Availability = table.Column<string>(nullable: true),
                    Sku = table.Column<string>(nullable: true),
                    Mpn = table.Column<string>(nullable: true),
                    Gtin = table.Column<string>(nullable: true),
                    Brand = table.Column<string>(nullable: true),
                    Seller = table.Column<string>(nullable: true),
                    Description = table.Column<string>(nullable: true),
                    Language = table.Column<string>(nullable: true),
                    Breadcrumbs = table.Column<string>(nullable: true),
                    Sources = table.Column<string>(nullable: true),
                    PageSha256 = table.Column<string>(nullable: true),
                    PageRendered = table.Column<bool>(nullable: false),
                    ContentHash = table.Column<string>(nullable: false),
                    FirstSeenAt = table.Column<long>(nullable: false),
                    LastSeenAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Observations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Observations_Listings_ListingId",
                        column: x => x.ListingId,
                        principalTable: "Listings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ObservationExchanges",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ObservationId = table.Column<long>(nullable: false),
                    Position = table.Column<int>(nullable: false),
                    IsResource = table.Column<bool>(nullable: false),
                    Url = table.Column<string>(nullable: false),
                    RequestHead = table.Column<byte[]>(nullable: false),
                    ResponseHead = table.Column<byte[]>(nullable: false),
                    BodySha256 = table.Column<string>(nullable: true),
                    IsWhole = table.Column<bool>(nullable: false),
                    Address = table.Column<string>(nullable: true),
                    AskedAt = table.Column<long>(nullable: false),
                    EndedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ObservationExchanges", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ObservationExchanges_Observations_ObservationId",
                        column: x => x.ObservationId,
                        principalTable: "Observations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ObservationImages",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ObservationId = table.Column<long>(nullable: false),
                    Position = table.Column<int>(nullable: false),
                    Url = table.Column<string>(nullable: false),
                    ImageSha256 = table.Column<string>(nullable: true),
                    FetchedAt = table.Column<long>(nullable: true),
                    Failure = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ObservationImages", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ObservationImages_Observations_ObservationId",
                        column: x => x.ObservationId,
                        principalTable: "Observations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Screenings",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ObservationId = table.Column<long>(nullable: true),
                    CaptureId = table.Column<long>(nullable: true),
                    Verdict = table.Column<string>(nullable: false),
                    Reason = table.Column<string>(nullable: true),
                    Detail = table.Column<string>(nullable: true),
                    ModelId = table.Column<string>(nullable: false),
                    ProfileId = table.Column<string>(nullable: false),
                    GallerySequence = table.Column<long>(nullable: false),
                    GalleryFingerprint = table.Column<string>(nullable: false),
                    InputHash = table.Column<string>(nullable: false),
                    ScreenedAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Screenings", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Screenings_Observations_ObservationId",
                        column: x => x.ObservationId,
                        principalTable: "Observations",
                        principalColumn: "Id");
                });

            migrationBuilder.CreateTable(
                name: "Matches",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ScreeningId = table.Column<long>(nullable: false),
                    ReferenceId = table.Column<long>(nullable: false),
                    ImageSha256 = table.Column<string>(nullable: true),
                    ReferenceImageSha256 = table.Column<string>(nullable: true),
                    Relation = table.Column<string>(nullable: false),
                    Probability = table.Column<double>(nullable: false),
                    Verdict = table.Column<string>(nullable: false),
                    Signals = table.Column<string>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Matches", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Matches_References_ReferenceId",
                        column: x => x.ReferenceId,
                        principalTable: "References",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Matches_Screenings_ScreeningId",
                        column: x => x.ScreeningId,
                        principalTable: "Screenings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RunObservations",
                columns: table => new
                {
                    RunId = table.Column<long>(nullable: false),
                    ObservationId = table.Column<long>(nullable: false),
                    ScreeningId = table.Column<long>(nullable: false),
                    SeenAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RunObservations", x => new { x.RunId, x.ObservationId });
                    table.ForeignKey(
                        name: "FK_RunObservations_Observations_ObservationId",
                        column: x => x.ObservationId,
                        principalTable: "Observations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_RunObservations_Screenings_ScreeningId",
                        column: x => x.ScreeningId,
                        principalTable: "Screenings",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_RunObservations_SearchRuns_RunId",
                        column: x => x.RunId,
                        principalTable: "SearchRuns",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Hits",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ListingId = table.Column<long>(nullable: true),
                    CaptureId = table.Column<long>(nullable: true),
                    ReferenceId = table.Column<long>(nullable: false),
                    MatchId = table.Column<long>(nullable: false),
                    SearchId = table.Column<long>(nullable: true),
                    Relation = table.Column<string>(nullable: false),
                    Probability = table.Column<double>(nullable: false),
                    Verdict = table.Column<string>(nullable: false),
                    State = table.Column<string>(nullable: false),
                    DecidedBy = table.Column<string>(nullable: true),
                    DecidedAt = table.Column<long>(nullable: true),
                    Note = table.Column<string>(nullable: true),
                    Reason = table.Column<string>(nullable: true),
                    ClaimedBy = table.Column<string>(nullable: true),
                    ClaimedUntil = table.Column<long>(nullable: true),
                    UnsureBy = table.Column<string>(nullable: true),
                    UnsureNote = table.Column<string>(nullable: true),
                    SnoozedUntil = table.Column<long>(nullable: true),
                    ReopenedAt = table.Column<long>(nullable: true),
                    ReopenedBecause = table.Column<string>(nullable: true),
                    CaseId = table.Column<long>(nullable: true),
                    FoundAt = table.Column<long>(nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Hits", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Hits_Cases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "Cases",
                        principalColumn: "Id");
                    table.ForeignKey(
                        name: "FK_Hits_Listings_ListingId",
                        column: x => x.ListingId,
                        principalTable: "Listings",
                        principalColumn: "Id");
                    table.ForeignKey(
                        name: "FK_Hits_Matches_MatchId",
                        column: x => x.MatchId,
                        principalTable: "Matches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Hits_References_ReferenceId",
                        column: x => x.ReferenceId,
                        principalTable: "References",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "HitDecisions",
                columns: table => new
                {
                    Id = table.Column<long>(nullable: false)
                        .Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    HitId = table.Column<long>(nullable: false),
                    MatchId = table.Column<long>(nullable: false),
                    State = table.Column<string>(nullable: false),
                    DecidedBy = table.Column<string>(nullable: false),
                    DecidedAt = table.Column<long>(nullable: false),
                    Note = table.Column<string>(nullable: true),
                    Reason = table.Column<string>(nullable: true),
                    TakesBackId = table.Column<long>(nullable: true),
                    Batch = table.Column<string>(nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HitDecisions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_HitDecisions_Hits_HitId",
                        column: x => x.HitId,
                        principalTable: "Hits",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_HitDecisions_Matches_MatchId",
                        column: x => x.MatchId,
                        principalTable: "Matches",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "Sequences",
                columns: new[] { "Name", "Value" },
                values: new object[] { "reference-changes", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_Audit_Action_Id",
                table: "Audit",
                columns: new[] { "Action", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Audit_PreviousHash",
                table: "Audit",
                column: "PreviousHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Audit_Subject",
                table: "Audit",
                column: "Subject");

            migrationBuilder.CreateIndex(
                name: "IX_Captures_ClientKey",
                table: "Captures",
                column: "ClientKey",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Captures_ImageSha256",
                table: "Captures",
                column: "ImageSha256");

            migrationBuilder.CreateIndex(
                name: "IX_Captures_ThingId",
                table: "Captures",
                column: "ThingId");

            migrationBuilder.CreateIndex(
                name: "IX_CaseEvents_CaseId",
                table: "CaseEvents",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_Cases_State_DueAt",
                table: "Cases",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Frontier_RunId_State_NotBefore",
                table: "Frontier",
                columns: new[] { "RunId", "State", "NotBefore" });

            migrationBuilder.CreateIndex(
                name: "IX_Frontier_RunId_Url",
                table: "Frontier",
                columns: new[] { "RunId", "Url" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_HitDecisions_Batch",
                table: "HitDecisions",
                column: "Batch");

            migrationBuilder.CreateIndex(
                name: "IX_HitDecisions_DecidedBy_DecidedAt",
                table: "HitDecisions",
                columns: new[] { "DecidedBy", "DecidedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_HitDecisions_HitId",
                table: "HitDecisions",
                column: "HitId");

            migrationBuilder.CreateIndex(
                name: "IX_HitDecisions_MatchId",
                table: "HitDecisions",
                column: "MatchId");

            migrationBuilder.CreateIndex(
                name: "IX_Hits_CaptureId_ReferenceId",
                table: "Hits",
                columns: new[] { "CaptureId", "ReferenceId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Hits_CaseId",
                table: "Hits",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_Hits_DecidedAt",
                table: "Hits",
                column: "DecidedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Hits_FoundAt",
                table: "Hits",
                column: "FoundAt");

            migrationBuilder.CreateIndex(
                name: "IX_Hits_ListingId_ReferenceId",
                table: "Hits",
                columns: new[] { "ListingId", "ReferenceId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Hits_MatchId",
                table: "Hits",
                column: "MatchId");

            migrationBuilder.CreateIndex(
                name: "IX_Hits_ReferenceId",
                table: "Hits",
                column: "ReferenceId");

            migrationBuilder.CreateIndex(
                name: "IX_Hits_State_Probability",
                table: "Hits",
                columns: new[] { "State", "Probability" });

            migrationBuilder.CreateIndex(
                name: "IX_IdempotencyKeys_At",
                table: "IdempotencyKeys",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_ImageFeatures_Format",
                table: "ImageFeatures",
                column: "Format");

            migrationBuilder.CreateIndex(
                name: "IX_ImageFeatures_ImageSha256_ModelId_Format",
                table: "ImageFeatures",
                columns: new[] { "ImageSha256", "ModelId", "Format" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ImageJobs_Failed",
                table: "ImageJobs",
                columns: new[] { "Kind", "Recipe", "Id" },
                filter: "\"Failure\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ImageJobs_Kind_Recipe_ImageSha256",
                table: "ImageJobs",
                columns: new[] { "Kind", "Recipe", "ImageSha256" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ImageJobs_Kind_Recipe_NotBefore",
                table: "ImageJobs",
                columns: new[] { "Kind", "Recipe", "NotBefore" });

            migrationBuilder.CreateIndex(
                name: "IX_ImageJobs_LeaseOwner",
                table: "ImageJobs",
                column: "LeaseOwner");

            migrationBuilder.CreateIndex(
                name: "IX_ImageTexts_ImageSha256_ModelId",
                table: "ImageTexts",
                columns: new[] { "ImageSha256", "ModelId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Images_StoredAt",
                table: "Images",
                column: "StoredAt");

            migrationBuilder.CreateIndex(
                name: "IX_Images_Unreadable",
                table: "Images",
                column: "StoredAt",
                filter: "\"Failure\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Imports_FileSha256",
                table: "Imports",
                column: "FileSha256");

            migrationBuilder.CreateIndex(
                name: "IX_Imports_State",
                table: "Imports",
                column: "State");

            migrationBuilder.CreateIndex(
                name: "IX_Listings_ShopId",
                table: "Listings",
                column: "ShopId");

            migrationBuilder.CreateIndex(
                name: "IX_Listings_Url",
                table: "Listings",
                column: "Url",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Matches_ImageSha256",
                table: "Matches",
                column: "ImageSha256");

            migrationBuilder.CreateIndex(
                name: "IX_Matches_ReferenceId",
                table: "Matches",
                column: "ReferenceId");

            migrationBuilder.CreateIndex(
                name: "IX_Matches_ReferenceImageSha256",
                table: "Matches",
                column: "ReferenceImageSha256");

            migrationBuilder.CreateIndex(
                name: "IX_Matches_ScreeningId",
                table: "Matches",
                column: "ScreeningId");

            migrationBuilder.CreateIndex(
                name: "IX_ObservationExchanges_BodySha256",
                table: "ObservationExchanges",
                column: "BodySha256");

            migrationBuilder.CreateIndex(
                name: "IX_ObservationExchanges_ObservationId",
                table: "ObservationExchanges",
                column: "ObservationId");

            migrationBuilder.CreateIndex(
                name: "IX_ObservationImages_ImageSha256",
                table: "ObservationImages",
                column: "ImageSha256");

            migrationBuilder.CreateIndex(
                name: "IX_ObservationImages_ObservationId",
                table: "ObservationImages",
                column: "ObservationId");

            migrationBuilder.CreateIndex(
                name: "IX_Observations_LastSeenAt",
                table: "Observations",
                column: "LastSeenAt");

            migrationBuilder.CreateIndex(
                name: "IX_Observations_ListingId_Number",
                table: "Observations",
                columns: new[] { "ListingId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Observations_PageSha256",
                table: "Observations",
                column: "PageSha256");

            migrationBuilder.CreateIndex(
                name: "IX_Outbox_Key",
                table: "Outbox",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Outbox_State_NotBefore",
                table: "Outbox",
                columns: new[] { "State", "NotBefore" });

            migrationBuilder.CreateIndex(
                name: "IX_ReferenceChanges_ReferenceId",
                table: "ReferenceChanges",
                column: "ReferenceId");

            migrationBuilder.CreateIndex(
                name: "IX_ReferenceIdentifiers_ReferenceId",
                table: "ReferenceIdentifiers",
                column: "ReferenceId");

            migrationBuilder.CreateIndex(
                name: "IX_ReferenceIdentifiers_Scheme_Value",
                table: "ReferenceIdentifiers",
                columns: new[] { "Scheme", "Value" });

            migrationBuilder.CreateIndex(
                name: "IX_ReferenceImages_ImageSha256",
                table: "ReferenceImages",
                column: "ImageSha256");

            migrationBuilder.CreateIndex(
                name: "IX_ReferenceImages_ReferenceId",
                table: "ReferenceImages",
                column: "ReferenceId");

            migrationBuilder.CreateIndex(
                name: "IX_ReferenceNegatives_ImageSha256",
                table: "ReferenceNegatives",
                column: "ImageSha256");

            migrationBuilder.CreateIndex(
                name: "IX_ReferenceNegatives_ReferenceId_ImageSha256",
                table: "ReferenceNegatives",
                columns: new[] { "ReferenceId", "ImageSha256" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_References_Kind_RetiredAt",
                table: "References",
                columns: new[] { "Kind", "RetiredAt" });

            migrationBuilder.CreateIndex(
                name: "IX_References_RegisterId_ExternalId",
                table: "References",
                columns: new[] { "RegisterId", "ExternalId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_References_RegisterId_RetiredAt",
                table: "References",
                columns: new[] { "RegisterId", "RetiredAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Registers_Name",
                table: "Registers",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Registers_NextImportAt",
                table: "Registers",
                column: "NextImportAt");

            migrationBuilder.CreateIndex(
                name: "IX_RememberedUrls_BodySha256",
                table: "RememberedUrls",
                column: "BodySha256");

            migrationBuilder.CreateIndex(
                name: "IX_RememberedUrls_CheckedAt",
                table: "RememberedUrls",
                column: "CheckedAt");

            migrationBuilder.CreateIndex(
                name: "IX_RememberedUrls_Url",
                table: "RememberedUrls",
                column: "Url",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RunObservations_ObservationId",
                table: "RunObservations",
                column: "ObservationId");

            migrationBuilder.CreateIndex(
                name: "IX_RunObservations_ScreeningId",
                table: "RunObservations",
                column: "ScreeningId");

            migrationBuilder.CreateIndex(
                name: "IX_Screenings_CaptureId",
                table: "Screenings",
                column: "CaptureId");

            migrationBuilder.CreateIndex(
                name: "IX_Screenings_ObservationId_InputHash",
                table: "Screenings",
                columns: new[] { "ObservationId", "InputHash" });

            migrationBuilder.CreateIndex(
                name: "IX_Screenings_ScreenedAt",
                table: "Screenings",
                column: "ScreenedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Screenings_ScreenedAt_Reason",
                table: "Screenings",
                columns: new[] { "ScreenedAt", "Reason" },
                filter: "\"Reason\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_SearchRuns_SearchId",
                table: "SearchRuns",
                column: "SearchId");

            migrationBuilder.CreateIndex(
                name: "IX_SearchRuns_State",
                table: "SearchRuns",
                column: "State");

            migrationBuilder.CreateIndex(
                name: "IX_Searches_ImageSha256",
                table: "Searches",
                column: "ImageSha256");

            migrationBuilder.CreateIndex(
                name: "IX_Shops_Host",
                table: "Shops",
                column: "Host",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Audit");

            migrationBuilder.DropTable(
                name: "CalibrationProfiles");

            migrationBuilder.DropTable(
                name: "Captures");

            migrationBuilder.DropTable(
                name: "CaseEvents");

            migrationBuilder.DropTable(
                name: "Erasures");

            migrationBuilder.DropTable(
                name: "Frontier");

            migrationBuilder.DropTable(
                name: "HitDecisions");

            migrationBuilder.DropTable(
                name: "HostLeases");

            migrationBuilder.DropTable(
                name: "IdempotencyKeys");

            migrationBuilder.DropTable(
                name: "ImageFeatures");

            migrationBuilder.DropTable(
                name: "ImageJobs");

            migrationBuilder.DropTable(
                name: "ImageTexts");

            migrationBuilder.DropTable(
                name: "Images");

            migrationBuilder.DropTable(
                name: "Imports");

            migrationBuilder.DropTable(
                name: "MailSettings");

            migrationBuilder.DropTable(
                name: "ObservationExchanges");

            migrationBuilder.DropTable(
                name: "ObservationImages");

            migrationBuilder.DropTable(
                name: "Outbox");

            migrationBuilder.DropTable(
                name: "ReferenceChanges");

            migrationBuilder.DropTable(
                name: "ReferenceIdentifiers");

            migrationBuilder.DropTable(
                name: "ReferenceImages");

            migrationBuilder.DropTable(
                name: "ReferenceNegatives");

            migrationBuilder.DropTable(
                name: "ReferenceRecords");

            migrationBuilder.DropTable(
                name: "RememberedUrls");

            migrationBuilder.DropTable(
                name: "RunObservations");

            migrationBuilder.DropTable(
                name: "Sequences");

            migrationBuilder.DropTable(
                name: "SigningKeys");

            migrationBuilder.DropTable(
                name: "Hits");

            migrationBuilder.DropTable(
                name: "SearchRuns");

            migrationBuilder.DropTable(
                name: "Cases");

            migrationBuilder.DropTable(
                name: "Matches");

            migrationBuilder.DropTable(
                name: "Searches");

            migrationBuilder.DropTable(
                name: "References");

            migrationBuilder.DropTable(
                name: "Screenings");

            migrationBuilder.DropTable(
                name: "Registers");

            migrationBuilder.DropTable(
                name: "Observations");

            migrationBuilder.DropTable(
                name: "Listings");

            migrationBuilder.DropTable(
                name: "Shops");
        }
    }
}
