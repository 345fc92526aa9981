namespace Touchstone.Screening.Notices;

/// <summary>What whoever appealed is told, by mail and behind the reply link, in the notice's language. Pure.</summary>
public static class AppealAnswer
{
    private static readonly Dictionary<string, (string Subject, string Stands, string Succeeds, string Reasons)> Words = new(StringComparer.Ordinal)
    {
        ["en"] = ("Decision on your appeal against notice {0}", "Your appeal was examined by a person who did not send the notice. The notice stands.", "Your appeal was examined by a person who did not send the notice. Your appeal succeeds: the notice is taken back.", "Reasons"),
        ["da"] = ("Afgørelse af din klage over henvendelse {0}", "Din klage er behandlet af en person, som ikke har sendt henvendelsen. Henvendelsen står ved magt.", "Din klage er behandlet af en person, som ikke har sendt henvendelsen. Du får medhold: henvendelsen trækkes tilbage.", "Begrundelse"),
        ["de"] = ("Entscheidung über Ihren Widerspruch gegen Mitteilung {0}", "Ihr Widerspruch wurde von einer Person geprüft, die die Mitteilung nicht versandt hat. Die Mitteilung bleibt bestehen.", "Ihr Widerspruch wurde von einer Person geprüft, die die Mitteilung nicht versandt hat. Ihrem Widerspruch wird stattgegeben: Die Mitteilung wird zurückgenommen.", "Gründe"),
        ["ko"] = ("통지 {0}에 대한 이의신청 결정", "통지를 보내지 않은 다른 담당자가 귀하의 이의신청을 검토했습니다. 통지는 유지됩니다.", "통지를 보내지 않은 다른 담당자가 귀하의 이의신청을 검토했습니다. 이의신청이 받아들여져 통지를 철회합니다.", "이유"),
        ["fr"] = ("Décision sur votre recours contre la notification {0}", "Votre recours a été examiné par une personne qui n’a pas envoyé la notification. La notification est maintenue.", "Votre recours a été examiné par une personne qui n’a pas envoyé la notification. Il est accueilli : la notification est retirée.", "Motifs"),
        ["es"] = ("Resolución de su recurso contra la notificación {0}", "Su recurso ha sido examinado por una persona que no envió la notificación. La notificación se mantiene.", "Su recurso ha sido examinado por una persona que no envió la notificación. Se estima: la notificación queda retirada.", "Motivos"),
        ["it"] = ("Decisione sul ricorso contro la segnalazione {0}", "Il ricorso è stato esaminato da una persona che non ha inviato la segnalazione. La segnalazione è confermata.", "Il ricorso è stato esaminato da una persona che non ha inviato la segnalazione. È accolto: la segnalazione è ritirata.", "Motivi"),
        ["nl"] = ("Beslissing op uw bezwaar tegen melding {0}", "Uw bezwaar is behandeld door iemand die de melding niet heeft verstuurd. De melding blijft staan.", "Uw bezwaar is behandeld door iemand die de melding niet heeft verstuurd. Het is gegrond: de melding wordt ingetrokken.", "Redenen"),
        ["pl"] = ("Decyzja w sprawie odwołania od zgłoszenia {0}", "Odwołanie rozpatrzyła osoba, która nie wysłała zgłoszenia. Zgłoszenie zostaje utrzymane.", "Odwołanie rozpatrzyła osoba, która nie wysłała zgłoszenia. Odwołanie uwzględniono: zgłoszenie zostaje wycofane.", "Uzasadnienie"),
    };

    /// <summary>What was decided, in a sentence, and the word over its reasons.</summary>
    public static (string Sentence, string Reasons) Of(string language, bool upheld)
    {
        (_, string stands, string succeeds, string why) = Words.GetValueOrDefault(language, Words["en"]);
        return (upheld ? stands : succeeds, why);
    }

    internal static (string Subject, string Body) Write(string language, string number, bool upheld, string reasons, string from)
    {
        (string subject, string stands, string succeeds, string why) = Words.GetValueOrDefault(language, Words["en"]);
        return (subject.Replace("{0}", number, StringComparison.Ordinal), $"{(upheld ? stands : succeeds)}\r\n\r\n{why}:\r\n{reasons.ReplaceLineEndings("\r\n")}\r\n\r\n{from}\r\n");
    }
}
