using Intaglio;

namespace FillMask;

/// <summary>An encoder that reads bytes and tells which bytes were masked. 256 is the mask, 257 padding.</summary>
[Transformer(HiddenSize = 128, ContextLength = 128, VocabularySize = 258)]
[Encoder(Layers = 4)]
[Attention(Heads = 4)]
[PositionEncoding(PositionEncodingKind.Rotary)]
[MaskedLanguageModeling(256, PadToken = 257)]
public sealed partial class Filler;
