using System.Text;
using Microsoft.AspNetCore.Identity;

namespace Touchstone.Server.Security;

/// <summary>
/// Which names an account may have: letters and digits of any script, with marks on them, and <c>- . _ @ +</c> after the first. No colon, by which keys and servers are told from people in the audit
/// log, and nothing that is not seen. Pure; safe for concurrent use.
/// </summary>
internal sealed class AccountNameRules : IUserValidator<Account>
{
    private const string Between = "-._@+";

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user) => Task.FromResult(
        Allows(user.UserName) ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = "AccountName", Description = $"“{user.UserName}” is no name of an account: take letters and digits, and - . _ @ + after the first." }));

    internal static bool Allows(string? name) =>
        name is { Length: > 0 } && Rune.IsLetterOrDigit(name.EnumerateRunes().First()) && name.EnumerateRunes().All(x => Rune.IsLetterOrDigit(x) || IsMark(x) || (x.IsAscii && Between.Contains((char)x.Value, StringComparison.Ordinal)));

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
