using System.Globalization;
using CsCheck;

namespace Intaglio.RandomModels;

/// <summary>Legal models over all that a declaration can say, extremes among them on purpose.</summary>
internal static class Draws
{
    private static readonly int[] Primes = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127];

    private static readonly Gen<bool> Booleans = Gen.Bool;

    private static readonly Gen<string> Rates = Gen.OneOf("0", "0.1f", "0.25f", "0.5f", "0.9f");

    /// <summary>Models, each with a batch.</summary>
    public static Gen<Draw> All { get; } =
        from declaration in Declarations()
        let context = Number(declaration, "Transformer.ContextLength")
        from batch in context > 32 ? Gen.Const(1) : Gen.Int[1, 3]
        from time in Gen.Frequency((3, Gen.Const(context)), (2, Gen.Int[1, context]))
        from chunk in Gen.OneOf(1, 3, 16, 64)
        select new Draw(declaration, batch, time, chunk);

    /// <summary>The draw of this number under a seed, whatever else is drawn.</summary>
    public static Draw Number(ulong seed, int number) => All.Generate(new PCG((uint)number, seed), null, out _);

    private static Gen<Declaration> Declarations() =>
        from position in Gen.Frequency((2, "Learned"), (1, "None"), (3, "Rotary"))
        from format in Gen.Frequency((6, "FP32"), (1, "BF16"))
        from sizes in Sizes(isEven: position == "Rotary")
        from attention in Attention(Number(new(sizes), "Transformer.ContextLength"))
        from rest in Together(FeedForward(), Normalization(), Positions(position), Embedding())
        from dropout in format == "FP32" ? Dropouts() : Gen.Const(Array.Empty<Argument>())
        from precision in format == "FP32" ? Optional("Precision", "", Gen.Const("FP32")) : One("Precision", "", Gen.Const("BF16"))
        select new Declaration([.. sizes, .. attention, .. rest, .. dropout, .. precision]);

    private static Gen<Argument[]> Sizes(bool isEven) =>
        from heads in Gen.Frequency((2, One("Transformer", "HiddenSize", Text(Gen.Frequency((6, Size(96, isEven)), (1, Gen.Const(128)))))), (4, SharedHeads(isEven)), (4, FreeHeads(isEven)))
        from rest in Together(
            One("Transformer", "ContextLength", Text(Gen.Frequency((1, Gen.Const(1)), (8, Gen.Int[2, 24]), (1, Gen.Int[25, 150])))),
            One("Transformer", "VocabularySize", Text(Gen.Frequency((1, Gen.Const(2)), (4, Size(80)), (1, Gen.Int[80, 700])))),
            One("Decoder", "Layers", Text(Gen.Frequency((3, 1), (3, 2), (1, 3), (1, 5)))))
        select (Argument[])[.. heads, .. rest];

    // Heads that share the hidden size.
    private static Gen<Argument[]> SharedHeads(bool isEven) =>
        from heads in Gen.Frequency((2, Gen.Const(1)), (4, Gen.Int[2, 8]))
        from size in Size(heads == 1 ? 96 : Math.Min(96, 132 / heads), isEven)
        from keyValueHeads in KeyValueHeads(heads)
        from isWritten in Booleans
        select (Argument[])
        [
            new("Transformer", "HiddenSize", Text(heads * size)),
            new("Attention", "Heads", Text(heads)),
            .. keyValueHeads,
            .. isWritten ? [new Argument("Attention", "HeadSize", Text(size))] : Array.Empty<Argument>(),
        ];

    // Heads of a size of their own.
    private static Gen<Argument[]> FreeHeads(bool isEven) =>
        from hidden in Size(96)
        from heads in Gen.Frequency((2, Gen.Const(1)), (4, Gen.Int[2, 7]))
        from size in Size(heads == 1 ? 96 : 160 / heads, isEven)
        from keyValueHeads in KeyValueHeads(heads)
        select (Argument[])
        [
            new("Transformer", "HiddenSize", Text(hidden)),
            new("Attention", "Heads", Text(heads)),
            new("Attention", "HeadSize", Text(size)),
            .. keyValueHeads,
        ];

    private static Gen<Argument[]> KeyValueHeads(int heads) =>
        Optional("Attention", "KeyValueHeads", Text(Gen.OneOf([.. Enumerable.Range(1, heads).Where(divisor => heads % divisor == 0)])));

    private static Gen<Argument[]> Attention(int context) => Together(
        Rarely("Attention", "Scale", Gen.OneOf("0.05f", "0.3f", "1", "2.5f")),
        Rarely("Attention", "SlidingWindow", Text(Gen.Int[1, context + 3])),
        Rarely("Attention", "LogitSoftCap", Gen.OneOf("0.5f", "2", "7.5f", "50")),
        Optional("Attention", "QueryKeyValueBias", Text(Booleans)),
        Optional("Attention", "OutputBias", Text(Booleans)));

    private static Gen<Argument[]> FeedForward() => Together(
        Optional("FeedForward", "IntermediateSize", Text(Size(200))),
        Gen.Frequency(
            (6, Optional("FeedForward", "Activation", Gen.OneOf([.. Enum.GetNames<Activation>().Select(name => $"Activation.{name}")]))),
            (1, One("FeedForward", "ActivationMethod", Gen.OneOf([.. Declaration.OwnActivationMethods])))),
        Optional("FeedForward", "Gated", Text(Booleans)),
        Optional("FeedForward", "Bias", Text(Booleans)));

    private static Gen<Argument[]> Normalization() =>
        from kind in Gen.OneOf("LayerNorm", "RmsNorm")
        from kindArgument in kind == "LayerNorm" ? Optional("Normalization", "", Gen.Const("NormalizationKind.LayerNorm")) : One("Normalization", "", Gen.Const("NormalizationKind.RmsNorm"))
        from epsilon in Optional("Normalization", "Epsilon", Gen.OneOf("1e-8f", "1e-6f", "1e-5f", "1e-3f", "0.1f"))
        from bias in Optional("Normalization", "Bias", kind == "LayerNorm" ? Text(Booleans) : Gen.Const("false"))
        select (Argument[])[.. kindArgument, .. epsilon, .. bias];

    private static Gen<Argument[]> Positions(string kind) => kind switch
    {
        "Rotary" => Together(
            One("PositionEncoding", "", Gen.Const("PositionEncodingKind.Rotary")),
            Optional("PositionEncoding", "RotaryTheta", Gen.OneOf("0.5f", "1", "50", "10000", "500000")),
            Optional("PositionEncoding", "Layout", Gen.OneOf("RotaryLayout.HalfSplit", "RotaryLayout.Interleaved"))),
        "Learned" => Optional("PositionEncoding", "", Gen.Const("PositionEncodingKind.Learned")),
        _ => One("PositionEncoding", "", Gen.Const($"PositionEncodingKind.{kind}")),
    };

    private static Gen<Argument[]> Embedding() => Optional("Embedding", "TieWordEmbeddings", Text(Booleans));

    private static Gen<Argument[]> Dropouts() => Gen.Frequency(
        (2, Gen.Const(Array.Empty<Argument>())),
        (1, Together([.. new[] { "Transformer", "Attention", "FeedForward", "Embedding" }.Select(attribute => Optional(attribute, "Dropout", Rates))])));

    private static Gen<int> Size(int largest, bool isEven = false) => isEven
        ? Gen.Int[1, largest / 2].Select(half => 2 * half)
        : Gen.Frequency((1, Gen.Const(1)), (3, Gen.OneOf([.. Primes.Where(prime => prime <= largest)])), (1, Gen.OneOf([.. new[] { 2, 4, 8, 16, 32, 64, 128 }.Where(power => power <= largest)])), (5, Gen.Int[1, largest]));

    private static Gen<Argument[]> One(string attribute, string name, Gen<string> value) => value.Select(text => new[] { new Argument(attribute, name, text) });

    private static Gen<Argument[]> Optional(string attribute, string name, Gen<string> value) =>
        Gen.Frequency((2, One(attribute, name, value)), (1, Gen.Const(Array.Empty<Argument>())));

    private static Gen<Argument[]> Rarely(string attribute, string name, Gen<string> value) =>
        Gen.Frequency((1, One(attribute, name, value)), (3, Gen.Const(Array.Empty<Argument>())));

    private static Gen<Argument[]> Together(params Gen<Argument[]>[] parts) => parts.Aggregate((left, right) => Gen.Select(left, right, (a, b) => (Argument[])[.. a, .. b]));

    private static int Number(Declaration declaration, string key) => int.Parse(declaration.Value(key)!, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Gen<string> Text(Gen<int> numbers) => numbers.Select(Text);

    private static Gen<string> Text(Gen<bool> booleans) => booleans.Select(value => value ? "true" : "false");
}
