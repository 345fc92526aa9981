using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Touchstone.Screening.Storage;

/// <summary>Lets <c>dotnet ef</c> build the model without an installation; see src/Screening/Storage/add-migration.</summary>
public sealed class DesignTimeDatabase : IDesignTimeDbContextFactory<TouchstoneDb>
{
    public TouchstoneDb CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<TouchstoneDb>();
        StorageSetup.Configure(builder, new StorageOptions { DataFolder = Path.GetTempPath() });
        return new TouchstoneDb(builder.Options);
    }
}
