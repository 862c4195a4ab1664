using Xunit;
using Xunit.Abstractions;

namespace Intaglio.ExecutionTests;

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Gpt2ImportedTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<Gpt2Imported>(targets, output, "gpt2-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class LlamaImportedTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<LlamaImported>(targets, output, "llama-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Llama3ImportedTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<Llama3Imported>(targets, output, "llama3-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Qwen2ImportedTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<Qwen2Imported>(targets, output, "qwen2-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class MistralImportedTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<MistralImported>(targets, output, "mistral-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class Gemma2ImportedTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<Gemma2Imported>(targets, output, "gemma2-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class BloomImportedTests(Targets targets, ITestOutputHelper output) : TinyDecoderTests<BloomImported>(targets, output, "bloom-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class BertImportedTests(Targets targets, ITestOutputHelper output) : TinyEncoderTests<BertImported>(targets, output, "bert-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class BertSequencesImportedTests(Targets targets, ITestOutputHelper output) : TinyEncoderTests<BertSequencesImported>(targets, output, "bert-seqcls-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class BertTokensImportedTests(Targets targets, ITestOutputHelper output) : TinyEncoderTests<BertTokensImported>(targets, output, "bert-tokcls-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class RobertaImportedTests(Targets targets, ITestOutputHelper output) : TinyEncoderTests<RobertaImported>(targets, output, "roberta-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class T5ImportedTests(Targets targets, ITestOutputHelper output) : TinySequenceToSequenceTests<T5Imported>(targets, output, "t5-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class FlanT5ImportedTests(Targets targets, ITestOutputHelper output) : TinySequenceToSequenceTests<FlanT5Imported>(targets, output, "t5v11-a");

/// <summary>The family as its config.json declares it.</summary>
[Collection(TargetsCollection.Name)]
public sealed class BartImportedTests(Targets targets, ITestOutputHelper output) : TinySequenceToSequenceTests<BartImported>(targets, output, "bart-a");
