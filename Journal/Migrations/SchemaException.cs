namespace Conversations.Journal.Migrations;

/// <summary>The database is not one that this build can serve from; the message is one sentence that says what to do.</summary>
/// <param name="message">The sentence.</param>
/// <param name="inner">What PostgreSQL said, if it said something.</param>
public sealed class SchemaException(string message, Exception? inner = null) : Exception(message, inner);
