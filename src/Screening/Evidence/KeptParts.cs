using Touchstone.Crawling.Fetching;
using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Evidence;

/// <summary>What was kept of a page beside the page itself, read when it is asked for. Safe for concurrent use where <paramref name="find"/> is.</summary>
/// <param name="find">Gives the bytes of a hash; null: there are none.</param>
internal sealed class KeptParts(ObservationRow seen, Func<string, CancellationToken, Task<byte[]?>> find)
{
    /// <summary>The pictures that were kept under an address, in their order.</summary>
    public IEnumerable<ObservationImageRow> Images => seen.Images.OrderBy(x => x.Position).Where(x => x.ImageSha256 is not null && Uri.IsWellFormedUriString(x.Url, UriKind.Absolute));

    /// <summary>An exchange with its body, if that is there.</summary>
    public async Task<FetchExchange> ExchangeAsync(ObservationExchangeRow row, CancellationToken cancellationToken)
    {
        byte[] body = row.BodySha256 is { } sha256 ? await find(sha256, cancellationToken) ?? [] : [];
        return new FetchExchange
        {
            Url = row.Url,
            RequestHead = row.RequestHead,
            ResponseHead = row.ResponseHead,
            Body = body,
            IsWhole = row.IsWhole && (row.BodySha256 is null || body.Length > 0),
            Address = row.Address,
            AskedAt = row.AskedAt,
            EndedAt = row.EndedAt,
        };
    }

    /// <summary>What a browser is given under an address; null: nothing was kept there.</summary>
    public async Task<FetchOutcome?> FindAsync(string url, CancellationToken cancellationToken)
    {
        if (Images.FirstOrDefault(x => x.Url == url) is { } image && await find(image.ImageSha256!, cancellationToken) is { } bytes)
            return new FetchOutcome { Url = url, FinalUrl = url, Status = 200, ContentType = EvidenceArchive.MediaTypeOf(bytes), Body = bytes };
        foreach (ObservationExchangeRow row in seen.Exchanges.Where(x => x.IsResource && x.Url == url).OrderByDescending(x => x.Position))
        {
            FetchExchange exchange = await ExchangeAsync(row, cancellationToken);
            if (exchange.Status == 200) return OutboundHttp.Recalled(new FetchOutcome { Url = url, FinalUrl = url, Status = 200 }, exchange, new FetchLimits());
        }
        return null;
    }
}
