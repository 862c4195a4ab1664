using System.Globalization;

namespace Intaglio.Checkpoints;

/// <summary>What a model's config.json says, by key.</summary>
internal sealed class DeclaredConfiguration(ModelDescription description)
{
    private readonly Dictionary<string, object?> _values = description.Configuration.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);

    /// <summary>The value; null where there is no such key, too.</summary>
    public object? this[string key] => _values.GetValueOrDefault(key);

    public long Integer(string key) => Convert.ToInt64(this[key], CultureInfo.InvariantCulture);

    public double Number(string key) => Convert.ToDouble(this[key], CultureInfo.InvariantCulture);

    /// <summary>Whether the key has a value; numbers are compared as such, whatever their types.</summary>
    public bool Is(string key, object value) =>
        value is double or int && this[key] is double or float or int or long ? Number(key) == Convert.ToDouble(value, CultureInfo.InvariantCulture) : Equals(this[key], value);

    /// <summary>The value as a config.json has it.</summary>
    public string Text(string key) => ConfigurationFile.Text(this[key]);
}
