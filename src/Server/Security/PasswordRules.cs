using System.Text;
using Microsoft.AspNetCore.Identity;

namespace Touchstone.Server.Security;

/// <summary>
/// Refuses passwords that are tried first: common words with figures around them, runs of the keyboard or the alphabet, few different characters, and the account's own
/// name. Length is required elsewhere; a mix of kinds of characters is not required (NIST SP 800-63B, 3.1.1.2). Pure; safe for concurrent use.
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<Account>
{
    private const int LeastDifferent = 5;
    private const int LeastLeft = 4;
    private const int LeastRun = 4;
    private const int LeastName = 3;

    // The words that make up the lists of common passwords; longer ones first, so that parts of them do not hide them.
    private static readonly string[] Common =
    [
        .. new[]
        {
            "password", "passwort", "passphrase", "passwd", "admin", "administrator", "root", "user", "guest", "default", "changeme", "change", "letmein", "welcome", "hello", "login", "secret", "master", "access", "test", "demo",
            "touchstone", "iloveyou", "love", "princess", "sunshine", "football", "baseball", "basketball", "superman", "batman", "dragon", "monkey", "shadow", "michael", "jordan", "charlie", "whatever", "trustno", "starwars",
            "computer", "internet", "server", "system", "company", "office", "google", "microsoft", "summer", "winter", "spring", "autumn", "january", "february", "march", "april", "june", "july", "august", "september", "october",
            "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "this", "is", "my", "the", "me", "in", "you", "to", "good", "please",
        }.OrderByDescending(x => x.Length),
    ];

    private static readonly string[] Runs = ["abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "qwertzuiopü", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm", "yxcvbnm", "1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"];

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password)
    {
        string? why = Problem(password ?? "", user.UserName, user.Email);
        return Task.FromResult(why is null ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = "TooEasy", Description = why }));
    }

    /// <summary>Why a password is not taken, for people; null: it may be.</summary>
    internal static string? Problem(string password, params IEnumerable<string?> names)
    {
        string plain = password.ToLowerInvariant();
        foreach (string? name in names)
            if (name?.Split('@')[0].ToLowerInvariant() is { Length: >= LeastName } own && (plain.Contains(own, StringComparison.Ordinal) || plain.Contains(Reversed(own), StringComparison.Ordinal))) return "The password contains the account's own name: choose another.";
        if (plain.Distinct().Count() < LeastDifferent) return $"The password has fewer than {LeastDifferent} different characters: choose another.";
        return IsEasy(plain) || IsEasy(Unmasked(plain)) ? "The password is made of what is tried first: common words, figures and runs of keys. Choose several uncommon words, or characters at random." : null;
    }

    /// <summary>Whether hardly anything is left without common words, runs and what surrounds them.</summary>
    private static bool IsEasy(string text)
    {
        foreach (string run in Runs) text = Without(text, run);
        foreach (string word in Common) text = text.Replace(word, " ", StringComparison.Ordinal);
        return text.Where(char.IsLetter).Distinct().Count() < LeastLeft && text.Count(char.IsDigit) < 2 * LeastLeft;
    }

    /// <summary>The text without the pieces of a run, forwards and backwards.</summary>
    private static string Without(string text, string run)
    {
        foreach (string way in (string[])[run, Reversed(run)])
            for (int length = way.Length; length >= LeastRun; length--)
                for (int at = 0; at + length <= way.Length; at++)
                    text = text.Replace(way.Substring(at, length), " ", StringComparison.Ordinal);
        return text;
    }

    /// <summary>Letters for the figures and signs that people write instead of them.</summary>
    private static string Unmasked(string text)
    {
        var letters = new StringBuilder(text.Length);
        foreach (char c in text) letters.Append(c switch { '0' => 'o', '1' or '!' => 'i', '3' or '€' => 'e', '4' or '@' => 'a', '5' or '$' => 's', '7' => 't', '8' => 'b', _ => c });
        return letters.ToString();
    }

    private static string Reversed(string text) => string.Concat(text.Reverse());
}
