using Microsoft.CodeAnalysis;

namespace Intaglio.Generators.Diagnostics;

/// <content>The class that carries the attributes.</content>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor ClassNotPartial = Error(
        "INTG001",
        "Model class is not partial",
        "'{0}' declares a model but is not partial; add 'partial' so that the model's members can be added to it",
        """
        The model's members are added to the class that carries the attributes, so that class needs the modifier `partial`. The compiler's CS0260 says
        the same.
        """,
        """
        [Decoder]
        public sealed partial class Story;
        """);

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = Error(
        "INTG002",
        "Containing type is not partial",
        "'{0}' contains the model '{1}' but is not partial; add 'partial' to it or move '{1}' out of it",
        """
        A model may stand inside another class, struct, record or interface, but then each of these needs `partial` too.
        """);

    public static readonly DiagnosticDescriptor ClassGeneric = Error(
        "INTG003",
        "Model class is generic",
        "'{0}' declares a model but is generic or inside a generic type; a model has no type parameters, so declare it outside of them",
        """
        Sizes are constants and one class is one model, so neither the class nor a type around it has type parameters. To share a declaration between several
        models, use `[BasedOn<TModel>]`.
        """);

    public static readonly DiagnosticDescriptor NoStack = Error(
        "INTG004",
        "Model has no stack",
        "'{0}' carries [{1}] but no stack of layers; add [Decoder], or [BasedOn<TModel>] to change another model",
        """
        `[Transformer]`, `[Attention]` and the other attributes describe a stack of layers, but none is there. Add `[Decoder]`, or `[BasedOn<TModel>]` to change
        another model.
        """);

    public static readonly DiagnosticDescriptor ClassKind = Error(
        "INTG012",
        "This kind of class cannot be a model",
        "'{0}' is {1} and cannot be a model; use an ordinary class",
        """
        Models are ordinary classes: not static or abstract, not records, and not local to a file (`file class`), since then no other file can add
        members to them.
        """);

    public static readonly DiagnosticDescriptor OwnBaseClass = Error(
        "INTG013",
        "Model class has a base class of its own",
        "'{0}' derives from '{1}', but a model derives from Intaglio.LanguageModel; remove the base class and hold a '{1}' in a field instead",
        """
        A model derives from `Intaglio.LanguageModel`; interfaces are welcome. What the base class was for can be a field.
        """);

    public static readonly DiagnosticDescriptor BasedOnItself = Error(
        "INTG014",
        "Model is based on itself",
        "'{0}' is based on itself: {1}; one of these needs a declaration of its own",
        """
        Following `[BasedOn<TModel>]` from model to model leads back to the class. One of the classes on the circle needs a declaration of its own.
        """);

    public static readonly DiagnosticDescriptor BasedOnNoModel = Error(
        "INTG015",
        "BasedOn names a class that is not a model",
        "'{0}' is not declared as a model; add [Decoder] to it or name a model",
        """
        `TModel` carries none of the attributes. Name a class that does, or add `[Decoder]` to this one.
        """);

    public static readonly DiagnosticDescriptor NameTaken = Error(
        "INTG017",
        "Name is taken by an emitted member",
        "'{0}' is the name of a member that is emitted into the model '{1}'; rename yours",
        """
        A member of yours, or the class itself, is called like something that is emitted into the class (`Description`, `Create`, `Parameters`, ...).
        Rename it. Overloads with other parameters are welcome.
        """);

    public static readonly DiagnosticDescriptor PrimaryConstructor = Error(
        "INTG018",
        "Model class has a primary constructor",
        "'{0}' has a primary constructor, but models are made by '{0}.Create' and '{0}.Load'; remove the parameter list",
        """
        Models are made by `Create` and `Load`, which call a constructor that is emitted. Remove the parameter list; state of your own can be
        a property.
        """);

    public static readonly DiagnosticDescriptor NamedLikeRuntimeType = Error(
        "INTG019",
        "Model is named like a type of Intaglio",
        "'{0}' is the name of a type of Intaglio that the emitted part of the model needs; give the model another name",
        """
        Emitted code needs the runtime's type of that name, such as `Device`, `Place` or `Region`, inside the model's own class, where the
        name means the class. Give the model another name. Other types of yours may be called so: emitted code then writes Intaglio's in full.
        """);

    private static IEnumerable<DiagnosticDescriptor> Class =>
    [
        ClassNotPartial, ContainingTypeNotPartial, ClassGeneric, NoStack, ClassKind, OwnBaseClass, BasedOnItself, BasedOnNoModel, NameTaken,
        PrimaryConstructor, NamedLikeRuntimeType,
    ];
}
