using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;

namespace Touchstone.Server.Security;

/// <summary>The account that the first start makes; its password is shown once and kept only as a hash.</summary>
public sealed record FirstAdministrator(string UserName, string Password);

internal static class FirstRun
{
    // Without characters that people mix up.
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>A password of 20 characters, about 116 bits.</summary>
    public static string NewPassword() => RandomNumberGenerator.GetString(Alphabet, 20);

    /// <summary>Makes the account <c>admin</c> if there is no account yet; null otherwise.</summary>
    public static async Task<FirstAdministrator?> CreateAdministratorAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var accounts = services.GetRequiredService<UserManager<Account>>();
        if (await accounts.Users.AnyAsync(cancellationToken)) return null;
        string password = NewPassword();
        var account = new Account { UserName = "admin", Role = AccountRole.Administrator, CreatedAt = services.GetRequiredService<TimeProvider>().GetUtcNow(), LockoutEnabled = true };
        IdentityResult made = await services.GetRequiredService<AccountAudit>().SaveAsync(
            services.GetRequiredService<AccountsDb>(), () => accounts.CreateAsync(account, password), new AuditEntry("first start", "account.created", AuditSubject.Account(account.UserName), account.Role.ToString()), cancellationToken);
        return made.Succeeded
            ? new FirstAdministrator("admin", password)
            : throw new InvalidOperationException($"The first administrator could not be made: {string.Join(" ", made.Errors.Select(x => x.Description))}");
    }
}
