using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Touchstone.Screening.Storage;

namespace Touchstone.Server.Security;

/// <summary>Lets <c>dotnet ef</c> build the model without an installation; see src/Screening/Storage/add-migration.</summary>
public sealed class DesignTimeAccounts : IDesignTimeDbContextFactory<AccountsDb>
{
    public AccountsDb CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<AccountsDb>();
        StorageSetup.Configure(builder, new StorageOptions { DataFolder = Path.GetTempPath() });
        return new AccountsDb(builder.Options);
    }
}
