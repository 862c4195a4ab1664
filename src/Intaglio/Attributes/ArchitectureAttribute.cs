namespace Intaglio;

/// <summary>
/// Declares a model by a config.json of Hugging Face's: the file is the declaration. It is read when the project is compiled, so that the project gives it to the compiler,
/// <c>&lt;AdditionalFiles Include="config.json" /&gt;</c>; a mistake in it is an error there, at its line and column.
/// </summary>
/// <remarks>
/// Known are the <c>model_type</c>s bert, roberta, gpt2, bloom, llama, qwen2, mistral, gemma2, t5 and bart. Absent keys have the defaults of transformers' configuration class, and
/// <c>architectures</c> says the head. Every argument of the other attributes overrides the file, and so does what a model that this one is based on sets.
/// Where a safetensors file of the same directory is among the additional files too, its tensors are checked against the declaration when the project is built.
/// </remarks>
/// <param name="path">
/// The file's path: from the directory of the source file that carries the attribute, or, where there is none, the end of the path of one additional file.
/// </param>
/// <example>
/// <code>
/// [Architecture("bert-base-uncased/config.json"), SequenceClassification(2)]
/// public sealed partial class Reviews;
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ArchitectureAttribute(string path) : Attribute
{
    /// <summary>The file's path.</summary>
    public string Path { get; } = path;
}
