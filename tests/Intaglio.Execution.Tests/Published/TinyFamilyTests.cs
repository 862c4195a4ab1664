using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>Conv1D weights, one product for query, key and value.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Gpt2TinyTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<Gpt2Tiny>(targets, output, "gpt2-a");

/// <summary>4 query heads over 2 heads of keys and values.</summary>
[Collection(TargetsCollection.Name)]
public sealed class LlamaTinyTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<LlamaTiny>(targets, output, "llama-a");

/// <summary>Rotary angles scaled as in Llama 3.1.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Llama3TinyTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<Llama3Tiny>(targets, output, "llama3-a");

/// <summary>Biases on queries, keys and values, a tied head.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Qwen2TinyTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<Qwen2Tiny>(targets, output, "qwen2-a");

/// <summary>A window of 5.</summary>
[Collection(TargetsCollection.Name)]
public sealed class MistralTinyTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<MistralTiny>(targets, output, "mistral-a");

/// <summary>Four norms a layer, bounded scores and logits, windows in every second layer.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Gemma2TinyTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<Gemma2Tiny>(targets, output, "gemma2-a");

/// <summary>ALiBi, query, key and value of a head together.</summary>
[Collection(TargetsCollection.Name)]
public sealed class BloomTinyTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<BloomTiny>(targets, output, "bloom-a");

/// <summary>Masked language modelling.</summary>
[Collection(TargetsCollection.Name)]
public sealed class BertTinyTests(Targets targets, ITestOutputHelper output) : TinyEncoderTests<BertTiny>(targets, output, "bert-a");

/// <summary>A label for each sequence.</summary>
[Collection(TargetsCollection.Name)]
public sealed class BertSequencesTinyTests(Targets targets, ITestOutputHelper output) : TinyEncoderTests<BertSequencesTiny>(targets, output, "bert-seqcls-a");

/// <summary>A label for each token.</summary>
[Collection(TargetsCollection.Name)]
public sealed class BertTokensTinyTests(Targets targets, ITestOutputHelper output) : TinyEncoderTests<BertTokensTiny>(targets, output, "bert-tokcls-a");

/// <summary>Positions counted from the padding token on.</summary>
[Collection(TargetsCollection.Name)]
public sealed class RobertaTinyTests(Targets targets, ITestOutputHelper output) : TinyEncoderTests<RobertaTiny>(targets, output, "roberta-a");

/// <summary>Relative positions, scores that are not scaled.</summary>
[Collection(TargetsCollection.Name)]
public sealed class T5TinyTests(Targets targets, ITestOutputHelper output) : TinySequenceToSequenceTests<T5Tiny>(targets, output, "t5-a");

/// <summary>A gate, a head of its own.</summary>
[Collection(TargetsCollection.Name)]
public sealed class FlanT5TinyTests(Targets targets, ITestOutputHelper output) : TinySequenceToSequenceTests<FlanT5Tiny>(targets, output, "t5v11-a");

/// <summary>Norms after blocks, a bias that is no parameter.</summary>
[Collection(TargetsCollection.Name)]
public sealed class BartTinyTests(Targets targets, ITestOutputHelper output) : TinySequenceToSequenceTests<BartTiny>(targets, output, "bart-a");
