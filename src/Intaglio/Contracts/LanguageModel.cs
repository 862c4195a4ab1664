using Intaglio.Numerics;

namespace Intaglio;

/// <summary>
/// A model's weights on a device: the base of every emitted model. Reading them is thread-safe; a <c>Trainer</c> is their only writer, and exclusive
/// while it lives.
/// </summary>
public abstract partial class LanguageModel : IDisposable
{
    /// <summary>Allocates the weights, zero.</summary>
    protected LanguageModel(Device device, ModelDescription description)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(description);
        if (Array.Find(description.Parameters.Entries, entry => entry.Count > int.MaxValue) is { } large)
            throw new DeviceException($"{description.Name} cannot be made: {large.Name} has {large.Count} elements, more than the {int.MaxValue} that can be addressed.");

        Device = device;
        Description = description;
        Weights = device.Allocate(description.Parameters.Length * BytesPerWeight(description.Format));
        if (description.Tables.Length > 0)
        {
            var tables = PositionTable.Concatenate(description.Tables, description.ContextLength);
            PositionTables = device.Allocate(tables.Length);
            PositionTables.Write<byte>(tables, 0);
        }
    }

    /// <summary>Where the weights are.</summary>
    public Device Device { get; }

    /// <summary>What is known of the model at compile time.</summary>
    public ModelDescription Description { get; }

    /// <summary>All parameters, in the order of <see cref="ParameterTable"/>.</summary>
    public DeviceBuffer Weights { get; }

    /// <summary>What <see cref="Region.Tables"/> refers to; null where the model has none.</summary>
    internal DeviceBuffer? PositionTables { get; }

    /// <summary>Whoever writes the weights at present.</summary>
    internal object? Writer { get; set; }

    /// <summary>Bytes of one weight.</summary>
    public static int BytesPerWeight(NumberFormat format) => format == NumberFormat.BF16 ? sizeof(ushort) : sizeof(float);

    /// <summary>Makes the model's own buffers the regions of an execution.</summary>
    internal void BindTo(Execution execution)
    {
        execution.Bind(Region.Weights, Weights);
        if (PositionTables is not null)
            execution.Bind(Region.Tables, PositionTables);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Weights.Dispose();
        PositionTables?.Dispose();
        GC.SuppressFinalize(this);
    }
}
