namespace Intaglio.Numerics;

/// <summary>Constants of a product y[rows, Columns] = fusion(x[rows, Inner] · W).</summary>
public interface IMatMulShape
{
    /// <summary>Length of the sums.</summary>
    static abstract int Inner { get; }

    /// <summary>Width of the result.</summary>
    static abstract int Columns { get; }

    /// <summary>False where W is stored [Inner, Columns] row-major, true where [Columns, Inner], as an embedding used as the head is.</summary>
    static abstract bool Transposed { get; }

    /// <summary>Name of the GPU entry point.</summary>
    static abstract string Kernel { get; }
}

/// <summary>Constants of an elementwise launch over [rows, Width].</summary>
public interface IMapShape
{
    /// <summary>Columns.</summary>
    static abstract int Width { get; }

    /// <summary>Name of the GPU entry point.</summary>
    static abstract string Kernel { get; }
}

/// <summary>
/// Constants of a normalization of [rows, Groups · Width], each group of a row by itself. Usually a row is one group; heads of queries and keys are several
/// (Henry et al., "Query-Key Normalization for Transformers", arXiv:2010.04245), read where they lie among other columns.
/// </summary>
public interface INormShape
{
    /// <summary>Columns of a group: what is normalized together, and the length of gain and bias.</summary>
    static abstract int Width { get; }

    /// <summary>Groups of a row; 1 where the whole row is normalized together.</summary>
    static abstract int Groups { get; }

    /// <summary>Floats from one row of the input, and of its gradient, to the next: Groups · Width where nothing lies between.</summary>
    static abstract int InputStride { get; }

    /// <summary>Floats from one group of a row of the input, and of its gradient, to the next: Width where nothing lies between.</summary>
    static abstract int GroupStride { get; }

    /// <summary>Whether the mean is subtracted, as LayerNorm does; RMSNorm takes it for 0 (Zhang and Sennrich, arXiv:1910.07467).</summary>
    static abstract bool Centers { get; }

    /// <summary>ε, added to the variance.</summary>
    static abstract float Epsilon { get; }

    /// <summary>Whether a bias follows the gain.</summary>
    static abstract bool HasBias { get; }

    /// <summary>What is added to the gain: 0, or 1 where the parameter is the gain's distance from 1, as Gemma stores it.</summary>
    static abstract float GainOffset { get; }

    /// <summary>Name of the GPU entry point of the backward pass with its fusion.</summary>
    static abstract string BackwardKernel { get; }
}

/// <summary>Constants of an embedding lookup.</summary>
public interface IEmbeddingShape
{
    /// <summary>Length of a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Vectors in the token table.</summary>
    static abstract int Vocabulary { get; }

    /// <summary>Vectors in the position table; 0 where positions are not embedded.</summary>
    static abstract int Positions { get; }

    /// <summary>The token whose vector gets no gradient, as PyTorch's <c>padding_idx</c>; -1 without one.</summary>
    static abstract int PaddingToken { get; }

    /// <summary>Name of the GPU entry point of the lookup with its fusion.</summary>
    static abstract string Kernel { get; }
}

/// <summary>Constants of a head that classifies each row, its loss and their gradients: of language models by vocabulary, of others by label.</summary>
public interface IHeadShape
{
    /// <summary>Width of the hidden state.</summary>
    static abstract int Width { get; }

    /// <summary>Logits a row.</summary>
    static abstract int Vocabulary { get; }

    /// <summary>Rows whose logits exist at one time: the loss runs over the batch in chunks of this many.</summary>
    static abstract int ChunkRows { get; }

    /// <summary>Whether a bias of [Vocabulary] is added to the product.</summary>
    static abstract bool HasBias { get; }

    /// <summary>c of logits = c · tanh(z / c), z being product and bias (Gemma Team, "Gemma 2", arXiv:2408.00118); 0 where logits are z itself.</summary>
    static abstract float LogitSoftCap { get; }

    /// <summary>Name of the GPU entry point of the plain product that computes a chunk's logits and the hidden state's gradient.</summary>
    static abstract string Kernel { get; }
}

/// <summary>Constants of multi-head attention. Queries, keys and values may be columns of wider rows, as one product writes them.</summary>
public interface IAttentionShape
{
    /// <summary>Query heads.</summary>
    static abstract int Heads { get; }

    /// <summary>Key and value heads; query head h reads h · KeyValueHeads / Heads.</summary>
    static abstract int KeyValueHeads { get; }

    /// <summary>Width of one head.</summary>
    static abstract int HeadSize { get; }

    /// <summary>Floats from one row of the queries to the next, and of their gradient.</summary>
    static abstract int QueryStride { get; }

    /// <summary>Floats from one row of the keys to the next, and of their gradient.</summary>
    static abstract int KeyStride { get; }

    /// <summary>Floats from one row of the values to the next, and of their gradient.</summary>
    static abstract int ValueStride { get; }

    /// <summary>
    /// Floats from one head to the next in rows of queries, keys, values and their gradients: <see cref="HeadSize"/> where heads lie side by side, three times
    /// that where each head's query, key and value do.
    /// </summary>
    static abstract int HeadStride { get; }

