namespace Conversations.Importer.Sessions;

/// <summary>What became of a session.</summary>
internal enum Outcome
{
    /// <summary>Items were appended (or would be), and now it has all.</summary>
    Imported,

    /// <summary>It had all, and nothing else.</summary>
    Unchanged,

    /// <summary>It had all, and has gone on since.</summary>
    MovedOn,

    /// <summary>It has other items than the source: left alone.</summary>
    Differs,

    /// <summary>It was used while it was imported: left alone from there.</summary>
    InUse,

    /// <summary>The service did not take an item: left alone from there.</summary>
    Refused,

    /// <summary>Nothing in it can be imported.</summary>
    Nothing,
}
