namespace Intaglio.ExecutionTests;

/// <summary>Every declared model, at its full context.</summary>
internal static class Subjects
{
    public static IReadOnlyList<Subject> All { get; } =
    [
        new TrainableSubject<Plain>("plain", 2, new(3.0e-7, 8.1e-7, 5.0e-6)),
        new TrainableSubject<Unbiased>("unbiased", 2, new(3.3e-7, 1.1e-6, 1.1e-5)),
        new TrainableSubject<Dropped>("dropped", 3, new(6.9e-8, 8.7e-7, 3.4e-6)),
        new TrainableSubject<DroppedUnbiased>("dropped, unbiased", 3, new(5.7e-8, 6.4e-7, 2.5e-6)),
        new TrainableSubject<Unordered>("unordered", 2, new(1.6e-7, 6.3e-7, 6.4e-6)),
        new TrainableSubject<OneLayer>("one layer", 2, new(9.9e-7, 7.7e-7, 1.6e-5)),
        new TrainableSubject<Odd>("odd", 3, new(2.5e-7, 7.1e-7, 4.1e-6)),
        new TrainableSubject<TwoTokens>("two tokens", 3, new(2.1e-8, 7.8e-7, 7.0e-7)),
        new TrainableSubject<Momentary>("momentary", 5, new(3.6e-7, 4.4e-7, 7.8e-7)),
        new TrainableSubject<LongContext>("long context", 1, new(1.3e-7, 5.0e-7, 3.0e-6)),
        new TrainableSubject<Llama>("llama", 2, new(6.0e-8, 8.6e-7, 6.2e-6)),
        new TrainableSubject<MultiQuery>("multi-query", 3, new(4.7e-8, 1.4e-6, 4.6e-6)),
        new TrainableSubject<Windowed>("windowed", 2, new(1.4e-7, 8.8e-7, 4.2e-6)),
        new TrainableSubject<LearnedRms>("learned rms", 3, new(2.9e-7, 7.7e-7, 1.7e-6)),
        new TrainableSubject<OwnActivations.Misher>("own mish", 2, new(1.1e-7, 1.2e-6, 3.0e-6)),
        new TrainableSubject<OwnActivations.Squared>("own squared relu", 2, new(2.5e-7, 8.7e-7, 4.3e-6)),
        new TrainableSubject<OwnActivations.Pieces>("own pieces", 2, new(2.1e-7, 5.1e-7, 2.8e-6)),
        new TrainableSubject<OwnActivations.Uglier>("own ugly", 2, new(2.4e-7, 1.0e-6, 2.7e-6)),
        new Subject<PlainServing>("plain, serving", 1, new(0, 0, 5.6e-6)),
        new Subject<OwnActivations.MisherServing>("own mish, serving", 1, new(0, 0, 3.0e-6)),
        new Subject<OddServing>("odd, serving", 1, new(0, 0, 4.6e-6)),
        new Subject<LlamaServing>("llama, serving", 1, new(0, 0, 5.9e-6)),
    ];

    /// <summary>Small enough for the simulator.</summary>
    private static IReadOnlyList<string> Smallest { get; } = ["dropped, unbiased", "odd", "two tokens", "momentary", "learned rms", "odd, serving"];

    /// <summary>Different enough to need each of a GPU's kernels.</summary>
    private static IReadOnlyList<string> ByTiles { get; } = ["dropped", "llama", "multi-query", "windowed", "llama, serving"];

    /// <summary>Whether a target can be asked for the subject: the simulator takes long, and kernels by tiles need not see every model.</summary>
    public static bool IsTried(Subject subject, string target) => target switch
    {
        Targets.Simulated => Smallest.Contains(subject.Name),
        Targets.TiledOpenCl => ByTiles.Contains(subject.Name),
        _ => true,
    };

    public static Subject Named(string name) => All.Single(subject => subject.Name == name);
}
