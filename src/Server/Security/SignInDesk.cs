using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Touchstone.Screening.Audit;

namespace Touchstone.Server.Security;

/// <summary>Signs people in and out, and records it. A name that there is not costs the same time and gets the same words as a wrong password. One for a request.</summary>
internal sealed class SignInDesk(UserManager<Account> accounts, SignInManager<Account> signIn, AccountsDb db, AccountAudit audit, SignInPace pace, TimeProvider clock)
{
    private const int LongestName = 256;

    // What a password is compared with where there is no such account: the hash of nobody's password.
    private static readonly Lazy<string> NobodysHash = new(static () => new PasswordHasher<Account>().HashPassword(new Account(), FirstRun.NewPassword()));

    /// <summary>Signs in; returns null, or why not and the status that says so.</summary>
    public async Task<(int Status, string Why)?> SignInAsync(HttpContext http, string name, string password)
    {
        IPAddress? address = http.Connection.RemoteIpAddress;
        name = name.Length > LongestName ? name[..LongestName] : name;
        if (pace.Wait(address, name) is var wait && wait > TimeSpan.Zero)
        {
            string seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            http.Response.Headers.RetryAfter = seconds;
            return (StatusCodes.Status429TooManyRequests, $"Too many wrong passwords from here for this name: wait {seconds} s, then try again.");
        }
        Account? account = await accounts.FindByNameAsync(name);
        bool isRight = account is not null && await accounts.CheckPasswordAsync(account, password);
        if (account is null) accounts.PasswordHasher.VerifyHashedPassword(new Account(), NobodysHash.Value, password);
        string from = $"from {address}";
        if (!isRight)
        {
            pace.Failed(address, name);
            // What was typed for a name may be a password, so only names that there are go into the log.
            await audit.SaveAsync(db, new AuditEntry("anonymous", "account.sign-in-failed", AuditSubject.Account(account?.UserName ?? "unknown"), from), http.RequestAborted);
            return (StatusCodes.Status401Unauthorized, "User name or password is wrong.");
        }
        if (await accounts.IsLockedOutAsync(account!))
        {
            await audit.SaveAsync(db, new AuditEntry(account!.UserName!, "account.sign-in-refused", AuditSubject.Account(account.UserName!), $"{from}: locked"), http.RequestAborted);
            return (StatusCodes.Status401Unauthorized, "An administrator has locked this account; ask one to unlock it.");
        }
        pace.Succeeded(address, name);
        account!.LastSignInAt = clock.GetUtcNow();
        IdentityResult noted = await audit.SaveAsync(db, () => accounts.UpdateAsync(account), new AuditEntry(account.UserName!, "account.signed-in", AuditSubject.Account(account.UserName!), from), http.RequestAborted);
        if (!noted.Succeeded) throw new InvalidOperationException($"The sign-in could not be recorded: {string.Join(' ', noted.Errors.Select(x => x.Description))}");
        await signIn.SignInAsync(account, isPersistent: false);
        return null;
    }

    /// <summary>Keeps the language with the account that is signed in, for all its devices; null: as the browser asks. Returns null where no account is.</summary>
    public async Task<IdentityResult?> ChooseLanguageAsync(HttpContext http, string? language)
    {
        if (await accounts.GetUserAsync(http.User) is not { } account) return null;
        account.Language = language;
        var entry = new AuditEntry(account.UserName!, "account.changed", AuditSubject.Account(account.UserName!), $"language {language ?? "of the browser"}, by its owner");
        IdentityResult kept = await audit.SaveAsync(db, () => accounts.UpdateAsync(account), entry, http.RequestAborted);
        if (kept.Succeeded) await signIn.RefreshSignInAsync(account);
        return kept;
    }

    /// <summary>Ends the account's sessions, here and elsewhere: a copy of the cookie opens nothing any more.</summary>
    public async Task SignOutAsync(HttpContext http)
    {
        if (await accounts.GetUserAsync(http.User) is { } account)
            await audit.SaveAsync(db, () => accounts.UpdateSecurityStampAsync(account), new AuditEntry(account.UserName!, "account.signed-out", AuditSubject.Account(account.UserName!)), http.RequestAborted);
        await signIn.SignOutAsync();
    }
}
