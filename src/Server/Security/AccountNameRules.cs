using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Identity;

namespace Touchstone.Server.Security;

/// <summary>
/// Which names an account may have: letters and digits of any script, with marks on them, and <c>- . _ @ +</c>. No colon, by which keys and servers are told from people in the audit
/// log, and nothing that is not seen. A new one also begins with a letter or a digit, and is typed as keyboards type it (<see cref="WhyNotNew"/>); the validator, which runs on each change of an account,
/// asks that of none that is there. Pure; safe for concurrent use.
/// </summary>
internal sealed class AccountNameRules : IUserValidator<Account>
{
    private const string Between = "-._@+";

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user) => Task.FromResult(
        Allows(user.UserName) ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = "AccountName", Description = NoName(user.UserName) }));

    /// <summary>Whether an account that is there may have the name.</summary>
    internal static bool Allows(string? name) =>
        name is { Length: > 0 } && name.EnumerateRunes().All(x => Rune.IsLetterOrDigit(x) || IsMark(x) || (x.IsAscii && Between.Contains((char)x.Value, StringComparison.Ordinal)));

    /// <summary>Why no account is made with the name, in a sentence of the core; null: it may be.</summary>
    internal static string? WhyNotNew(string name) =>
        !Allows(name) || !Rune.IsLetterOrDigit(name.EnumerateRunes().First()) ? NoName(name)
        : name.EnumerateRunes().Any(IsPart) ? $"“{name}” holds letters and their marks apart, as some programs paste them, and would be another name than the same one typed: type it."
        : null;

    private static string NoName(string? name) => $"“{name}” is no name of an account: take letters and digits, and - . _ @ + after the first.";

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // What is composed with the letter before it when typed (Unicode, normalisation form C): without ICU, .NET composes nothing. Marks of Latin, Greek and Cyrillic, of Arabic and of Japanese; the parts of Korean syllables.
    private static bool IsPart(Rune rune) => rune.Value is (>= 0x300 and <= 0x36F) or (>= 0x653 and <= 0x655) or (>= 0x3099 and <= 0x309A) or (>= 0x1100 and <= 0x11FF);
}
