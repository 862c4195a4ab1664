namespace Intaglio.Numerics;

/// <summary>
/// What is done to each element of a result before it is stored: a bias, an activation, a residual, dropout, or several of them. Emitted as a struct
/// for each fusion of a model, inlined into the loop of the algorithm that it follows.
/// </summary>
public interface IFusion
{
    /// <summary>Whether there is an operand with one value a column, such as a bias.</summary>
    static abstract bool HasRow { get; }

    /// <summary>Whether there is an operand of the result's own shape, such as a residual.</summary>
    static abstract bool HasFull { get; }

    /// <summary>Whether a second result is stored, such as the value before the activation.</summary>
    static abstract bool Saves { get; }

    /// <summary>Probability that an element is dropped; 0 where the fusion has no dropout.</summary>
    static abstract float DropoutRate { get; }

    /// <summary>The fused function of one element.</summary>
    /// <param name="x">The algorithm's own result.</param>
    /// <param name="row">The column's value of the row operand; unspecified without one.</param>
    /// <param name="full">The element of the full operand; unspecified without one.</param>
    /// <param name="keep">0 where dropout drops the element, 1 / (1 - rate) where it is kept; 1 without dropout and outside training.</param>
    /// <param name="saved">The second result; its value is not read where <see cref="Saves"/> is false.</param>
    /// <returns>The value to store.</returns>
    static abstract T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>;
}

/// <summary>No fusion: the result is stored as it is.</summary>
public readonly struct Identity : IFusion
{
    /// <inheritdoc/>
    public static bool HasRow => false;

    /// <inheritdoc/>
    public static bool HasFull => false;

    /// <inheritdoc/>
    public static bool Saves => false;

    /// <inheritdoc/>
    public static float DropoutRate => 0;

    /// <inheritdoc/>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    public static T Invoke<T>(T x, T row, T full, T keep, out T saved)
        where T : struct, ILane<T>
    {
        saved = x;
        return x;
    }
}
