namespace Intaglio.Compiler;

/// <summary>One key of a config.json.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">string, bool, int, float, double, string[], <see cref="KeyValueList"/> or null.</param>
/// <param name="IsFact">Whether a checkpoint with another value belongs to another model.</param>
/// <param name="Default">What an absent key stands for.</param>
internal sealed record ConfigurationKey(string Key, object? Value, bool IsFact, object? Default = null);

/// <summary>An object in a config.json: keys with values of the same kinds.</summary>
internal sealed record KeyValueList((string Key, object Value)[] Pairs);
