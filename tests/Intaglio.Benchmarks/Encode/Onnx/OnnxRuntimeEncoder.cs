using Microsoft.ML.OnnxRuntime;

namespace Intaglio.Benchmarks.Onnx;

/// <summary>A BERT's pooled output by ONNX Runtime.</summary>
internal sealed class OnnxRuntimeEncoder : IDisposable
{
    private static readonly string[] Inputs = [BertGraph.Tokens, BertGraph.TokenTypes, BertGraph.Mask];
    private static readonly string[] Outputs = [BertGraph.PooledOutput];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    /// <summary>Opens the same model in ONNX Runtime.</summary>
    /// <param name="model">A BERT with a pooler.</param>
    /// <param name="threads">Of a product.</param>
    public OnnxRuntimeEncoder(LanguageModel model, int threads)
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
        };
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (var file = File.Create(path))
                BertGraph.Write(model, file);
            _session = new(path, options);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The library's version.</summary>
    public static string Version => OrtEnv.Instance().GetVersionString();

    /// <summary>Runs sequences of one length.</summary>
    /// <param name="tokens">[sequences, length].</param>
    /// <param name="tokenTypes">[sequences, length].</param>
    /// <param name="mask">[sequences, length]: 1, or 0 where a token is padding.</param>
    /// <param name="sequences">How many.</param>
    /// <returns>[sequences, hidden size].</returns>
    public float[] Run(int[] tokens, int[] tokenTypes, int[] mask, int sequences)
    {
        long[] shape = [sequences, tokens.Length / sequences];
        OrtValue[] operands = [.. new[] { tokens, tokenTypes, mask }.Select(values => OrtValue.CreateTensorValueFromMemory(values, shape))];
        try
        {
            using var results = _session.Run(_run, Inputs, operands, Outputs);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }
        finally
        {
            Array.ForEach(operands, operand => operand.Dispose());
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }
}
