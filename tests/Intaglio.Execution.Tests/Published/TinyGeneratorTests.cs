using Intaglio.Compiler.Tests;
using Intaglio.Generation;
using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>Checkpoints of models that generate.</summary>
public abstract class TinyGeneratorTests<TModel>(Targets targets, ITestOutputHelper output, string fixture) : TinyCheckpointTests<TModel>(targets, output, fixture)
    where TModel : LanguageModel, ITrainable<TModel>, ILanguageModel<TModel>
{
    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("opencl:0")]
    public void Greedy_continuation_is_the_published_one(string target)
    {
        using var document = FixtureCases.Document(Fixture);
        var reference = document.RootElement.GetProperty("greedy")[0];
        using var model = Load(target);
        using var session = Begin(model, reference);

        foreach (var (token, logit) in FixtureCases.Integers(reference.GetProperty("new_tokens")).Zip(FixtureCases.Numbers(reference.GetProperty("top_logits"))))
        {
            Assert.Equal(token, session.Next(default(Greedy)));
            Assert.Equal(logit, session.Logits()[token], LogitTolerance);
        }
    }

    /// <summary>A session that has read the prompt.</summary>
    protected abstract GenerationSession<TModel> Begin(TModel model, System.Text.Json.JsonElement reference);
}

/// <summary>Checkpoints of decoders.</summary>
public abstract class TinyDecoderTests<TModel>(Targets targets, ITestOutputHelper output, string fixture) : TinyGeneratorTests<TModel>(targets, output, fixture)
    where TModel : LanguageModel, ITrainable<TModel>, ILanguageModel<TModel>
{
    private protected override float[] Logits(TModel model, Call call)
    {
        using var session = model.OpenSession();
        return session.ComputeLogits([.. Integers(call, "Tokens").Chunk(call.Time)]);
    }

    protected override GenerationSession<TModel> Begin(TModel model, System.Text.Json.JsonElement reference)
    {
        var session = model.OpenSession();
        session.Append(FixtureCases.Integers(reference.GetProperty("input_ids")));
        return session;
    }
}

/// <summary>Checkpoints of encoder-decoders.</summary>
public abstract class TinySequenceToSequenceTests<TModel>(Targets targets, ITestOutputHelper output, string fixture) : TinyGeneratorTests<TModel>(targets, output, fixture)
    where TModel : LanguageModel, ITrainable<TModel>, ISequenceToSequence<TModel>
{
    private protected override float[] Logits(TModel model, Call call)
    {
        using var session = model.OpenSession(new() { SourceCapacity = call.SourceTime });
        var reader = new SourceReader<TModel>(session);
        var bounds = Integers(call, "SourceBounds");
        var sequences = Integers(call, "Tokens").Chunk(call.Time).Zip(Integers(call, "SourceTokens").Chunk(call.SourceTime));
        return [.. sequences.SelectMany((pair, sequence) =>
        {
            reader.Read(pair.Second.AsSpan()[bounds[2 * sequence]..bounds[(2 * sequence) + 1]]);
            return session.ComputeLogits(pair.First);
        })];
    }

    protected override GenerationSession<TModel> Begin(TModel model, System.Text.Json.JsonElement reference)
    {
        var session = model.OpenSession();
        new SourceReader<TModel>(session).Read(FixtureCases.Integers(reference.GetProperty("input_ids")));
        session.Append([reference.GetProperty("decoder_start_token_id").GetInt32()]);
        return session;
    }
}

/// <summary>Checkpoints of encoders.</summary>
public abstract class TinyEncoderTests<TModel>(Targets targets, ITestOutputHelper output, string fixture) : TinyCheckpointTests<TModel>(targets, output, fixture)
    where TModel : LanguageModel, ITrainable<TModel>, IEncoder<TModel>
{
    private protected override float[] Logits(TModel model, Call call)
    {
        using var session = model.OpenSession(new EncoderOptions { BatchSize = call.Batch, Length = call.Time });
        return session.Run(Integers(call, "Tokens"), call.Batch, Integers(call, "Bounds"), Integers(call, "TokenTypes")).ToArray();
    }
}
