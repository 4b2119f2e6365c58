using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.Requests;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class CreateResponseTests
{
    [Fact]
    public void Read_Text_IsOneMessageOfTheUser()
    {
        var request = CreateResponse.Read(Body.Of("""{"input": "hi", "unknown": {"a": 1}}"""));

        var message = Assert.IsType<Message>(Assert.Single(request.Input));
        Assert.Equal((Role.User, "hi"), (message.Role, ((InputText)message.Content[0]).Text));
        Assert.Empty(request.Options.Metadata);
        Assert.Equal(new TurnOptions { Metadata = request.Options.Metadata }, request.Options);
        Assert.Null(request.Conversation);
        Assert.False(request.Stream);
        Assert.Null(request.CancelOnDisconnect);
    }

    [Theory]
    [InlineData("cancel", true)]
    [InlineData("continue", false)]
    public void Read_OnDisconnect_IsRead(string word, bool cancels) =>
        Assert.Equal(cancels, CreateResponse.Read(Body.Of($$"""{"input": "hi", "on_disconnect": "{{word}}"}""")).CancelOnDisconnect);

    [Fact]
    public void Read_EveryItem_IsKept()
    {
        var request = CreateResponse.Read(Body.Of("""
            {"input": [
              {"role": "user", "content": "hi"},
              {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "be brief"}]},
              {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
               "content": [{"type": "output_text", "text": "hello", "annotations": []}, {"type": "refusal", "refusal": "no"}]},
              {"role": "user", "content": [{"type": "input_image", "image_url": "https://x/y.png"},
                                           {"type": "input_image", "file_id": null, "detail": "low", "image_url": "data:image/png;base64,iVBORw0KGgo="},
                                           {"type": "input_file", "filename": "a.pdf", "file_data": "YQ=="},
                                           {"type": "input_file", "file_data": "DATA:application/pdf;base64,YQ=="},
                                           {"type": "input_file", "file_url": "https://x/y.pdf"}]},
              {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "look", "arguments": "{}"},
              {"type": "function_call_output", "call_id": "c1", "output": "42"},
              {"type": "function_call_output", "call_id": "c1", "output": [{"type": "input_text", "text": "4"}, {"type": "input_text", "text": "2"},
                                                                           {"type": "input_image", "image_url": "https://x/y.png"}]},
              {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "hm"}], "encrypted_content": "x"}]}
            """));

        Assert.Equal(8, request.Input.Length);
        Assert.Equal(Role.Developer, ((Message)request.Input[1]).Role);
        Assert.Equal<ContentPart>([new OutputText("hello"), new RefusalText("no")], ((Message)request.Input[2]).Content);
        Assert.Equal<ContentPart>(
            [
                new InputImage("https://x/y.png", null, "auto"),
                new InputImage("data:image/png;base64,iVBORw0KGgo=", null, "low"),
                new InputFile("a.pdf", "YQ==", null, null),
                new InputFile(null, "DATA:application/pdf;base64,YQ==", null, null),
                new InputFile(null, null, "https://x/y.pdf", null),
            ],
            ((Message)request.Input[3]).Content);
        Assert.Equal(new FunctionCall("c1", "look", "{}"), request.Input[4]);
        Assert.Equal(new FunctionCallOutput("c1", "42"), request.Input[5]);
        var parts = Assert.IsType<FunctionCallOutput>(request.Input[6]);
        Assert.Equal("42", parts.Output);
        Assert.Equal<ContentPart>([new InputText("4"), new InputText("2"), new InputImage("https://x/y.png", null, "auto")], parts.Parts!.Value);
        Assert.Equal("hm", ((Reasoning)request.Input[7]).Summary[0]);
    }

    [Theory]
    [InlineData("""{"type": "item_reference", "id": "msg_1"}""")]
    [InlineData("""{"id": "msg_1"}""")]
    public void Read_Reference_NamesItsItemAndItsPlace(string reference)
    {
        var request = CreateResponse.Read(Body.Of($$"""{"input": [{"role": "user", "content": "hi"}, {{reference}}]}"""));

        Assert.Equal(new ItemReference("msg_1", "input[1].id"), request.Input[1]);
    }

    [Fact]
    public void Read_EveryOption_IsKept()
    {
        var options = CreateResponse.Read(Body.Of("""
            {"input": "hi", "model": "demo", "instructions": "be brief", "temperature": 0.5, "top_p": 1, "max_output_tokens": 9,
             "max_tool_calls": 3, "parallel_tool_calls": false, "metadata": {"a": "1"}, "store": false, "background": true, "stream": true,
             "conversation": {"id": "user-42"}, "truncation": "auto", "prompt_cache_key": "k", "user": "sam",
             "text": {"verbosity": "low"}, "reasoning": {"effort": "low"}, "tool_choice": "required",
             "tools": [{"type": "function", "name": "look", "parameters": {"type": "object"}}]}
            """));

        Assert.True(options.Stream);
        Assert.Equal("user-42", options.Conversation);
        Assert.Equal("1", options.Options.Metadata["a"]);
        Assert.Equal("""{"format":{"type":"text"},"verbosity":"low"}""", options.Options.TextJson);
        Assert.Equal("""{"effort":"low","summary":null}""", options.Options.ReasoningJson);
        Assert.Equal("\"required\"", options.Options.ToolChoiceJson);
        Assert.Equal(
            """[{"type":"function","name":"look","description":null,"parameters":{"type":"object"},"strict":null}]""", options.Options.ToolsJson);
        Assert.Equal(
            new TurnOptions
            {
                Agent = "demo",
                Instructions = "be brief",
                Temperature = 0.5,
                TopP = 1,
                MaxOutputTokens = 9,
                MaxToolCalls = 3,
                ParallelToolCalls = false,
                Store = false,
                Background = true,
                NamesSession = true,
                Truncation = "auto",
                PromptCacheKey = "k",
                User = "sam",
                Metadata = options.Options.Metadata,
                TextJson = options.Options.TextJson,
                ReasoningJson = options.Options.ReasoningJson,
                ToolChoiceJson = options.Options.ToolChoiceJson,
                ToolsJson = options.Options.ToolsJson,
            },
            options.Options);
    }

    [Theory]
    [InlineData("{}", "missing_required_parameter", "input")]
    [InlineData("""{"input": 1}""", "invalid_type", "input")]
    [InlineData("""{"input": ""}""", "invalid_value", "input")]
    [InlineData("""{"input": []}""", "empty_array", "input")]
    [InlineData("""{"input": [1]}""", "invalid_type", "input[0]")]
    [InlineData("""{"input": [{}]}""", "missing_required_parameter", "input[0].type")]
    [InlineData("""{"input": [{"type": "web_search_call"}]}""", "unsupported_value", "input[0].type")]
    [InlineData("""{"input": [{"type": "item_reference"}]}""", "missing_required_parameter", "input[0].id")]
    [InlineData("""{"input": ["hi", {"type": "item_reference", "id": "x"}]}""", "invalid_type", "input[0]")]
    [InlineData("""{"input": [{"type": "item_reference", "id": 7}]}""", "invalid_type", "input[0].id")]
    [InlineData("""{"input": [{"type": null, "id": ""}]}""", "invalid_value", "input[0].id")]
    [InlineData("""{"input": [{"type": "item_reference", "id": "resp_AZjA3gAAcACAAAAAAAAAAQAAAAAACQ"}]}""", "invalid_value", "input[0].id")]
    [InlineData("""{"input": [{"role": "robot", "content": "hi"}]}""", "invalid_value", "input[0].role")]
    [InlineData("""{"input": [{"role": "user"}]}""", "missing_required_parameter", "input[0].content")]
    [InlineData("""{"input": [{"role": "user", "content": ""}]}""", "invalid_value", "input[0].content")]
    [InlineData("""{"input": [{"role": "user", "content": []}]}""", "empty_array", "input[0].content")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "output_text", "text": "x"}]}]}""", "invalid_value", "input[0].content[0].type")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "input_text", "text": ""}]}]}""", "invalid_value", "input[0].content[0].text")]
    [InlineData("""{"input": [{"role": "user", "content": [{"type": "input_image"}]}]}""", "missing_required_parameter", "input[0].content[0]")]
    [InlineData("""{"input": [{"role": "developer", "content": [{"type": "input_image", "image_url": "https://x/y.png"}]}]}""", "invalid_value", "input[0].content[0].type")]
    [InlineData("""{"input": [{"type": "function_call_output", "call_id": "c", "output": [{"type": "output_text", "text": "x"}]}]}""", "invalid_value", "input[0].output[0].type")]
    [InlineData("""{"input": [{"type": "function_call_output", "call_id": "c", "output": [{"type": "input_image", "image_url": "x"}]}]}""", "invalid_value", "input[0].output[0].image_url")]
    [InlineData("""{"input": "hi", "model": 4}""", "invalid_type", "model")]
    [InlineData("""{"input": "hi", "temperature": 2.5}""", "decimal_above_max_value", "temperature")]
    [InlineData("""{"input": "hi", "top_p": -1}""", "decimal_below_min_value", "top_p")]
    [InlineData("""{"input": "hi", "max_output_tokens": 0}""", "integer_below_min_value", "max_output_tokens")]
    [InlineData("""{"input": "hi", "max_output_tokens": 1.5}""", "invalid_type", "max_output_tokens")]
    [InlineData("""{"input": "hi", "stream": "yes"}""", "invalid_type", "stream")]
    [InlineData("""{"input": "hi", "metadata": {"a": 1}}""", "invalid_type", "metadata.a")]
    [InlineData("""{"input": "hi", "metadata": []}""", "invalid_type", "metadata")]
    [InlineData("""{"input": "hi", "truncation": "some"}""", "invalid_value", "truncation")]
    [InlineData("""{"input": "hi", "tools": [{"type": "web_search"}]}""", "unsupported_value", "tools[0].type")]
    [InlineData("""{"input": "hi", "tools": [{"type": "function", "name": "a"}, {"type": "function", "name": "a"}]}""", "invalid_value", "tools[1].name")]
    [InlineData("""{"input": "hi", "tool_choice": "maybe"}""", "invalid_value", "tool_choice")]
    [InlineData("""{"input": "hi", "tool_choice": {"type": "allowed_tools", "tools": [{"type": "function", "name": "a"}]}}""", "missing_required_parameter", "tool_choice.mode")]
    [InlineData("""{"input": "hi", "tool_choice": {"type": "allowed_tools", "mode": "none", "tools": [{"type": "function", "name": "a"}]}}""", "invalid_value", "tool_choice.mode")]
    [InlineData("""{"input": "hi", "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": []}}""", "invalid_value", "tool_choice.tools")]
    [InlineData("""{"input": "hi", "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "mcp"}]}}""", "invalid_value", "tool_choice.tools[0].type")]
    [InlineData("""{"input": "hi", "text": {"format": {"type": "xml"}}}""", "invalid_value", "text.format.type")]
    [InlineData("""{"input": "hi", "text": {"format": {"type": "json_schema", "schema": []}}}""", "invalid_type", "text.format.schema")]
    [InlineData("""{"input": "hi", "text": {"format": {"type": "json_schema", "name": ""}}}""", "invalid_value", "text.format.name")]
    [InlineData("""{"input": "hi", "on_disconnect": "stop"}""", "invalid_value", "on_disconnect")]
    [InlineData("""{"input": "hi", "include": "all"}""", "invalid_type", "include")]
    [InlineData("""{"input": "hi", "include": ["reasoning.encrypted_content", "secrets"]}""", "invalid_value", "include[1]")]
    [InlineData("""{"input": "hi", "service_tier": "first"}""", "invalid_value", "service_tier")]
    [InlineData("""{"input": "hi", "stream_options": true}""", "invalid_type", "stream_options")]
    [InlineData("""{"input": "hi", "stream_options": {"include_obfuscation": 1}}""", "invalid_type", "stream_options.include_obfuscation")]
    [InlineData("""{"input": "hi", "top_logprobs": 21}""", "integer_above_max_value", "top_logprobs")]
    [InlineData("""{"input": "hi", "presence_penalty": -3}""", "decimal_below_min_value", "presence_penalty")]
    [InlineData("""{"input": "hi", "frequency_penalty": "x"}""", "invalid_type", "frequency_penalty")]
    [InlineData("""{"input": "hi", "prompt": {"id": "p"}}""", "unsupported_parameter", "prompt")]
    [InlineData("""{"input": "hi", "conversation": {}}""", "missing_required_parameter", "conversation.id")]
    [InlineData("""{"input": "hi", "conversation": "a", "previous_response_id": "resp_x"}""", "mutually_exclusive_parameters", "previous_response_id")]
    public void Read_RuleBroken_NamesTheParameter(string json, string code, string param)
    {
        var error = Body.Refusal(() => CreateResponse.Read(Body.Of(json)));

        Assert.Equal((400, code, param), (error.Status, error.Code, error.Param));
    }

    [Theory]
    [InlineData(""" "type": "input_image", "file_id": "file_1" """, "unsupported_parameter", ".file_id")]
    [InlineData(""" "type": "input_image", "image_url": {"url": "https://x/y.png"} """, "invalid_type", ".image_url")]
    [InlineData(""" "type": "input_image", "image_url": "" """, "invalid_value", ".image_url")]
    [InlineData(""" "type": "input_image", "image_url": "y.png" """, "invalid_value", ".image_url")]
    [InlineData(""" "type": "input_image", "image_url": "file:///etc/passwd" """, "invalid_value", ".image_url")]
    [InlineData(""" "type": "input_image", "image_url": "data:image/png,abc" """, "invalid_value", ".image_url")]
    [InlineData(""" "type": "input_image", "image_url": "data:image/png;base64" """, "invalid_value", ".image_url")]
    [InlineData(""" "type": "input_image", "image_url": "data:image/png;base64,a$c=" """, "invalid_value", ".image_url")]
    [InlineData(""" "type": "input_image", "image_url": "data:image/png;base64,abcde" """, "invalid_value", ".image_url")]
    [InlineData(""" "type": "input_image", "image_url": "data:image/png;base64," """, "invalid_value", ".image_url")]
    [InlineData(""" "type": "input_image", "image_url": "data:;base64,YQ==" """, "invalid_value", ".image_url")]
    [InlineData(""" "type": "input_image", "image_url": "data:image/svg+xml;base64,YQ==" """, "unsupported_value", ".image_url")]
    [InlineData(""" "type": "input_image", "image_url": "https://x/y.png", "detail": "much" """, "invalid_value", ".detail")]
    [InlineData(""" "type": "input_file" """, "missing_required_parameter", "")]
    [InlineData(""" "type": "input_file", "filename": "a.pdf" """, "missing_required_parameter", "")]
    [InlineData(""" "type": "input_file", "file_id": "file_1" """, "unsupported_parameter", ".file_id")]
    [InlineData(""" "type": "input_file", "file_data": "YQ==" """, "missing_required_parameter", ".filename")]
    [InlineData(""" "type": "input_file", "filename": "", "file_data": "YQ==" """, "invalid_value", ".filename")]
    [InlineData(""" "type": "input_file", "filename": 1, "file_data": "YQ==" """, "invalid_type", ".filename")]
    [InlineData(""" "type": "input_file", "filename": "a.pdf", "file_data": "%PDF-1.4" """, "invalid_value", ".file_data")]
    [InlineData(""" "type": "input_file", "filename": "a.pdf", "file_data": "" """, "invalid_value", ".file_data")]
    [InlineData(""" "type": "input_file", "filename": "a.pdf", "file_data": "  " """, "invalid_value", ".file_data")]
    [InlineData(""" "type": "input_file", "file_data": "data:application/pdf;base64," """, "invalid_value", ".file_data")]
    [InlineData(""" "type": "input_file", "file_data": "data:image/png;base64,YQ==" """, "unsupported_value", ".file_data")]
    [InlineData(""" "type": "input_file", "file_data": "data:video/mp4;base64,YQ==" """, "unsupported_value", ".file_data")]
    [InlineData(""" "type": "input_file", "file_url": "ftp://x/y.pdf" """, "invalid_value", ".file_url")]
    [InlineData(""" "type": "input_file", "file_url": "https://x/y.pdf", "file_data": "data:text/plain;base64,YQ==" """, "mutually_exclusive_parameters", ".file_url")]
    public void Read_ImageOrFileThatIsNone_NamesTheParameter(string part, string code, string member)
    {
        var body = Body.Of($$"""{"input": [{"role": "user", "content": [{"type": "input_text", "text": "Look"}, { {{part}} }]}]}""");

        var error = Body.Refusal(() => CreateResponse.Read(body));

        Assert.Equal((400, code, "input[0].content[1]" + member), (error.Status, error.Code, error.Param));
        Assert.StartsWith($"'{error.Param}' ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooManyItems_IsRefused() => Assert.Equal(
        "array_above_max_length",
        Body.Refusal(() => CreateResponse.Read(Body.Of(
            $$"""{"input": [{{string.Join(',', Enumerable.Repeat("""{"role":"user","content":"x"}""", 10_001))}}]}"""))).Code);

    [Fact]
    public void Read_TooMuchMetadata_IsRefused()
    {
        var pairs = string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"k{i}\": \"v\""));

        Assert.Equal(
            "object_above_max_properties",
            Body.Refusal(() => CreateResponse.Read(Body.Of($$$"""{"input": "hi", "metadata": {{{{pairs}}}}}"""))).Code);
    }

    [Theory]
    [InlineData(""" "conversation": "user-42" """)]
    [InlineData(""" "conversation": {"id": "user-42"}, "input": [] """)]
    [InlineData(""" "conversation": "user-42", "input": null """)]
    public void Read_NoInputForAConversation_BringsNothing(string members) =>
        Assert.Empty(CreateResponse.Read(Body.Of("{" + members + "}")).Input);

    [Fact]
    public void Read_ReplyThatCameToNothing_IsKept()
    {
        var request = CreateResponse.Read(Body.Of("""{"input": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": ""}]}"""));

        Assert.Equal(new OutputText(""), Assert.Single(Assert.IsType<Message>(request.Input[1]).Content));
    }

    [Fact]
    public void Read_MalformedPreviousResponse_IsNotFound()
    {
        var error = Body.Refusal(() => CreateResponse.Read(Body.Of("""{"input": "hi", "previous_response_id": "resp_x"}""")));

        Assert.Equal((404, "previous_response_not_found"), (error.Status, error.Code));
    }

    [Fact]
    public void Read_PreviousResponse_IsRead()
    {
        var id = new ResponseId("conv_1", new TurnId(Guid.NewGuid()));

        Assert.Equal(id, CreateResponse.Read(Body.Of($$"""{"input": "hi", "previous_response_id": "{{id}}"}""")).Previous);
    }
}
