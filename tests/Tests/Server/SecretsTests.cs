using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Touchstone.Screening.Storage;
using Touchstone.Server.Workers;

namespace Touchstone.Tests.Server;

/// <summary>Each kind of secret is encrypted for itself, and what an older installation kept is still read.</summary>
public sealed class SecretsTests
{
    [Fact]
    public void One_kind_is_not_read_as_another_and_an_older_key_is_read()
    {
        var keys = new EphemeralDataProtectionProvider();
        SecretProtection secrets = WorkerSetup.SecretsOf(keys);
        foreach (SecretKind kind in Enum.GetValues<SecretKind>()) Assert.Equal("Tr0mmel", secrets.Reveal(kind, secrets.Protect(kind, "Tr0mmel")));
        Assert.Throws<CryptographicException>(() => secrets.Reveal(SecretKind.MailPassword, secrets.Protect(SecretKind.SearchKey, "Tr0mmel")));
        Assert.Equal("older", secrets.Reveal(SecretKind.SearchKey, keys.CreateProtector("mail").Protect("older")));
        Assert.Throws<CryptographicException>(() => secrets.Reveal(SecretKind.SearchKey, "nothing"));
    }
}
