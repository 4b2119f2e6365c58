namespace Conversations.Importer;

/// <summary>What the command ends with.</summary>
internal static class ExitCodes
{
    /// <summary>Everything that the source holds is there.</summary>
    public const int Whole = 0;

    /// <summary>It could not begin, or broke off: the same command goes on where this one stopped.</summary>
    public const int BrokeOff = 1;

    /// <summary>It came to its end, and reported what is not there.</summary>
    public const int Partly = 2;
}
