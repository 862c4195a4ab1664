using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <content>A config.json that declares a model, and the checkpoint beside it.</content>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor ArchitectureFileMissing = Error(
        "INTG055",
        "File of an architecture is not there",
        "{0} is none of the project's additional files, which are {1}; add <AdditionalFiles Include=\"{0}\" /> to an ItemGroup of the project file",
        """
        The compiler reads no file that the project does not name: add `<AdditionalFiles Include="config.json" />` to an `ItemGroup` of the project file. The path of `[Architecture]` is
        taken from the directory of the source file, or, where no additional file is there, as the end of an additional file's path.
        """);

    public static readonly DiagnosticDescriptor ArchitectureFileAmbiguous = Error(
        "INTG056",
        "Several files of an architecture",
        "{0} is the end of several additional files' paths: {1}; write more of the path",
        """
        No additional file has the path from the directory of the source file, and several end in what `[Architecture]` says. Write as much of the path as tells them apart.
        """);

    public static readonly DiagnosticDescriptor NotJson = Error(
        "INTG057",
        "config.json is not valid JSON",
        "Not valid JSON: expected {0}, found {1}",
        """
        The file of `[Architecture]` is a JSON object (RFC 8259): no comments, no trailing commas, no key twice, no NaN or Infinity. The diagnostic stands where the text breaks off.
        """);

    public static readonly DiagnosticDescriptor UnknownModelType = Error(
        "INTG058",
        "Unknown model_type",
        "{0}; known are {1}",
        """
        `model_type` says which architecture the other keys are of. Of one that is not known, the attributes can still declare the model, argument by argument.
        """);

    public static readonly DiagnosticDescriptor ConfigurationValueWrong = Error(
        "INTG059",
        "Value in config.json is of the wrong kind",
        "{0} is {1}; it must be {2}",
        """
        The value has another type than the key's, or lies outside of what the key can be. Correct the file; an absent key has the default of transformers' configuration class.
        """);

    public static readonly DiagnosticDescriptor ConfigurationValueNotSupported = Error(
        "INTG060",
        "Value in config.json is not supported",
        "{0} is {1}, which is not supported; it can be {2}",
        """
        The value is one of transformers', but the model that it describes computes what Intaglio does not. Convert the checkpoint, or choose another one.
        """);

    public static readonly DiagnosticDescriptor ConfigurationKeyUnknown = Warning(
        "INTG061",
        "Unknown key in config.json",
        "{0} is no key of {1} and is left out; remove it where it changes nothing, and beware where it does",
        """
        The key is neither one of the architecture's nor one that is known to change no result. What it changes, the model does not do. Compare the model's results with the original's before
        `dotnet_diagnostic.INTG061.severity = none` in a `.globalconfig`.
        """);

    public static readonly DiagnosticDescriptor ConfigurationContradicts = Error(
        "INTG062",
        "Keys of config.json contradict each other",
        "{0} contradicts {1}: {2}",
        """
        Two keys say the same thing differently, or cannot both be right. Correct the one that is wrong.
        """);

    public static readonly DiagnosticDescriptor CheckpointDoesNotFit = Error(
        "INTG063",
        "Checkpoint does not fit the declaration",
        "{0} is not of this model: {1}",
        """
        A safetensors file beside the config.json, given to the compiler as `<AdditionalFiles Include="model.safetensors" />`, lacks a tensor of the declared model, has one that the model
        has no place for, or has one of another shape: loading it would fail. Correct what the attributes override, or take the file out of the additional files.
        """);

    public static readonly DiagnosticDescriptor CheckpointUnreadable = Error(
        "INTG064",
        "Checkpoint cannot be read",
        "The header of {0} cannot be read: {1}",
        """
        A safetensors file beside the config.json is damaged, is no such file, or cannot be opened. Download it anew, or take it out of the additional files.
        """);

    private static IEnumerable<DiagnosticDescriptor> Architecture =>
    [
        ArchitectureFileMissing, ArchitectureFileAmbiguous, NotJson, UnknownModelType, ConfigurationValueWrong, ConfigurationValueNotSupported, ConfigurationKeyUnknown, ConfigurationContradicts, CheckpointDoesNotFit,
        CheckpointUnreadable,
    ];
}
