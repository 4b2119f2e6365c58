using Conversations.Client.Sessions;

namespace Conversations.Unit.Tests.Client.Sessions;

public sealed class MembershipViewTests
{
    [Fact]
    public void DeadSince_SiloGoneOrReborn_NamesTheOldOne()
    {
        var before = View(("127.0.0.1:11111@1", 3), ("127.0.0.1:11112@1", 3));
        var now = View(("127.0.0.1:11111@1", 3), ("127.0.0.1:11112@2", 2));

        Assert.Equal(["127.0.0.1:11112@1"], now.DeadSince(before));
        Assert.Equal(1, now.ActiveSilos);
    }

    [Fact]
    public void DeadSince_SiloJoins_NamesNobody() =>
        Assert.Empty(View(("127.0.0.1:11111@1", 3)).DeadSince(MembershipView.Empty));

    private static MembershipView View(params (string Silo, int Status)[] silos) => new(silos.ToDictionary(s => s.Silo, s => s.Status));
}
