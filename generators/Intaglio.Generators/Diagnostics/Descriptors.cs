using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <summary>Every mistake that a declaration can make. Ids are never reused; docs/diagnostics.md has an entry for each.</summary>
internal static class Descriptors
{
    public static readonly DiagnosticDescriptor ClassNotPartial = Error(
        "INTG001", "Model class is not partial", "'{0}' declares a model but is not partial; add 'partial' so that the model's members can be added to it");

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = Error(
        "INTG002", "Containing type is not partial", "'{0}' contains the model '{1}' but is not partial; add 'partial' to it or move '{1}' out of it");

    public static readonly DiagnosticDescriptor ClassGeneric = Error(
        "INTG003", "Model class is generic", "'{0}' declares a model but is generic or inside a generic type; a model has no type parameters, so declare it outside of them");

    public static readonly DiagnosticDescriptor NoStack = Error(
        "INTG004", "Model has no stack", "'{0}' carries [{1}] but no stack of layers; add [Decoder], or [BasedOn<TModel>] to change another model");

    public static readonly DiagnosticDescriptor SizeNotPositive = Error(
        "INTG005", "Size is not positive", "{0} is {1}; it must be at least 1, or left out for its default");

    public static readonly DiagnosticDescriptor HeadsDoNotDivide = Error(
        "INTG006", "Heads does not divide HiddenSize", "Heads ({0}) does not divide HiddenSize ({1}); use {2}");

    public static readonly DiagnosticDescriptor DropoutOutOfRange = Error(
        "INTG007", "Dropout is not a probability below 1", "Dropout of [{0}] is {1}; it must be at least 0 and less than 1");

    public static readonly DiagnosticDescriptor EpsilonNotPositive = Error(
        "INTG008", "Epsilon is not positive", "Epsilon is {0}; it must be positive and finite, such as 1e-5f");

    public static readonly DiagnosticDescriptor UnknownEnumValue = Error(
        "INTG009", "Unknown enum value", "{0} is {1}, which is no value of {2}; use {3}");

    public static readonly DiagnosticDescriptor FormatNotSupported = Error(
        "INTG010", "Number format is not supported yet", "{0} is not supported yet; use FP32 for a model that trains or BF16 for one that only generates");

    public static readonly DiagnosticDescriptor DropoutWithoutTraining = Warning(
        "INTG011",
        "Dropout on a model that does not train",
        "Dropout of [{0}] is {1}, but a BF16 model only generates, and dropout acts in training alone; remove it, or train in FP32");

    public static readonly DiagnosticDescriptor ClassKind = Error(
        "INTG012", "This kind of class cannot be a model", "'{0}' is {1} and cannot be a model; use an ordinary class");

    public static readonly DiagnosticDescriptor OwnBaseClass = Error(
        "INTG013", "Model class has a base class of its own", "'{0}' derives from '{1}', but a model derives from Intaglio.LanguageModel; remove the base class and hold a '{1}' in a field instead");

    public static readonly DiagnosticDescriptor BasedOnItself = Error(
        "INTG014", "Model is based on itself", "'{0}' is based on itself: {1}; one of these needs a declaration of its own");

    public static readonly DiagnosticDescriptor BasedOnNoModel = Error(
        "INTG015", "BasedOn names a class that is not a model", "'{0}' is not declared as a model; add [Decoder] to it or name a model");

    public static readonly DiagnosticDescriptor TooLarge = Error(
        "INTG016", "Model is too large", "{0} would have {1} elements, more than the {2} that can be addressed; reduce {3}");

    public static readonly DiagnosticDescriptor NameTaken = Error(
        "INTG017", "Name is taken by an emitted member", "'{0}' is the name of a member that is emitted into the model '{1}'; rename yours");

    public static readonly DiagnosticDescriptor PrimaryConstructor = Error(
        "INTG018", "Model class has a primary constructor", "'{0}' has a primary constructor, but models are made by '{0}.Create' and '{0}.Load'; remove the parameter list");

