using Intaglio.Numerics;

namespace Intaglio;

/// <summary>Floats that a launch writes.</summary>
/// <param name="Name">How the launch's caller, or its declaration, calls them.</param>
/// <param name="Place">Where the first one is.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Width">Floats in a row.</param>
/// <param name="Stride">Floats from one row to the next.</param>
internal readonly record struct LaunchResult(string Name, Place Place, long Rows, long Width, long Stride)
{
    public LaunchResult(string name, Place place, long rows, long width)
        : this(name, place, rows, width, width)
    {
    }
}
