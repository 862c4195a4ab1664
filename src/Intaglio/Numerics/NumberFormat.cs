#if INTAGLIO_COMPILER
namespace Intaglio.Compiler;
#else
namespace Intaglio;
#endif

/// <summary>How a number is stored. Arithmetic, accumulation, norms, softmax and losses are FP32 whatever the storage is.</summary>
#if INTAGLIO_COMPILER
internal
#else
public
#endif
enum NumberFormat
{
    /// <summary>IEEE 754 binary32.</summary>
    FP32,

    /// <summary>IEEE 754 binary16.</summary>
    FP16,

    /// <summary>bfloat16: the upper half of a binary32, rounded to nearest even.</summary>
    BF16,

    /// <summary>8-bit integers with a scale for each group.</summary>
    INT8,

    /// <summary>4-bit integers with a scale for each group.</summary>
    INT4,
}
