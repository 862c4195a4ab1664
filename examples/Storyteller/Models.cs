namespace Intaglio.Examples;

/// <summary>A small GPT over bytes: learns to write in the manner of its corpus within a minute or two on a laptop.</summary>
[Transformer(HiddenSize = 128, ContextLength = 128)]
[Decoder(Layers = 4)]
[Attention(Heads = 4)]
public sealed partial class Storyteller;

/// <summary>What nanoGPT's readme trains on a CPU: 804,096 parameters over the 65 characters of tinyshakespeare.</summary>
[Transformer(HiddenSize = 128, ContextLength = 64, VocabularySize = 65)]
[Decoder(Layers = 4)]
[Attention(Heads = 4, QueryKeyValueBias = false, OutputBias = false)]
[FeedForward(Bias = false)]
[Normalization(Bias = false)]
public sealed partial class NanoGptCpu;
