namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Members of the dialect that have no effect here. They are read all the same, so that a mistake in them is told.</summary>
internal static class WithoutEffect
{
    private const int MostLogprobs = 20;
    private const double MostPenalty = 2;

    /// <summary>Reads them.</summary>
    public static void Read(RequestNode body)
    {
        foreach (var included in body.Member("include")?.Elements() ?? [])
        {
            included.OneOf(
                "code_interpreter_call.outputs",
                "computer_call_output.output.image_url",
                "file_search_call.results",
                "message.input_image.image_url",
                "message.output_text.logprobs",
                "reasoning.encrypted_content",
                "web_search_call.action.sources",
                "web_search_call.results");
        }

        body.Member("service_tier")?.OneOf("auto", "default", "flex", "scale", "priority");
        body.Member("stream_options")?.Object().Member("include_obfuscation")?.Flag();
        body.Member("top_logprobs")?.Integer(0, MostLogprobs);
        body.Member("presence_penalty")?.Number(-MostPenalty, MostPenalty);
        body.Member("frequency_penalty")?.Number(-MostPenalty, MostPenalty);
    }
}
