namespace Intaglio.ExecutionTests;

/// <summary>Every declared model, at its full context.</summary>
internal static class Subjects
{
    public static IReadOnlyList<Subject> All { get; } =
    [
        new("plain", typeof(Plain), 2, new(3.0e-7, 8.1e-7, 5.0e-6)),
        new("unbiased", typeof(Unbiased), 2, new(3.3e-7, 1.1e-6, 1.1e-5)),
        new("dropped", typeof(Dropped), 3, new(6.9e-8, 8.7e-7, 3.4e-6)),
        new("dropped, unbiased", typeof(DroppedUnbiased), 3, new(5.7e-8, 6.4e-7, 2.5e-6)),
        new("unordered", typeof(Unordered), 2, new(1.6e-7, 6.3e-7, 6.4e-6)),
        new("one layer", typeof(OneLayer), 2, new(9.9e-7, 7.7e-7, 1.6e-5)),
        new("odd", typeof(Odd), 3, new(2.5e-7, 7.1e-7, 4.1e-6)),
        new("two tokens", typeof(TwoTokens), 3, new(2.1e-8, 7.8e-7, 7.0e-7)),
        new("momentary", typeof(Momentary), 5, new(3.6e-7, 4.4e-7, 7.8e-7)),
        new("long context", typeof(LongContext), 1, new(1.3e-7, 5.0e-7, 3.0e-6)),
        new("llama", typeof(Llama), 2, new(6.0e-8, 8.6e-7, 6.2e-6)),
        new("multi-query", typeof(MultiQuery), 3, new(4.7e-8, 1.4e-6, 4.6e-6)),
        new("windowed", typeof(Windowed), 2, new(1.4e-7, 8.8e-7, 4.2e-6)),
        new("learned rms", typeof(LearnedRms), 3, new(2.9e-7, 7.7e-7, 1.7e-6)),
        new("own mish", typeof(OwnActivations.Misher), 2, new(1.1e-7, 1.2e-6, 3.0e-6)),
        new("own squared relu", typeof(OwnActivations.Squared), 2, new(2.5e-7, 8.7e-7, 4.3e-6)),
        new("own pieces", typeof(OwnActivations.Pieces), 2, new(2.1e-7, 5.1e-7, 2.8e-6)),
        new("own ugly", typeof(OwnActivations.Uglier), 2, new(2.4e-7, 1.0e-6, 2.7e-6)),
        new("plain, serving", typeof(PlainServing), 1, new(0, 0, 5.6e-6)),
        new("own mish, serving", typeof(OwnActivations.MisherServing), 1, new(0, 0, 3.0e-6)),
        new("odd, serving", typeof(OddServing), 1, new(0, 0, 4.6e-6)),
        new("llama, serving", typeof(LlamaServing), 1, new(0, 0, 5.9e-6)),
        new("bert", typeof(SmallBert), 3, new(2.4e-7, 9.4e-7, 7.7e-6)),
        new("bert, classifier", typeof(SmallClassifier), 3, new(6.1e-7, 8.8e-7, 7.3e-7)),
        new("bert, tagger", typeof(SmallTagger), 3, new(2.1e-8, 6.9e-7, 1.1e-6)),
        new("bert, answers", typeof(SmallReader), 3, new(3.0e-8, 1.3e-6, 1.2e-6)),
        new("sentences", typeof(SmallRetriever), 3, new(0, 0, 7.7e-8)),
        new("bert, serving", typeof(SmallBertServing), 2, new(0, 0, 4.7e-6)),
        new("t5", typeof(SmallT5), 3, new(2.0e-8, 1.8e-6, 1.4e-6)),
        new("bart", typeof(SmallBart), 3, new(9.5e-8, 8.3e-7, 2.3e-6)),
        new("sines", typeof(SmallSines), 3, new(5.9e-8, 2.2e-6, 2.1e-6)),
        new("sines, serving", typeof(SmallSinesServing), 3, new(0, 0, 2.1e-6)),
        new("t5, serving", typeof(SmallT5Serving), 2, new(0, 0, 2.3e-6)),
        new("bloom", typeof(SmallBloom), 2, new(3.6e-7, 4.2e-7, 3.5e-6)),
        new("gemma 2", typeof(SmallGemma2), 2, new(1.9e-7, 8.1e-7, 2.7e-6)),
        new("neox", typeof(SmallNeoX), 2, new(5.1e-8, 2.2e-6, 2.5e-6)),
        new("own layer", typeof(OwnLayers.Gating), 2, new(1.7e-7, 6.4e-7, 1.7e-6)),
        new("own layers of two stacks", typeof(OwnLayers.Mixing), 3, new(4.5e-8, 5.8e-7, 9.4e-7)),
    ];

    /// <summary>Small enough for the simulator.</summary>
    private static IReadOnlyList<string> Smallest { get; } = ["dropped, unbiased", "odd", "two tokens", "momentary", "learned rms", "odd, serving", "bert, classifier", "bert, answers", "sentences", "bart", "own layers of two stacks"];

    /// <summary>Different enough to need each of a GPU's kernels.</summary>
    private static IReadOnlyList<string> ByTiles { get; } = ["dropped", "llama", "multi-query", "windowed", "llama, serving", "bert", "t5", "bart", "bloom", "gemma 2", "own layer"];

    /// <summary>Whether a target can be asked for the subject: the simulator takes long, and kernels by tiles need not see every model.</summary>
    public static bool IsTried(Subject subject, string target) => target switch
    {
        Targets.Simulated => Smallest.Contains(subject.Name),
        Targets.TiledOpenCl => ByTiles.Contains(subject.Name),
        _ => true,
    };

    public static Subject Named(string name) => All.Single(subject => subject.Name == name);
}
