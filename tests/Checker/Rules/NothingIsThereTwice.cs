namespace Conversations.Checker.Rules;

/// <summary>Nothing that was said, answered, asked or approved once is there twice.</summary>
internal sealed class NothingIsThereTwice() : SessionRule("I2")
{
    protected override IEnumerable<string> Broken(SessionCase session) => session.Lineage
        .Where(item => item.Item is { Type: "message", Text: not null } or { IsRequest: true } or { IsVerdict: true })
        .GroupBy(item => item.Item.CallId is { } call ? $"{item.Item.Type} of {call}" : item.Item.Text)
        .Where(same => same.Count() > 1)
        .Select(same => $"'{same.Key}' is there {same.Count()} times.");
}
