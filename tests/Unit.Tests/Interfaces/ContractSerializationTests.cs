using System.Collections;
using System.Reflection;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Conversations.Unit.Tests.Interfaces;

public sealed class ContractSerializationTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    public static IEnumerable<Type> Contract => typeof(Turn).Assembly.GetTypes()
        .Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) && !t.IsAbstract);

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Samples_OfTheContract_AreOfEveryRecord() => Assert.Equal(
        Contract.Where(t => !t.IsAssignableTo(typeof(Exception))).Select(t => t.Name).Order(),
        ContractSamples.Everything.Select(s => s.GetType().Name).Distinct().Order());

    // What is left at its default would round trip also if it were lost.
    [Fact]
    public void Samples_OfTheContract_HaveEveryMemberSet() => Assert.All(ContractSamples.Everything, sample => Assert.All(
        Members(sample.GetType()),
        member => Assert.False(IsDefault(member.GetValue(sample)), $"{sample.GetType().Name}.{member.Name} is not set.")));

    [Fact]
    public void Records_ThroughOrleans_AreTheSame() => Assert.All(ContractSamples.Everything, sample =>
    {
        var read = Serializer.Deserialize<object>(Serializer.SerializeToArray<object>(sample));

        Assert.IsType(sample.GetType(), read);
        Assert.Equal(AnyText.Json(sample), AnyText.Json(read));
    });

    [Fact]
    public void EveryEvent_ThroughOrleansAsAnEvent_KeepsItsKindAndNumber() => Assert.All(ContractSamples.Events, sample =>
    {
        var read = Serializer.Deserialize<TurnEvent>(Serializer.SerializeToArray<TurnEvent>(sample));

        Assert.Equal((sample.GetType(), sample.Number), (read?.GetType(), read?.Number));
    });

    [Fact]
    public void Refusal_ThroughOrleans_KeepsAllItSays() => Assert.All(Enum.GetValues<RefusalCode>(), code =>
    {
        var read = RoundTrip(new RefusalException(code, "Send less.", "input") { Silo = "silo-1" });

        Assert.Equal((code, "Send less.", "input", "silo-1"), (read.Code, read.Message, read.Parameter, read.Silo));
        Assert.Null(RoundTrip(new RefusalException(code, "Send less.")).Parameter);
    });

    [Fact]
    public void Retry_ThroughOrleans_KeepsItsMessage() => Assert.Equal("Again.", RoundTrip(new RetryException("Again.")).Message);

    // Two silos of different builds know a type by its alias.
    [Fact]
    public void Records_OfTheContract_HaveAnAliasOfTheirOwn()
    {
        var aliases = Contract.Select(t => t.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias).ToList();

        Assert.DoesNotContain(null, aliases);
        Assert.Equal(aliases.Count, aliases.Distinct().Count());
    }

    private T RoundTrip<T>(T fault)
        where T : Exception =>
        Assert.IsType<T>(Serializer.Deserialize<Exception>(Serializer.SerializeToArray<Exception>(fault)));

    private static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties().Where(p => p.IsDefined(typeof(IdAttribute)));

    private static bool IsDefault(object? value) => value switch
    {
        null => true,
        ReadOnlyMemory<byte> bytes => bytes.IsEmpty,
        IEnumerable many => !many.GetEnumerator().MoveNext(),
        _ => value.GetType().IsValueType && value.Equals(Activator.CreateInstance(value.GetType())),
    };
}
