using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Intaglio.ExecutionTests;

/// <summary>Reads what llama2.c writes (github.com/karpathy/llama2.c, version 0): seven 32-bit sizes, then all tensors of one kind after another.</summary>
internal static class Llama2C
{
    private const int HeaderIntegers = 7;

    /// <summary>Loads the weights into a model of the same sizes.</summary>
    public static void LoadWeights(LanguageModel model, string file)
    {
        var bytes = File.ReadAllBytes(file);
        var header = MemoryMarshal.Cast<byte, int>(bytes)[..HeaderIntegers];
        var (hidden, inner, layers, heads, keyValueHeads, vocabulary) = (header[0], header[1], header[2], header[3], header[4], header[5]);
        var headSize = hidden / heads;
        ReadOnlySpan<float> rest = MemoryMarshal.Cast<byte, float>(bytes)[HeaderIntegers..];

        // A negative vocabulary says that the head has weights of its own.
        if (vocabulary < 0)
            throw new NotSupportedException($"{file} has a head of its own.");

        Take("embed_tokens.weight", vocabulary * hidden, ref rest);
        TakeLayers("input_layernorm.weight", hidden, ref rest);
        TakeLayers("self_attn.q_proj.weight", hidden * heads * headSize, ref rest);
        TakeLayers("self_attn.k_proj.weight", hidden * keyValueHeads * headSize, ref rest);
        TakeLayers("self_attn.v_proj.weight", hidden * keyValueHeads * headSize, ref rest);
        TakeLayers("self_attn.o_proj.weight", hidden * heads * headSize, ref rest);
        TakeLayers("post_attention_layernorm.weight", hidden, ref rest);
        TakeLayers("mlp.gate_proj.weight", hidden * inner, ref rest);
        TakeLayers("mlp.down_proj.weight", hidden * inner, ref rest);
        TakeLayers("mlp.up_proj.weight", hidden * inner, ref rest);
        Take("norm.weight", hidden, ref rest);

        void TakeLayers(string name, int count, ref ReadOnlySpan<float> from)
        {
            for (var layer = 0; layer < layers; layer++)
                Take($"layers.{layer}.{name}", count, ref from);
        }

        void Take(string name, int count, ref ReadOnlySpan<float> from)
        {
            model.WriteParameter(name, from[..count]);
            from = from[count..];
        }
    }

    /// <summary>The pieces of a tokenizer, decoded: the longest piece's length, then each piece's score, length and bytes. <c>&lt;0x0A&gt;</c> stands for a byte.</summary>
    public static byte[][] Pieces(string file, int vocabulary)
    {
        var bytes = File.ReadAllBytes(file);
        var (pieces, at) = (new byte[vocabulary][], sizeof(int));
        for (var token = 0; token < vocabulary; token++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + sizeof(float)));
            at += sizeof(float) + sizeof(int);
            var piece = bytes[at..(at + length)];
            at += length;
            var text = Encoding.UTF8.GetString(piece);
            pieces[token] = text is ['<', '0', 'x', var high, var low, '>'] ? [byte.Parse([high, low], NumberStyles.HexNumber, CultureInfo.InvariantCulture)] : piece;
        }

        return pieces;
    }
}