    public static readonly DiagnosticDescriptor NamedLikeRuntimeType = Error(
        "INTG019", "Model is named like a type of Intaglio", "'{0}' is the name of a type of Intaglio that the emitted part of the model needs; give the model another name");

    public static readonly DiagnosticDescriptor KeyValueHeadsDoNotDivide = Error(
        "INTG020", "KeyValueHeads does not divide Heads", "KeyValueHeads ({0}) does not divide Heads ({1}); use {2}");

    public static readonly DiagnosticDescriptor RotaryHeadSizeOdd = Error(
        "INTG021", "Rotary positions need an even HeadSize", "Rotary positions turn pairs of columns, but HeadSize is {0}; use an even HeadSize such as {1}, or other positions");

    public static readonly DiagnosticDescriptor RmsNormBias = Error(
        "INTG022", "RmsNorm has no bias", "RmsNorm has no bias; remove Bias = true, or use NormalizationKind.LayerNorm");

    public static readonly DiagnosticDescriptor FactorNotPositive = Error(
        "INTG023", "Factor is not positive", "{0} is {1}; it must be positive and finite, or left out for its default");

    public static readonly DiagnosticDescriptor RotaryArgumentWithoutRotary = Warning(
        "INTG024", "Argument of rotary positions without them", "{0} acts on rotary positions, but the positions are {1}; remove it, or use PositionEncodingKind.Rotary");

    public static readonly DiagnosticDescriptor ActivationMethodNotFound = Error(
        "INTG030", "Activation method is not found", "'{1}' and the types around it have no method '{0}'; declare it there, or one that calls a [Pointwise] method of another class");

    public static readonly DiagnosticDescriptor ActivationMethodUnusable = Error(
        "INTG031", "Method cannot be an activation", "'{0}' {1}; write it as '[Pointwise] static float {0}(float x)'");

    public static readonly DiagnosticDescriptor PointwiseWithoutSource = Error(
        "INTG032", "Pointwise method has no source", "'{0}' is in another assembly, so its formula is not known; write it in this project");

    public static readonly DiagnosticDescriptor PointwiseUnsupported = Error(
        "INTG033", "Not supported in a pointwise method", "{0} is not supported in a [Pointwise] method; {1}");

    public static readonly DiagnosticDescriptor PointwiseNotDifferentiable = Error(
        "INTG034", "Not differentiable", "{0} has steps and no useful derivative; use a smooth function, or branches with ?: or if");

    public static readonly DiagnosticDescriptor PointwiseRecursive = Error(
        "INTG035", "Pointwise method calls itself", "'{0}' calls itself: {1}; a [Pointwise] method becomes one formula, so write out what is repeated");

    public static readonly DiagnosticDescriptor TwoActivations = Error(
        "INTG036", "Two activations", "Activation and ActivationMethod ('{0}') are both set; remove one of them");

    public static readonly DiagnosticDescriptor PointwiseTooLarge = Error(
        "INTG037", "Pointwise method is too large", "The formula of '{0}' has more than {1} parts once calls and locals are written out; simplify it");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        ClassNotPartial, ContainingTypeNotPartial, ClassGeneric, NoStack, SizeNotPositive, HeadsDoNotDivide, DropoutOutOfRange, EpsilonNotPositive, UnknownEnumValue,
        FormatNotSupported, DropoutWithoutTraining, ClassKind, OwnBaseClass, BasedOnItself, BasedOnNoModel, TooLarge, NameTaken, PrimaryConstructor,
        NamedLikeRuntimeType, KeyValueHeadsDoNotDivide, RotaryHeadSizeOdd, RmsNormBias, FactorNotPositive, RotaryArgumentWithoutRotary,
        ActivationMethodNotFound, ActivationMethodUnusable, PointwiseWithoutSource, PointwiseUnsupported, PointwiseNotDifferentiable, PointwiseRecursive, TwoActivations,
        PointwiseTooLarge,
    ];

    private const string Category = "Intaglio";

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(id));

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(id));

    private static string HelpLink(string id) => $"docs/diagnostics.md#{id.ToLowerInvariant()}";
}
