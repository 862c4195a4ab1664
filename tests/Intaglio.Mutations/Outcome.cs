namespace Intaglio.Mutations;

/// <summary>What came of a mistake.</summary>
internal enum Outcome
{
    /// <summary>A test failed.</summary>
    Killed,

    /// <summary>No test noticed.</summary>
    Survived,

    /// <summary>The compiler noticed, which is no evidence for the tests.</summary>
    DoesNotBuild,
}
