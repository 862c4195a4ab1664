using Intaglio.Checkpoints;
using Intaglio.Numerics;
using Xunit;

namespace Intaglio.Runtime.Tests.Checkpoints;

/// <summary>What a GGUF file has, bit for bit, of what llama.cpp's converters (<c>conversion/*.py</c>) have in theirs.</summary>
public sealed class GgufTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Device _device = Device.Cpu(1);

    private string Path => _directory["model.gguf"];

    [Theory]
    [InlineData(null, 0u, 0u)]
    [InlineData(NumberFormat.FP32, 0u, 0u)]
    [InlineData(NumberFormat.FP16, 1u, 1u)]
    [InlineData(NumberFormat.BF16, 30u, 32u)]
    public void Llama_has_every_number_with_rows_of_queries_and_keys_in_pairs(NumberFormat? format, uint type, uint fileType)
    {
        using var model = Shaken(LlamaOfGguf.Create(_device, 1));

        var file = Save(model, new() { StorageFormat = format });

        Func<float, float> stored = format switch
        {
            NumberFormat.FP16 => static value => (float)(Half)value,
            NumberFormat.BF16 => static value => BFloat16.Widen(BFloat16.Narrow(value)),
            _ => static value => value,
        };
        Assert.Equal(fileType, file.Metadata["general.file_type"]);
        Assert.All(file.Tensors, tensor => Assert.Equal(tensor.Sides.Length == 1 ? 0 : type, tensor.Type));
        AssertTensors(file, LlamaTensors(model).Select(expected => expected with { Values = expected.Sides.Length == 1 ? expected.Values : [.. expected.Values.Select(stored)] }));
    }

    [Fact]
    public void Model_of_bf16_is_stored_so_unless_told_otherwise()
    {
        using var model = Shaken(LlamaOfGgufInBf16.Create(_device, 1));

        var file = Save(model);

        Assert.All(file.Tensors, tensor => Assert.Equal(tensor.Sides.Length == 1 ? 0u : 30u, tensor.Type));
        AssertTensors(file, LlamaTensors(model));
    }

    [Fact]
    public void Metadata_of_a_llama_is_complete()
    {
        using var model = LlamaOfGguf.Create(_device, 1);

        var file = Save(model, new() { Name = "Lama", BeginToken = 1, EndToken = 49 });

        Assert.Equal(("GGUF", 3u), (file.Magic, file.Version));
        Assert.Equal(
            [
                "general.architecture String llama",
                "general.name String Lama",
                "general.file_type UInt32 0",
                "llama.vocab_size UInt32 50",
                "llama.context_length UInt32 16",
                "llama.embedding_length UInt32 24",
                "llama.block_count UInt32 2",
                "llama.feed_forward_length UInt32 40",
                "llama.attention.head_count UInt32 4",
                "llama.attention.head_count_kv UInt32 2",
                "llama.attention.key_length UInt32 8",
                "llama.attention.value_length UInt32 8",
                "llama.attention.layer_norm_rms_epsilon Single 1E-05",
                "llama.rope.dimension_count UInt32 8",
                "llama.rope.freq_base Single 500",
                "tokenizer.ggml.model String llama",
                "tokenizer.ggml.pre String default",
                "tokenizer.ggml.add_space_prefix Boolean False",
                "tokenizer.ggml.add_bos_token Boolean True",
                "tokenizer.ggml.add_eos_token Boolean False",
                "tokenizer.ggml.bos_token_id UInt32 1",
                "tokenizer.ggml.eos_token_id UInt32 49",
            ],
            file.Lines());
    }

    [Fact]
    public void Every_tensor_begins_at_a_multiple_of_32_bytes_and_zeros_fill_the_gaps()
    {
        using var model = Shaken(LlamaOfGguf.Create(_device, 1));

        var file = Save(model, new() { StorageFormat = NumberFormat.FP16 });

        Assert.All(file.Tensors, tensor => Assert.Equal(0, file.Start(tensor) % 32));
        Assert.Equal(0, file.Length % 32);
        Assert.NotEmpty(file.Padding());
        Assert.All(file.Padding(), value => Assert.Equal(0, value));
    }

    // transformers' _compute_llama3_parameters in double: pairs of few turns in the original context are stretched by the factor.
    [Fact]
    public void Llama3_angles_are_factors_of_frequencies()
    {
        using var model = Shaken(Llama3OfGguf.Create(_device, 1));

        var file = Save(model);

        var expected = Enumerable.Range(0, 4).Select(pair =>
        {
            var wavelength = 2 * Math.PI * Math.Pow(500, pair / 4.0);
            var smooth = ((64 / wavelength) - 1) / (4 - 1);
            return wavelength < 64.0 / 4 ? 1 : wavelength > 64.0 / 1 ? 8 : 1 / (((1 - smooth) / 8) + smooth);
        });

        // Two roundings to single precision, of which one is the test's.
        Assert.All(expected.Zip(file.Numbers("rope_freqs.weight")), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * pair.First));
        Assert.DoesNotContain("llama.rope.scaling.type", file.Metadata.Keys);
        Assert.DoesNotContain(file.Tensors, tensor => tensor.Name is "output.weight" or "blk.0.attn_q.bias" or "blk.0.ffn_up.bias");
        Assert.Equal(model.ReadParameter("norm.weight"), file.Numbers("output_norm.weight"));
    }

    [Fact]
    public void Rows_stay_where_the_model_turns_neighbouring_columns()
    {
        using var model = Shaken(NeighboursOfGguf.Create(_device, 1));

        var file = Save(model);

        Assert.Equal(model.ReadParameter("layers.1.self_attn.q_proj.weight"), file.Numbers("blk.1.attn_q.weight"));
        Assert.Equal(("llama", "linear", 2f), (file.Metadata["general.architecture"], file.Metadata["llama.rope.scaling.type"], file.Metadata["llama.rope.scaling.factor"]));
        Assert.DoesNotContain(file.Tensors, tensor => tensor.Name == "rope_freqs.weight");
    }

    [Fact]
    public void Mistral_whose_window_never_ends_is_a_llama()
    {
        using var model = Shaken(WideMistralOfGguf.Create(_device, 1));

        var file = Save(model);

        Assert.Equal("llama", file.Metadata["general.architecture"]);
        Assert.Equal(Paired(model.ReadParameter("layers.0.self_attn.k_proj.weight"), heads: 2), file.Numbers("blk.0.attn_k.weight"));
    }

    [Fact]
    public void Qwen2_keeps_its_rows_and_says_how_angles_are_scaled()
    {
        using var model = Shaken(Qwen2OfGguf.Create(_device, 1));

        var file = Save(model);

        Assert.Equal(
            ("qwen2", "yarn", 4f, 8u),
            (file.Metadata["general.architecture"], file.Metadata["qwen2.rope.scaling.type"], file.Metadata["qwen2.rope.scaling.factor"], file.Metadata["qwen2.rope.scaling.original_context_length"]));
        AssertTensors(file, Of(model, LayersOf(2,
        [
            new("token_embd.weight", "embed_tokens.weight"),
            new("output_norm.weight", "norm.weight"),
            .. LlamaLayer,
            new("blk.{0}.attn_q.bias", "layers.{0}.self_attn.q_proj.bias"),
            new("blk.{0}.attn_k.bias", "layers.{0}.self_attn.k_proj.bias"),
            new("blk.{0}.attn_v.bias", "layers.{0}.self_attn.v_proj.bias"),
        ])));
    }

    [Fact]
    public void Gemma2_has_gains_of_one_more()
    {
        using var model = Shaken(Gemma2OfGguf.Create(_device, 1));

        var file = Save(model);

        Assert.Equal(
            ("gemma2", 4u, 5f, 8f, 16u),
            (file.Metadata["general.architecture"], file.Metadata["gemma2.attention.sliding_window"], file.Metadata["gemma2.attn_logit_softcapping"], file.Metadata["gemma2.final_logit_softcapping"], file.Metadata["gemma2.attention.key_length"]));
        var expected = Of(model, LayersOf(2,
        [
            new("token_embd.weight", "embed_tokens.weight"),
            new("output_norm.weight", "norm.weight"),
            .. LlamaLayer.Where(name => name.Stored != "layers.{0}.post_attention_layernorm.weight"),
            new("blk.{0}.post_attention_norm.weight", "layers.{0}.post_attention_layernorm.weight"),
            new("blk.{0}.ffn_norm.weight", "layers.{0}.pre_feedforward_layernorm.weight"),
            new("blk.{0}.post_ffw_norm.weight", "layers.{0}.post_feedforward_layernorm.weight"),
        ]));
        AssertTensors(file, expected.Select(tensor => tensor.Name.EndsWith("norm.weight", StringComparison.Ordinal) ? tensor with { Values = [.. tensor.Values.Select(gain => 1 + gain)] } : tensor));
    }

    [Fact]
    public void Gpt2_has_weights_transposed()
    {
        using var model = Shaken(TinyGpt.Create(_device, 1));

        var file = Save(model);

        Assert.Equal(
            ["general.architecture String gpt2", "general.name String TinyGpt", "general.file_type UInt32 0", "gpt2.context_length UInt32 16", "gpt2.embedding_length UInt32 32",
                "gpt2.block_count UInt32 2", "gpt2.feed_forward_length UInt32 64", "gpt2.attention.head_count UInt32 2", "gpt2.attention.layer_norm_epsilon Single 1E-05"],
            file.Lines().Take(9));
        AssertTensors(file, Of(model, LayersOf(2, Gpt2Names)).Select(Conv1D));
    }

    [Fact]
    public void Gpt2_without_biases_and_positions_has_zeros_for_them()
    {
        using var model = Shaken(BareGptOfGguf.Create(_device, 1));

        var file = Save(model, new() { StorageFormat = NumberFormat.BF16 });

        Assert.Equal(300, file.List<string>("tokenizer.ggml.tokens").Distinct().Count());
        Assert.Equal([24ul, 16ul], file.Tensors.Single(tensor => tensor.Name == "position_embd.weight").Sides);
        Assert.Equal(0u, file.Tensors.Single(tensor => tensor.Name == "position_embd.weight").Type);
        Assert.Equal([24ul, 300ul], file.Tensors.Single(tensor => tensor.Name == "output.weight").Sides);
        var own = model.Description.Parameters.Parameters().Count();
        Assert.Equal(own + 2 + (6 * 2), file.Tensors.Count);
        Assert.All(file.Tensors.Skip(own), tensor => Assert.All(file.Numbers(tensor.Name), value => Assert.Equal(0, value)));
        Assert.Equal([72ul], file.Tensors.Single(tensor => tensor.Name == "blk.1.attn_qkv.bias").Sides);
        Assert.Equal([40ul], file.Tensors.Single(tensor => tensor.Name == "blk.1.ffn_up.bias").Sides);
    }

    [Fact]
    public void Bloom_has_all_queries_before_all_keys()
    {
        using var model = Shaken(BloomOfGguf.Create(_device, 1));

        var file = Save(model);

        var expected = Of(model, LayersOf(2,
        [
            new("token_embd.weight", "word_embeddings.weight"),
            new("token_embd_norm.weight", "word_embeddings_layernorm.weight"),
            new("token_embd_norm.bias", "word_embeddings_layernorm.bias"),
            new("output_norm.weight", "ln_f.weight"),
            new("output_norm.bias", "ln_f.bias"),
            .. Both("blk.{0}.attn_norm", "h.{0}.input_layernorm"),
            .. Both("blk.{0}.attn_qkv", "h.{0}.self_attention.query_key_value"),
            .. Both("blk.{0}.attn_output", "h.{0}.self_attention.dense"),
            .. Both("blk.{0}.ffn_norm", "h.{0}.post_attention_layernorm"),
            .. Both("blk.{0}.ffn_up", "h.{0}.mlp.dense_h_to_4h"),
            .. Both("blk.{0}.ffn_down", "h.{0}.mlp.dense_4h_to_h"),
        ]));
        Assert.Equal(("bloom", 3u), (file.Metadata["general.architecture"], file.Metadata["bloom.attention.head_count"]));
        AssertTensors(file, expected.Select(tensor => tensor.Name.Contains("attn_qkv", StringComparison.Ordinal) ? tensor with { Values = Separated(tensor.Values, heads: 3, size: 8) } : tensor));
    }

    [Fact]
    public void Large_tensors_pass_piece_by_piece()
    {
        // c_fc is 12.8 million numbers, and a block of what is transposed 4 million: 16 MB; with names and chunks, no second one has room.
        const long Allowed = 24_000_000;
        using var model = WeightsOnly.Create(_device, WeightsOnly.Gpt2(width: 64, inner: 200_000, layers: 1), seed: 1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        model.SaveGguf(Path, new() { StorageFormat = NumberFormat.BF16 });

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Allowed);
        var expected = model.ReadParameter("h.0.mlp.c_fc.weight");
        var found = new GgufFile(Path).Numbers("blk.0.ffn_up.weight");
        for (var i = 0; i < expected.Length; i++)
        {
            var (row, column) = Math.DivRem(i, 200_000);
            if (BFloat16.Widen(BFloat16.Narrow(expected[i])) != found[(column * 64) + row])
                Assert.Fail($"[{row}, {column}] is {found[(column * 64) + row]}, of {expected[i]}");
        }
    }

    public void Dispose()
    {
        _directory.Dispose();
        _device.Dispose();
    }

    private sealed record Named(string Gguf, string Stored);

    private sealed record Expected(string Name, ulong[] Sides, float[] Values);

    private static Named[] LlamaLayer { get; } =
    [
        new("blk.{0}.attn_norm.weight", "layers.{0}.input_layernorm.weight"),
        new("blk.{0}.attn_q.weight", "layers.{0}.self_attn.q_proj.weight"),
        new("blk.{0}.attn_k.weight", "layers.{0}.self_attn.k_proj.weight"),
        new("blk.{0}.attn_v.weight", "layers.{0}.self_attn.v_proj.weight"),
        new("blk.{0}.attn_output.weight", "layers.{0}.self_attn.o_proj.weight"),
        new("blk.{0}.ffn_norm.weight", "layers.{0}.post_attention_layernorm.weight"),
        new("blk.{0}.ffn_gate.weight", "layers.{0}.mlp.gate_proj.weight"),
        new("blk.{0}.ffn_up.weight", "layers.{0}.mlp.up_proj.weight"),
        new("blk.{0}.ffn_down.weight", "layers.{0}.mlp.down_proj.weight"),
    ];

    private static Named[] Gpt2Names { get; } =
    [
        new("token_embd.weight", "wte.weight"),
        new("position_embd.weight", "wpe.weight"),
        new("output_norm.weight", "ln_f.weight"),
        new("output_norm.bias", "ln_f.bias"),
        .. Both("blk.{0}.attn_norm", "h.{0}.ln_1"),
        .. Both("blk.{0}.attn_qkv", "h.{0}.attn.c_attn"),
        .. Both("blk.{0}.attn_output", "h.{0}.attn.c_proj"),
        .. Both("blk.{0}.ffn_norm", "h.{0}.ln_2"),
        .. Both("blk.{0}.ffn_up", "h.{0}.mlp.c_fc"),
        .. Both("blk.{0}.ffn_down", "h.{0}.mlp.c_proj"),
    ];

    private static Named[] Both(string gguf, string stored) => [new(gguf + ".weight", stored + ".weight"), new(gguf + ".bias", stored + ".bias")];

    private static Named[] LayersOf(int layers, Named[] names) =>
        [.. names.SelectMany(name => name.Gguf.Contains("{0}", StringComparison.Ordinal)
            ? Enumerable.Range(0, layers).Select(layer => new Named(name.Gguf.Replace("{0}", $"{layer}", StringComparison.Ordinal), name.Stored.Replace("{0}", $"{layer}", StringComparison.Ordinal)))
            : [name])];

    private static IEnumerable<Expected> Of(LanguageModel model, Named[] names) => names.Select(name =>
    {
        var shape = model.Description.Parameters.Parameters().Single(parameter => parameter.Name == name.Stored).Entry.Shape;
        return new Expected(name.Gguf, [.. shape.Reverse().Select(side => (ulong)side)], model.ReadParameter(name.Stored));
    });

    private static IEnumerable<Expected> LlamaTensors(LanguageModel model) => Of(model, LayersOf(2,
    [
        new("token_embd.weight", "embed_tokens.weight"),
        new("output_norm.weight", "norm.weight"),
        new("output.weight", "lm_head.weight"),
        .. LlamaLayer,
        new("blk.{0}.attn_q.bias", "layers.{0}.self_attn.q_proj.bias"),
        new("blk.{0}.attn_k.bias", "layers.{0}.self_attn.k_proj.bias"),
        new("blk.{0}.attn_v.bias", "layers.{0}.self_attn.v_proj.bias"),
        new("blk.{0}.attn_output.bias", "layers.{0}.self_attn.o_proj.bias"),
        new("blk.{0}.ffn_gate.bias", "layers.{0}.mlp.gate_proj.bias"),
        new("blk.{0}.ffn_up.bias", "layers.{0}.mlp.up_proj.bias"),
        new("blk.{0}.ffn_down.bias", "layers.{0}.mlp.down_proj.bias"),
    ])).Select(tensor => tensor.Name.Contains("attn_q.", StringComparison.Ordinal) ? tensor with { Values = Paired(tensor.Values, heads: 4) }
        : tensor.Name.Contains("attn_k.", StringComparison.Ordinal) ? tensor with { Values = Paired(tensor.Values, heads: 2) }
        : tensor);

    // reshape(heads, 2, size / 2, columns).swapaxes(1, 2), of heads of 8.
    private static float[] Paired(float[] values, int heads)
    {
        const int Half = 4;
        var columns = values.Length / (heads * 2 * Half);
        var paired = new float[values.Length];
        for (var head = 0; head < heads; head++)
        {
            for (var half = 0; half < 2; half++)
            {
                for (var pair = 0; pair < Half; pair++)
                    Array.Copy(values, ((((head * 2) + half) * Half) + pair) * columns, paired, ((((head * Half) + pair) * 2) + half) * columns, columns);
            }
        }

        return paired;
    }

    // reshape(heads, 3, size, columns), and its three parts one after another.
    private static float[] Separated(float[] values, int heads, int size)
    {
        var columns = values.Length / (heads * 3 * size);
        return [.. Enumerable.Range(0, 3).SelectMany(part => Enumerable.Range(0, heads).SelectMany(head => values.Skip(((head * 3) + part) * size * columns).Take(size * columns)))];
    }

    private static Expected Conv1D(Expected tensor)
    {
        if (tensor.Sides.Length == 1 || tensor.Name is "token_embd.weight" or "position_embd.weight")
            return tensor;

        var (columns, rows) = ((int)tensor.Sides[0], (int)tensor.Sides[1]);
        return tensor with { Sides = [tensor.Sides[1], tensor.Sides[0]], Values = [.. Enumerable.Range(0, columns).SelectMany(column => Enumerable.Range(0, rows).Select(row => tensor.Values[(row * columns) + column]))] };
    }

    private static void AssertTensors(GgufFile file, IEnumerable<Expected> expected)
    {
        Expected[] all = [.. expected];
        Assert.Equal(all.Select(tensor => tensor.Name).Order(StringComparer.Ordinal), file.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        foreach (var tensor in all)
        {
            Assert.Equal(tensor.Sides, file.Tensors.Single(found => found.Name == tensor.Name).Sides);
            Assert.Equal(tensor.Values.Select(BitConverter.SingleToInt32Bits), file.Numbers(tensor.Name).Select(BitConverter.SingleToInt32Bits));
        }
    }

    // Biases and gains that are no constants.
    private static T Shaken<T>(T model)
        where T : LanguageModel
    {
        var random = new Random(1);
        foreach (var parameter in model.Description.Parameters.Parameters())
            model.WriteParameter(parameter.Name, [.. Enumerable.Range(0, (int)parameter.Entry.Count).Select(_ => random.NextSingle() - 0.5f)]);
        return model;
    }

    private GgufFile Save(LanguageModel model, GgufOptions? options = null)
    {
        model.SaveGguf(Path, options);
        Assert.Equal(["model.gguf"], _directory.Names());
        return new(Path);
    }
}
