namespace Touchstone.Screening.References;

/// <summary>The risk types of the EU alert register, a closed vocabulary of 22.</summary>
public enum RiskType
{
    Asphyxiation, Burns, Chemical, Choking, Cuts, DamageToHearing, DamageToSight, Drowning, ElectricShock, ElectromagneticDisturbance, EnergyConsumption,
    Entrapment, Environment, Fire, HealthRiskOrOther, IncorrectMeasurement, Injuries, Microbiological, Radiation, Security, Strangulation, Suffocation,
}

/// <summary>How grave a register calls the risk.</summary>
public enum RiskLevel { Serious, High, Medium, Low, Other }

/// <summary>Reads the vocabularies of <see cref="RiskType"/> and <see cref="RiskLevel"/>. Pure; safe for concurrent use.</summary>
public static class Risks
{
    private static readonly Dictionary<string, RiskType> Types = Enum.GetValues<RiskType>().ToDictionary(x => Key(NameOf(x)), StringComparer.Ordinal);

    // Words of other registers, and older words of the same one, that mean one of the 22.
    private static readonly Dictionary<string, RiskType> Synonyms = new(StringComparer.Ordinal)
    {
        ["injury"] = RiskType.Injuries, ["internalinjury"] = RiskType.Injuries, ["laceration"] = RiskType.Cuts, ["cut"] = RiskType.Cuts,
        ["burn"] = RiskType.Burns, ["burnnotfirerelated"] = RiskType.Burns, ["firefirerelatedburn"] = RiskType.Fire, ["fireandburn"] = RiskType.Fire,
        ["electrocutionelectricshock"] = RiskType.ElectricShock, ["electrocution"] = RiskType.ElectricShock, ["electricalshock"] = RiskType.ElectricShock,
        ["lead"] = RiskType.Chemical, ["cadmium"] = RiskType.Chemical, ["phthalates"] = RiskType.Chemical, ["poisoning"] = RiskType.Chemical,
        ["chemicalrisk"] = RiskType.Chemical, ["chemickériziko"] = RiskType.Chemical, ["aspiration"] = RiskType.Choking, ["amputation"] = RiskType.Injuries,
        ["healthrisk"] = RiskType.HealthRiskOrOther, ["other"] = RiskType.HealthRiskOrOther, ["eyeinjury"] = RiskType.DamageToSight,
        ["asphyxie"] = RiskType.Asphyxiation, ["brûlure"] = RiskType.Burns, ["brûlures"] = RiskType.Burns, ["étouffement"] = RiskType.Choking, ["coupure"] = RiskType.Cuts, ["coupures"] = RiskType.Cuts,
        ["chocélectrique"] = RiskType.ElectricShock, ["électrocution"] = RiskType.ElectricShock, ["incendie"] = RiskType.Fire, ["blessure"] = RiskType.Injuries, ["blessures"] = RiskType.Injuries,
        ["strangulation"] = RiskType.Strangulation, ["noyade"] = RiskType.Drowning, ["risquechimique"] = RiskType.Chemical, ["intoxication"] = RiskType.Chemical, ["piégeage"] = RiskType.Entrapment,
        ["lésionsauditives"] = RiskType.DamageToHearing, ["lésionsoculaires"] = RiskType.DamageToSight, ["dommageauditif"] = RiskType.DamageToHearing, ["dommageoculaire"] = RiskType.DamageToSight,
        ["elektrickýúder"] = RiskType.ElectricShock, ["úrazelektrickýmprúdom"] = RiskType.ElectricShock,
    };

    /// <summary>The vocabulary's own words, such as <c>Electric shock</c>.</summary>
    public static string NameOf(RiskType type) => type switch
    {
        RiskType.DamageToHearing => "Damage to hearing",
        RiskType.DamageToSight => "Damage to sight",
        RiskType.ElectricShock => "Electric shock",
        RiskType.ElectromagneticDisturbance => "Electromagnetic disturbance",
        RiskType.EnergyConsumption => "Energy consumption",
        RiskType.HealthRiskOrOther => "Health risk / other",
        RiskType.IncorrectMeasurement => "Incorrect measurement",
        _ => type.ToString(),
    };

    public static bool TryParse(string text, out RiskType type) => Types.TryGetValue(Key(text), out type) || Synonyms.TryGetValue(Key(text), out type);

    /// <summary>Splits a comma list into known types (each once, in the vocabulary's order) and the words outside it.</summary>
    public static (IReadOnlyList<RiskType> Types, IReadOnlyList<string> Others) ParseList(string? list, TextForm form = TextForm.Markup) =>
        ParseAll(ReferenceText.Clean(list, form)?.Split([',', ';', '\n']) ?? [], form);

    /// <summary>The same for a register that gives its risks one by one.</summary>
    public static (IReadOnlyList<RiskType> Types, IReadOnlyList<string> Others) ParseAll(IEnumerable<string> texts, TextForm form = TextForm.Markup)
    {
        SortedSet<RiskType> types = [];
        List<string> others = [];
        foreach (string? text in texts.Select(x => ReferenceText.Clean(x, form)))
        {
            if (text is null) continue;
            if (TryParse(text, out RiskType type)) types.Add(type);
            else if (!others.Contains(text, StringComparer.OrdinalIgnoreCase)) others.Add(text);
        }
        return ([.. types], others);
    }

    /// <summary>Reads "Serious risk", "Other risk level", "high"; null for anything else.</summary>
    public static RiskLevel? ParseLevel(string? text) => Key(text ?? "").Replace("level", "", StringComparison.Ordinal).Replace("risk", "", StringComparison.Ordinal) switch
    {
        "serious" => RiskLevel.Serious,
        "high" => RiskLevel.High,
        "medium" or "moderate" => RiskLevel.Medium,
        "low" => RiskLevel.Low,
        "other" or "lessthanserious" => RiskLevel.Other,
        _ => null,
    };

    private static string Key(string text) => string.Concat(text.Where(char.IsLetter)).ToLowerInvariant();
}
