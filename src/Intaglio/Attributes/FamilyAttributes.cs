namespace Intaglio;

/// <summary>BERT (Devlin et al., arXiv:1810.04805): an encoder with norms after its blocks, learned positions, two token types and a masked-language-modelling head. Sizes are BERT-base's. Every argument of the other attributes overrides it.</summary>
/// <example>
/// <code>
/// [Bert, SequenceClassification(2)]
/// public sealed partial class Reviews;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BertAttribute : Attribute;

/// <summary>RoBERTa (Liu et al., arXiv:1907.11692): BERT with one token type, and positions counted from the padding token on. Sizes are RoBERTa-base's. Every argument of the other attributes overrides it.</summary>
/// <example>
/// <code>
/// [Roberta]
/// public sealed partial class Base;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RobertaAttribute : Attribute;

/// <summary>GPT-2 (Radford et al., 2019): a decoder with norms before its blocks, learned positions and a tied head. Sizes are those of the smallest one, 124 million parameters. Every argument of the other attributes overrides it.</summary>
/// <example>
/// <code>
/// [Gpt2, Transformer(HiddenSize = 1024), Decoder(Layers = 24), Attention(Heads = 16)]
/// public sealed partial class Medium;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class Gpt2Attribute : Attribute;

/// <summary>BLOOM (arXiv:2211.05100), and BloombergGPT, which follows it: a decoder with ALiBi and a norm after the embedding. Sizes are BLOOM-560M's. Every argument of the other attributes overrides it.</summary>
/// <example>
/// <code>
/// [Bloom, Transformer(HiddenSize = 7680, VocabularySize = 131072), Decoder(Layers = 70), Attention(Heads = 40)]
/// public sealed partial class Finance;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BloomAttribute : Attribute;

/// <summary>LLaMA (Touvron et al., arXiv:2302.13971): a decoder with RMSNorm, rotary positions, a SiLU gate, no biases and a head of its own. Sizes are LLaMA-7B's. Every argument of the other attributes overrides it.</summary>
/// <example>
/// <code>
/// [Llama, Transformer(HiddenSize = 2048), Decoder(Layers = 22), Attention(KeyValueHeads = 4), FeedForward(IntermediateSize = 5632)]
/// public sealed partial class Small;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class LlamaAttribute : Attribute;

/// <summary>T5 (Raffel et al., arXiv:1910.10683): an encoder-decoder with relative positions, RMSNorm, scores that are not scaled, no biases and a tied head. Sizes are T5-small's. Every argument of the other attributes overrides it.</summary>
/// <example>
/// <code>
/// [T5, Encoder(Layers = 12), Decoder(Layers = 12)]
/// public sealed partial class Deeper;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class T5Attribute : Attribute;

/// <summary>FLAN-T5 (Chung et al., arXiv:2210.11416), which has the form of T5 1.1: gated networks and a head of its own. Sizes are FLAN-T5-small's. Every argument of the other attributes overrides it.</summary>
/// <example>
/// <code>
/// [FlanT5, Transformer(HiddenSize = 768), Encoder(Layers = 12), Decoder(Layers = 12), Attention(Heads = 12), FeedForward(IntermediateSize = 2048)]
/// public sealed partial class Base;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FlanT5Attribute : Attribute;

/// <summary>BART (Lewis et al., arXiv:1910.13461): an encoder-decoder with norms after its blocks and after the embedding, and learned positions. Sizes are BART-base's. Every argument of the other attributes overrides it.</summary>
/// <example>
/// <code>
/// [Bart, Transformer(HiddenSize = 1024), Encoder(Layers = 12), Decoder(Layers = 12), Attention(Heads = 16), FeedForward(IntermediateSize = 4096)]
/// public sealed partial class Large;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BartAttribute : Attribute;
