namespace Touchstone.Crawling.Extraction.Facts;

/// <summary>What an offer at a distance must clearly and visibly state. Source: Regulation (EU) 2023/988 on general product safety, Article 19 (a) to (d).</summary>
public enum SafetyPoint
{
    /// <summary>(a) The maker's name, registered trade name or trade mark.</summary>
    Manufacturer,

    /// <summary>(a) The maker's postal address.</summary>
    ManufacturerAddress,

    /// <summary>(a) The maker's electronic address: a mail address or a web site.</summary>
    ManufacturerContact,

    /// <summary>(b) Who answers for the product in the Union, where the maker is established outside it.</summary>
    ResponsiblePerson,

    /// <summary>(b) The postal address of that person.</summary>
    ResponsibleAddress,

    /// <summary>(b) The electronic address of that person.</summary>
    ResponsibleContact,

    /// <summary>(c) A picture of the product.</summary>
    Picture,

    /// <summary>(c) Its type: what the offer calls it.</summary>
    Type,

    /// <summary>(c) Another identifier: a trade number, a model, a part or article number.</summary>
    Identifier,

    /// <summary>(d) Warnings or safety information, in the language of the page.</summary>
    Warnings,
}

/// <summary>What became of a point.</summary>
public enum SafetyState
{
    Found,

    /// <summary>The page does not state it.</summary>
    Missing,

    /// <summary>The page may state it where it cannot be read, or whether it must depends on what is not stated.</summary>
    CannotBeTold,

    /// <summary>The law does not ask for it here.</summary>
    NotNeeded,
}

/// <summary>Why a point is as it is, where that says more than its state.</summary>
public enum SafetyReason
{
    /// <summary>The maker's address is in the Union: nobody else need answer for the product there.</summary>
    MakerInUnion,

    /// <summary>The page does not say in which country the maker is.</summary>
    MakerCountryUnknown,

    /// <summary>A picture of the page seems to show it, as text that only people read.</summary>
    OnlyInPicture,

    /// <summary>A part of the page is named so, and a script brings what it holds.</summary>
    BroughtByScript,

    /// <summary>The page links to another page that is named so.</summary>
    OnAnotherPage,

    /// <summary>It is stated in another language than the page's.</summary>
    OtherLanguage,

    /// <summary>No warning is stated; whether the product needs one depends on the product.</summary>
    NoneStated,
}

/// <summary>One point of what must be stated.</summary>
/// <param name="Text">As the page states it, shortened; null where it does not.</param>
/// <param name="Where">The heading or label under which it stands, or the markup's property.</param>
public sealed record SafetyStatement(SafetyPoint Point, SafetyState State, string? Text = null, string? Where = null, SafetyReason? Reason = null);

/// <summary>The maker as markup names it.</summary>
internal sealed record StatedMaker(string? Name, string? Address, string? Contact);
