namespace Conversations.Importer.Progress;

/// <summary>Tells the person who waits how far it is; never on standard output.</summary>
internal interface IShow
{
    /// <summary>So many more messages were read.</summary>
    void Advance(long messages);

    /// <summary>Something to know.</summary>
    void Say(string line);
}
