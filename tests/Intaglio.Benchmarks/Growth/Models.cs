namespace Intaglio.Benchmarks;

/// <summary>A narrow model, so that a sequence of 4096 tokens takes no longer than a step of a wide one.</summary>
[Transformer(HiddenSize = 128, ContextLength = 4096, VocabularySize = 65)]
[Decoder(Layers = 2), Attention(Heads = 4)]
public sealed partial class Layers2;

/// <summary>Twice as deep.</summary>
[BasedOn<Layers2>, Decoder(Layers = 4)]
public sealed partial class Layers4;

/// <summary>Four times as deep.</summary>
[BasedOn<Layers2>, Decoder(Layers = 8)]
public sealed partial class Layers8;

/// <summary>Eight times as deep.</summary>
[BasedOn<Layers2>, Decoder(Layers = 16)]
public sealed partial class Layers16;

/// <summary>Sixteen times as deep.</summary>
[BasedOn<Layers2>, Decoder(Layers = 32)]
public sealed partial class Layers32;

/// <summary>As deep as GPT-2's largest.</summary>
[BasedOn<Layers2>, Decoder(Layers = 48)]
public sealed partial class Layers48;
