namespace Conversations.Chaos.Broken;

/// <summary>A service that is wrong on purpose, for the judge to catch.</summary>
/// <param name="Name">Its name on the command line and in the report.</param>
/// <param name="What">What is wrong with it.</param>
/// <param name="Faults">The faults under which it shows.</param>
/// <param name="Edits">What makes it wrong.</param>
internal sealed record BrokenBuild(string Name, string What, string Faults, params Edit[] Edits)
{
    public static IReadOnlyList<BrokenBuild> All { get; } =
    [
        new(
            "no-fence",
            "a write succeeds whatever version its writer knows",
            "pause-silo,silo-net-cut",
            new Edit("deploy/postgres/0002_conversations.sql", "where s.tenant = v_tenant and s.session = v_session and s.version = p_version", "where s.tenant = v_tenant and s.session = v_session"),
            new Edit("deploy/postgres/0007_turn_ids.sql", "where s.tenant = c.tenant and s.session = c.session and s.version = c.version", "where s.tenant = c.tenant and s.session = c.session")),
        new(
            "acknowledge-first",
            "what is accepted or ended is acknowledged, and then written",
            "kill-silo,kill-all-silos,kill-postgres,end-backends",
            new Edit("Grains/Sessions/SessionEngine.Running.cs", "        await _flush.FlushAsync();\n        foreach (var show in then) show();", "        await Task.Yield();\n        _ = _flush.FlushAsync();\n        foreach (var show in then) show();")),
        new(
            "no-unique-key",
            "rows are inserted where there are none, without a key that keeps two writers apart, and without the fence",
            "pause-silo,silo-net-cut",
            new Edit("deploy/postgres/0002_conversations.sql", "where s.tenant = v_tenant and s.session = v_session and s.version = p_version", "where s.tenant = v_tenant and s.session = v_session"),
            new Edit("deploy/postgres/0002_conversations.sql", "  primary key (tenant, session, seq));", "  check (true));\ncreate index item_key on conversations.item (tenant, session, seq);"),
            new Edit("deploy/postgres/0002_conversations.sql", "  primary key (tenant, session, turn_id)) with", "  check (true)) with"),
            new Edit("deploy/postgres/0007_turn_ids.sql", "where s.tenant = c.tenant and s.session = c.session and s.version = c.version", "where s.tenant = c.tenant and s.session = c.session"),
            new Edit("deploy/postgres/0005_grouped_writes.sql", "alter table conversations.turn drop constraint turn_pkey, add primary key (tenant, session, turn_id);", "create index turn_key on conversations.turn (tenant, session, turn_id);"),
            new Edit("deploy/postgres/0007_turn_ids.sql", "alter table conversations.turn drop constraint turn_pkey, add primary key (turn_id, tenant, session);", "create index turn_by_id on conversations.turn (turn_id, tenant, session);")),
        new(
            "renamed-retry",
            "a gateway that tries again names the turn anew",
            "kill-silo,pause-silo,end-backends",
            new Edit("Client/Sessions/GrainSessions.cs", "request with { IsFirstTry = false }", "request with { IsFirstTry = false, Id = TurnId.New(TimeProvider.System) }")),
        new(
            "unlocked-runner",
            "turns of a session run at the same time",
            "model-trickle",
            new Edit("Grains/Sessions/SessionEngine.Running.cs", "if (_running is not null || _closing) return;", "if (_closing) return;")),
        new(
            "unasked",
            "a call that a person must approve is made without",
            "kill-gateway,model-trickle",
            new Edit("Grains/Turns/ToolCalls.cs", "tool.NeedsApproval && answer is null", "tool.NeedsApproval && answer is { Approve: true }")),
        new(
            "unforgotten",
            "what is erased goes from the disk, and stays in a session's memory",
            "kill-gateway,model-trickle",
            new Edit("Grains/Sessions/SessionState.cs", "var index = _window.FindIndex(i => i.Seq == seq);", "var index = _window.FindIndex(i => i.Seq == seq && i.Body is null);")),
    ];
}

/// <summary>A change to one file: a text that is there once becomes another.</summary>
internal sealed record Edit(string File, string Find, string Replacement)
{
    /// <summary>Makes it in a copy of the repository.</summary>
    /// <exception cref="InvalidOperationException">The text is not there, or more than once: the service has changed.</exception>
    public void Apply(string root)
    {
        var path = Path.Combine(root, File);
        var text = System.IO.File.ReadAllText(path);
        var place = text.IndexOf(Find, StringComparison.Ordinal);
        if (place < 0 || text.IndexOf(Find, place + 1, StringComparison.Ordinal) >= 0) throw new InvalidOperationException($"{File} does not have this once:\n{Find}");
        System.IO.File.WriteAllText(path, text.Replace(Find, Replacement, StringComparison.Ordinal));
    }
}
