using Touchstone.Screening.Storage.Rows;

namespace Touchstone.Screening.Notices;

/// <summary>By which day an answer to a notice is asked for, unless the person says another. Pure.</summary>
public static class RespondByDefault
{
    /// <summary>2 working days after an order, 3 after a notice (Regulation (EU) 2023/988, article 22), 5 after a request; null for what asks for no answer. Weekends do not count.</summary>
    public static DateOnly? Of(NoticeKind kind, DateOnly from) => kind switch
    {
        NoticeKind.AuthorityOrder => AfterWeekdays(from, 2),
        NoticeKind.DsaNotice => AfterWeekdays(from, 3),
        NoticeKind.ShopRequest => AfterWeekdays(from, 5),
        _ => null,
    };

    private static DateOnly AfterWeekdays(DateOnly from, int days)
    {
        for (DateOnly day = from; ;)
        {
            if (days == 0) return day;
            day = day.AddDays(1);
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) days--;
        }
    }
}
