using System.Collections.Concurrent;
using System.Collections.Frozen;
using PublicHoliday;

namespace Touchstone.Screening.Clocks;

/// <summary>
/// Which days count for a deadline in a country: Monday to Friday, without the public holidays that hold in the whole country and without the days that the operator added.
/// Days that most offices of a country keep are among its holidays (Constitution Day in Denmark, the eves in Sweden).
/// Where the holidays of a country are not known here (<see cref="AreHolidaysKnown"/>), none is guessed. Immutable; safe for concurrent use; the same in every run.
/// </summary>
public sealed class WorkingCalendar
{
    /// <summary>The longest deadline, in working days.</summary>
    public const int MostDays = 366;

    /// <summary>Years that are known: the package's rules, and the tables of the moon's calendars, hold for these. In others only weekends and the operator's days are left out.</summary>
    private const int FirstYear = 2000;

    private const int LastYear = 2050;

    // By ISO 3166-1 alpha-2: the days off of a year.
    private static readonly FrozenDictionary<string, Func<int, IEnumerable<DateOnly>>> Rules = new Dictionary<string, Func<int, IEnumerable<DateOnly>>>(StringComparer.Ordinal)
    {
        ["AT"] = year => Packaged(new AustriaPublicHoliday(), year),
        ["AU"] = year => Packaged(new AustraliaPublicHoliday(), year),
        ["BE"] = year => Packaged(new BelgiumPublicHoliday(), year),
        ["BG"] = FurtherHolidays.OfBulgaria,
        ["BR"] = year => Packaged(new BrazilPublicHoliday(), year),
        ["CA"] = year => Packaged(new CanadaPublicHoliday(), year),
        ["CH"] = year => Packaged(new SwitzerlandPublicHoliday(), year),
        ["CY"] = FurtherHolidays.OfCyprus,
        ["CZ"] = year => Packaged(new CzechRepublicPublicHoliday(), year),
        ["DE"] = year => Packaged(new GermanPublicHoliday(), year),
        ["DK"] = year => Packaged(new DenmarkPublicHoliday(), year),
        ["EE"] = year => Packaged(new EstoniaPublicHoliday(), year),
        ["ES"] = year => Packaged(new SpainPublicHoliday(), year),
        ["FI"] = year => Packaged(new FinlandPublicHoliday(), year),
        ["FR"] = year => Packaged(new FrancePublicHoliday(), year),
        ["GB"] = year => Packaged(new UKBankHoliday(), year),
        ["GR"] = year => Packaged(new GreecePublicHoliday(), year),
        ["HR"] = year => Packaged(new CroatiaPublicHoliday(), year),
        ["HU"] = year => Packaged(new HungaryPublicHoliday(), year),
        ["IE"] = year => Packaged(new IrelandPublicHoliday(), year),
        ["IT"] = year => Packaged(new ItalyPublicHoliday(), year),
        ["JP"] = year => Packaged(new JapanPublicHoliday(), year),
        ["KR"] = FurtherHolidays.OfKorea,
        ["KZ"] = year => Packaged(new KazakhstanPublicHoliday(), year),
        ["LT"] = year => Packaged(new LithuaniaPublicHoliday(), year),
        ["LU"] = year => Packaged(new LuxembourgPublicHoliday(), year),
        ["LV"] = year => Packaged(new LatviaPublicHoliday(), year),
        ["ME"] = year => Packaged(new MontenegroPublicHoliday(), year),
        ["MT"] = FurtherHolidays.OfMalta,
        ["MX"] = year => Packaged(new MexicoPublicHoliday(), year),
        ["NL"] = year => Packaged(new DutchPublicHoliday(), year),
        ["NO"] = year => Packaged(new NorwayPublicHoliday(), year),
        ["NZ"] = year => Packaged(new NewZealandPublicHoliday(), year),
        ["PL"] = year => Packaged(new PolandPublicHoliday(), year),
        ["PT"] = year => Packaged(new PortugalPublicHoliday(), year),
        ["RO"] = year => Packaged(new RomanianPublicHoliday(), year),
        ["RS"] = year => Packaged(new SerbianPublicHoliday(), year),
        ["SE"] = year => Packaged(new SwedenPublicHoliday(), year),
        ["SI"] = year => Packaged(new SloveniaPublicHoliday(), year),
        ["SK"] = year => Packaged(new SlovakiaPublicHoliday(), year),
        ["TR"] = year => Packaged(new TurkeyPublicHoliday(), year),
        ["US"] = year => Packaged(new USAPublicHoliday(), year),
        ["ZA"] = year => Packaged(new SouthAfricaPublicHoliday(), year),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<(string Country, int Year), FrozenSet<DateOnly>> Years = new();

    private readonly FrozenSet<DateOnly> _own;

    private WorkingCalendar(string? country, FrozenSet<DateOnly> own) => (Country, _own) = (country, own);

    /// <summary>The countries whose holidays are known, by their ISO 3166-1 alpha-2 codes, in their order.</summary>
    public static IReadOnlyList<string> KnownCountries { get; } = [.. Rules.Keys.Order(StringComparer.Ordinal)];

    /// <summary>ISO 3166-1 alpha-2, in capitals; null: no country was named.</summary>
    public string? Country { get; }

    /// <summary>Whether the country's public holidays are known here. Where they are not, only weekends and the operator's own days are left out.</summary>
    public bool AreHolidaysKnown => Country is not null && Rules.ContainsKey(Country);

    /// <summary>The calendar of a country.</summary>
    /// <param name="country">ISO 3166-1 alpha-2; null, and what is no country, such as EU: a calendar without holidays, which says so.</param>
    /// <param name="own">Days that the operator added for it; null: none.</param>
    public static WorkingCalendar For(string? country, IEnumerable<DateOnly>? own = null) =>
        new(string.IsNullOrWhiteSpace(country) ? null : country.Trim().ToUpperInvariant(), own is null ? FrozenSet<DateOnly>.Empty : own.ToFrozenSet());

    public bool IsWorkingDay(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !IsHoliday(day);

    /// <summary>Whether the day is a public holiday that is known, or one of the operator's own.</summary>
    public bool IsHoliday(DateOnly day) => _own.Contains(day) || (AreHolidaysKnown && Years.GetOrAdd((Country!, day.Year), OfYear).Contains(day));

    /// <summary>The working day that is <paramref name="days"/> after a day, which itself does not count; with 0, the day itself or the next working day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to <see cref="MostDays"/> days.</exception>
    public DateOnly AddWorkingDays(DateOnly from, int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MostDays);
        DateOnly day = from;
        for (int left = days; left > 0; left--) day = NextWorkingDay(day.AddDays(1));
        return NextWorkingDay(day);
    }

    /// <summary>How many working days lie after the first day, up to and with the second; negative where the second is earlier.</summary>
    public int WorkingDaysBetween(DateOnly from, DateOnly to)
    {
        if (to < from) return -WorkingDaysBetween(to, from);
        int count = 0;
        for (DateOnly day = from.AddDays(1); day <= to; day = day.AddDays(1))
            if (IsWorkingDay(day)) count++;
        return count;
    }

    private DateOnly NextWorkingDay(DateOnly day)
    {
        while (!IsWorkingDay(day)) day = day.AddDays(1);
        return day;
    }

    private static FrozenSet<DateOnly> OfYear((string Country, int Year) asked) => asked.Year is < FirstYear or > LastYear ? FrozenSet<DateOnly>.Empty : Rules[asked.Country](asked.Year).ToFrozenSet();

    private static IEnumerable<DateOnly> Packaged(PublicHolidayBase country, int year) => country.PublicHolidays(year).Select(DateOnly.FromDateTime);
}