    /// <summary>Whether a bias by distance is added to scores: softmax sees score(q · k) + bias[head, key - query] (see <see cref="RelativeBias"/>).</summary>
    static abstract bool HasBias { get; }

    /// <summary>Probability that an attention weight is dropped in training.</summary>
    static abstract float DropoutRate { get; }

    /// <summary>
    /// Prefix of the GPU entry points' names: <c>{Kernel}</c> forward, <c>{Kernel}QueryGradient</c>, <c>{Kernel}KeyValueGradient</c>, <c>{Kernel}Cached</c>,
    /// and <c>{Kernel}BiasGradient</c> where a bias is learned.
    /// </summary>
    static abstract string Kernel { get; }
}

/// <summary>Constants of rotary position embedding: heads of queries and of keys (Su et al., arXiv:2104.09864).</summary>
public interface IRotaryShape
{
    /// <summary>Query heads.</summary>
    static abstract int Heads { get; }

    /// <summary>Key heads.</summary>
    static abstract int KeyValueHeads { get; }

    /// <summary>Width of one head.</summary>
    static abstract int HeadSize { get; }

    /// <summary>Columns of each head that turn, from its first on: even.</summary>
    static abstract int RotatedSize { get; }

    /// <summary>Which columns turn together: i and i + RotatedSize / 2 (false), or 2i and 2i + 1 (true).</summary>
    static abstract bool Interleaved { get; }

    /// <summary>Floats from one row of the queries to the next.</summary>
    static abstract int QueryStride { get; }

    /// <summary>Floats from one row of the keys to the next.</summary>
    static abstract int KeyStride { get; }

    /// <summary>Floats from one head to the next, in rows of queries and of keys: <see cref="HeadSize"/> where heads lie side by side.</summary>
    static abstract int HeadStride { get; }
}

/// <summary>Constants of learned biases of attention scores by relative position (Raffel et al., "T5", arXiv:1910.10683).</summary>
public interface IRelativeBiasShape
{
    /// <summary>Heads, each with its own biases.</summary>
    static abstract int Heads { get; }

    /// <summary>Biases of a head: distances of one bucket share theirs.</summary>
    static abstract int Buckets { get; }
}

/// <summary>Constants of a gated feed-forward network: gate and value lie side by side in rows of 2 · Width.</summary>
public interface IGateShape
{
    /// <summary>Columns of the gate, of the value, and of the result.</summary>
    static abstract int Width { get; }

    /// <summary>Name of the GPU entry point of the forward pass with its fusion.</summary>
    static abstract string Kernel { get; }

    /// <summary>Name of the GPU entry point of the backward pass.</summary>
    static abstract string BackwardKernel { get; }
}

/// <summary>A gated linear unit: activation(gate) · value, as in SwiGLU (Shazeer, arXiv:2002.05202).</summary>
public interface IGate
{
    /// <summary>The unit's result.</summary>
    static abstract T Invoke<T>(T gate, T value)
        where T : struct, ILane<T>;

    /// <summary>The gate's gradient, and the value's, for a gradient of the result.</summary>
    static abstract T Gradient<T>(T gate, T value, T outputGradient, out T valueGradient)
        where T : struct, ILane<T>;
}

/// <summary>
/// Which keys a query sees: the contiguous range [<see cref="First"/>, <see cref="End"/>), from which tiles to skip follow. The queries that see a key are
/// a contiguous range too, and neither end of a range turns back from one query to the next: what several see lies between what the first and the last of them see.
/// </summary>
public interface IMask
{
    /// <summary>The first key that the query sees.</summary>
    static abstract int First(int query);

    /// <summary>One past the last key that the query sees.</summary>
    /// <param name="query">Position of the query.</param>
    /// <param name="keys">How many keys there are.</param>
    static abstract int End(int query, int keys);

    /// <summary>The first query that sees the key.</summary>
    static abstract int FirstQuery(int key);

    /// <summary>One past the last query that sees the key.</summary>
    /// <param name="key">Position of the key.</param>
    /// <param name="queries">How many queries there are.</param>
    static abstract int EndQuery(int key, int queries);
}

/// <summary>A query sees its own position and what came before.</summary>
public readonly struct CausalMask : IMask
{
    /// <inheritdoc/>
    public static int First(int query) => 0;

    /// <inheritdoc/>
    public static int End(int query, int keys) => query < keys ? query + 1 : keys;

    /// <inheritdoc/>
    public static int FirstQuery(int key) => key;

    /// <inheritdoc/>
    public static int EndQuery(int key, int queries) => queries;
}

/// <summary>Every query sees every key.</summary>
public readonly struct FullMask : IMask
{
    /// <inheritdoc/>
    public static int First(int query) => 0;

    /// <inheritdoc/>
    public static int End(int query, int keys) => keys;

    /// <inheritdoc/>
    public static int FirstQuery(int key) => 0;

    /// <inheritdoc/>
    public static int EndQuery(int key, int queries) => queries;
}

/// <summary>What becomes of q · k before the softmax, such as a scale or a soft cap.</summary>
public interface IScoreModifier
{
    /// <summary>The score of a product.</summary>
    static abstract T Invoke<T>(T product)
        where T : struct, ILane<T>;

    /// <summary>The score's derivative by the product.</summary>
    static abstract T Derivative<T>(T product)
        where T : struct, ILane<T>;
}
