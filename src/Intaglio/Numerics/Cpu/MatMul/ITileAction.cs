namespace Intaglio.Numerics.Cpu;

/// <summary>What is done with the tile that is chosen.</summary>
internal interface ITileAction
{
    /// <summary>Does it.</summary>
    void Invoke<TTile>()
        where TTile : struct, ITile;
}
