namespace Intaglio;

/// <summary>A model, as the generator emits it: description and factories, all static.</summary>
/// <typeparam name="TSelf">The model's class.</typeparam>
public interface IModel<TSelf>
    where TSelf : LanguageModel, IModel<TSelf>
{
    /// <summary>What is known of the model at compile time.</summary>
    static abstract ModelDescription Description { get; }

    /// <summary>A model with random weights.</summary>
    static abstract TSelf Create(Device device, ulong seed = 0);

    /// <summary>A model with the weights of a checkpoint directory.</summary>
    static abstract TSelf Load(string directory, Device device);
}
