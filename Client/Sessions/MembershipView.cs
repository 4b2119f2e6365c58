namespace Conversations.Client.Sessions;

/// <summary>What a look at the membership table showed: each silo that is not dead, as <c>address:port@generation</c>, and its status.</summary>
/// <param name="Silos">The silos.</param>
internal sealed record MembershipView(IReadOnlyDictionary<string, int> Silos)
{
    public const int Active = 3;
    public const int Dead = 6;

    public static readonly MembershipView Empty = new(new Dictionary<string, int>());

    /// <summary>How many silos serve.</summary>
    public int ActiveSilos => Silos.Values.Count(status => status == Active);

    /// <summary>The silos of the view before that are gone from this one.</summary>
    public IReadOnlyList<string> DeadSince(MembershipView before) => [.. before.Silos.Keys.Where(silo => !Silos.ContainsKey(silo))];
}
