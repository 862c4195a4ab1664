namespace Intaglio.ExecutionTests;

// The families of hf-tiny as their config.json declares them; the published numbers are without dropout.

/// <summary>Read from its config.json.</summary>
[Architecture("gpt2-a/config.json"), Transformer(Dropout = 0), Attention(Dropout = 0), Embedding(Dropout = 0)]
public sealed partial class Gpt2Imported;

/// <summary>Read from its config.json.</summary>
[Architecture("llama-a/config.json")]
public sealed partial class LlamaImported;

/// <summary>Read from its config.json.</summary>
[Architecture("llama3-a/config.json")]
public sealed partial class Llama3Imported;

/// <summary>Read from its config.json.</summary>
[Architecture("qwen2-a/config.json")]
public sealed partial class Qwen2Imported;

/// <summary>Read from its config.json.</summary>
[Architecture("mistral-a/config.json")]
public sealed partial class MistralImported;

/// <summary>Read from its config.json.</summary>
[Architecture("gemma2-a/config.json")]
public sealed partial class Gemma2Imported;

/// <summary>Read from its config.json.</summary>
[Architecture("bloom-a/config.json")]
public sealed partial class BloomImported;

/// <summary>Read from its config.json.</summary>
[Architecture("bert-a/config.json"), Transformer(Dropout = 0), Attention(Dropout = 0), Embedding(Dropout = 0)]
public sealed partial class BertImported;

/// <summary>Read from its config.json.</summary>
[Architecture("bert-seqcls-a/config.json"), Transformer(Dropout = 0), Attention(Dropout = 0), Embedding(Dropout = 0), SequenceClassification(3, Dropout = 0)]
public sealed partial class BertSequencesImported;

/// <summary>Read from its config.json.</summary>
[Architecture("bert-tokcls-a/config.json"), Transformer(Dropout = 0), Attention(Dropout = 0), Embedding(Dropout = 0), TokenClassification(5, Dropout = 0)]
public sealed partial class BertTokensImported;

/// <summary>Read from its config.json.</summary>
[Architecture("roberta-a/config.json"), Transformer(Dropout = 0), Attention(Dropout = 0), Embedding(Dropout = 0)]
public sealed partial class RobertaImported;

/// <summary>Read from its config.json.</summary>
[Architecture("t5-a/config.json"), Transformer(Dropout = 0), Attention(Dropout = 0), Embedding(Dropout = 0), FeedForward(Dropout = 0)]
public sealed partial class T5Imported;

/// <summary>Read from its config.json.</summary>
[Architecture("t5v11-a/config.json"), Transformer(Dropout = 0), Attention(Dropout = 0), Embedding(Dropout = 0), FeedForward(Dropout = 0)]
public sealed partial class FlanT5Imported;

/// <summary>Read from its config.json.</summary>
[Architecture("bart-a/config.json"), Transformer(Dropout = 0), Attention(Dropout = 0), Embedding(Dropout = 0), FeedForward(Dropout = 0)]
public sealed partial class BartImported;
