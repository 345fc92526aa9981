using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Touchstone.Screening.Audit;
using Touchstone.Screening.Storage;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>
/// The secret part of a reply link: notice, serial and end, with HMAC-SHA256 by a key that is made of the installation's for this purpose alone. Whoever has it may read
/// that notice and answer it until its end, unless it was taken back. Base64url, 64 characters.
/// </summary>
public static class ReplyToken
{
    private const string Purpose = "reply link v1";
    private const int Named = 8 + 4 + 4, Mac = 32;

    /// <summary>The link of a notice; null where the operator has no public address.</summary>
    /// <param name="until">In whole seconds.</param>
    public static async Task<string?> UrlAsync(TouchstoneDb db, TimeProvider clock, OperatorRow? from, long noticeId, int serial, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (from?.PublicUrl is not { } address) return null;
        byte[] key = await SigningKey.DeriveAsync(db, clock, Purpose, cancellationToken);
        return $"{address}/r/{Make(key, noticeId, serial, until)}";
    }

    /// <summary>The notice that a token opens now, with its links and replies; null: it is no token of ours, ran out or was taken back.</summary>
    public static async Task<NoticeRow?> OpenAsync(TouchstoneDb db, TimeProvider clock, string token, CancellationToken cancellationToken)
    {
        if (token.Length is 0 or > 100 || !Base64Url.IsValid(token)) return null;
        byte[] bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length != Named + Mac) return null;
        byte[] key = await SigningKey.DeriveAsync(db, clock, Purpose, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, bytes.AsSpan(0, Named)), bytes.AsSpan(Named))) return null;
        long id = BinaryPrimitives.ReadInt64BigEndian(bytes);
        int serial = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8));
        DateTimeOffset until = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(12)));
        DateTimeOffset now = clock.GetUtcNow();
        if (until <= now) return null;
        NoticeRow? notice = await db.Notices.Include(x => x.Links).Include(x => x.Replies).AsSplitQuery().FirstOrDefaultAsync(x => x.Id == id && x.State == NoticeState.Sent, cancellationToken);
        return notice is { ReplyUntil: { } end } && end > now && notice.ReplySerial == serial ? notice : null;
    }

    private static string Make(byte[] key, long noticeId, int serial, DateTimeOffset until)
    {
        byte[] bytes = new byte[Named + Mac];
        BinaryPrimitives.WriteInt64BigEndian(bytes, noticeId);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), serial);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(12), checked((uint)until.ToUnixTimeSeconds()));
        HMACSHA256.HashData(key, bytes.AsSpan(0, Named), bytes.AsSpan(Named));
        return Base64Url.EncodeToString(bytes);
    }
}
