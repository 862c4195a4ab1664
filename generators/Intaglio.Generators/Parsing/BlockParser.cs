using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Location = Microsoft.CodeAnalysis.Location;

namespace Intaglio.Generators.Parsing;

/// <summary>From a [Block] method to the layer that it computes. Mistakes are reported where they stand.</summary>
internal sealed class BlockParser(Compilation compilation, Problems problems, CancellationToken cancellation)
{
    private static readonly Dictionary<string, ModuleKind> Kinds = new()
    {
        ["Norm"] = ModuleKind.Norm,
        ["SelfAttention"] = ModuleKind.SelfAttention,
        ["CrossAttention"] = ModuleKind.CrossAttention,
        ["FeedForward"] = ModuleKind.FeedForward,
        ["Linear"] = ModuleKind.Linear,
    };

    // What the tensors of attention and networks, of embeddings and of the head are called.
    private static readonly HashSet<string> Taken =
        ["Qkv", "Query", "Key", "Value", "Projection", "CrossQuery", "CrossKeyValue", "CrossProjection", "Up", "GateUp", "Down", "Hidden", "Embedding", "Final", "Head", "Token", "Position", "Transform", "Pooler"];

    private readonly Dictionary<ISymbol, BlockExpression> _values = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, ModuleSpec> _modules = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, int> _calls = new(SymbolEqualityComparer.Default);

    /// <summary>The layer that the nearest of a chain of classes declares for a stack; null where none does.</summary>
    public static BlockSpec? Find(IReadOnlyList<INamedTypeSymbol> chain, AppliesTo part, bool isOnlyStack, bool attendsToEncoder, Compilation compilation, Problems problems, CancellationToken cancellation)
    {
        foreach (var type in chain)
        {
            var methods = type.GetMembers().OfType<IMethodSymbol>().Where(method => AttributeOf(method) is not null).ToList();
            if (methods.Count == 0)
                continue;

            var own = methods.Where(method => PartOf(method) == part || (isOnlyStack && PartOf(method) == AppliesTo.All)).ToList();
            if (own.Count > 1 || methods.Any(method => !isOnlyStack && PartOf(method) is not (AppliesTo.EncoderSelf or AppliesTo.DecoderSelf)))
                problems.Add(Descriptors.BlockAmbiguous, methods[methods.Count - 1].Locations[0], methods[methods.Count - 1].Name);

            return own.Count == 0 ? null : new BlockParser(compilation, problems, cancellation).Parse(own[0], attendsToEncoder);
        }

        return null;
    }

    private static AttributeData? AttributeOf(IMethodSymbol method) => method.GetAttributes().FirstOrDefault(attribute =>
        attribute.AttributeClass is { Name: "BlockAttribute", ContainingNamespace: { Name: "Intaglio", ContainingNamespace.IsGlobalNamespace: true } });

    private static AppliesTo PartOf(IMethodSymbol method) =>
        AttributeOf(method)!.NamedArguments.FirstOrDefault(argument => argument.Key == nameof(AppliesTo)).Value.Value is int part ? (AppliesTo)part : AppliesTo.All;

    private BlockSpec? Parse(IMethodSymbol method, bool attendsToEncoder)
    {
        if (Misdeclared(method, attendsToEncoder) is { } reason)
        {
            problems.Add(Descriptors.BlockMisdeclared, method.Locations[0], method.Name, reason);
            return null;
        }

        _values[method.Parameters[0]] = new BlockInput();
        foreach (var parameter in method.Parameters.Skip(1))
            _modules[parameter] = new(Names.Pascal(parameter.Name), Kinds[parameter.Type.Name]);

        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not { } syntax
            || compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellation) is not IMethodBodyOperation body
            || (body.BlockBody ?? body.ExpressionBody) is not { } block)
        {
            problems.Add(Descriptors.BlockMisdeclared, method.Locations[0], method.Name, "has no body in this compilation");
            return null;
        }

        var result = Run(block);
        if (result is null || problems.AreErrors)
            return null;

        var needed = new HashSet<string>(BlockSpec.Parts(result).OfType<BlockCall>().Select(call => call.Module));
        foreach (var parameter in method.Parameters.Skip(1))
        {
            var calls = _calls.TryGetValue(parameter, out var count) ? count : 0;
            if (calls != 1)
                problems.Add(Descriptors.BlockModuleUse, parameter.Locations[0], parameter.Name, $"is called {Words.Number(calls)} times; call it once, or {(calls == 0 ? "remove it" : "keep its result in a local")}");
            else if (!needed.Contains(_modules[parameter].Name))
                problems.Add(Descriptors.BlockModuleUse, parameter.Locations[0], parameter.Name, "is called, but the layer's result does not depend on it; use what it returns, or remove it");
        }

        return problems.AreErrors ? null : new(new(method.Parameters.Skip(1).Select(parameter => _modules[parameter])), result);
    }

    private static string? Misdeclared(IMethodSymbol method, bool attendsToEncoder)
    {
        if (!method.IsStatic)
            return "is not static";

        if (method.IsGenericMethod || !IsOurs(method.ReturnType, "Tensor") || method.Parameters.Length == 0 || !IsOurs(method.Parameters[0].Type, "Tensor"))
            return "does not take a Tensor first and return one";

        // A name that is not there yet is the compiler's to report.
        var modules = method.Parameters.Skip(1).ToList();
        if (modules.Any(module => module.Name.Length == 0))
            return "has a parameter without a name";

        if (modules.FirstOrDefault(module => !Kinds.ContainsKey(module.Type.Name) || !IsOurs(module.Type, module.Type.Name)) is { } other)
            return $"has a parameter '{other.Name}' that is no module";

        if (modules.FirstOrDefault(module => Taken.Contains(Names.Pascal(module.Name))) is { } taken)
            return $"has a parameter '{taken.Name}', which is what some tensors of a layer are called; choose another name";

        int Count(ModuleKind kind) => modules.Count(module => Kinds[module.Type.Name] == kind);
        if (Count(ModuleKind.SelfAttention) > 1 || Count(ModuleKind.FeedForward) > 1)
            return "owns more than one SelfAttention or FeedForward";

        if (Count(ModuleKind.CrossAttention) != (attendsToEncoder ? 1 : 0))
            return attendsToEncoder ? "owns no CrossAttention, or several, though there is an encoder" : "owns a CrossAttention, though there is no encoder to attend to";

        return Count(ModuleKind.SelfAttention) + Count(ModuleKind.FeedForward) == 0 ? "owns neither SelfAttention nor FeedForward" : null;
    }

    private static bool IsOurs(ITypeSymbol type, string name) => type is { ContainingNamespace: { Name: "Intaglio", ContainingNamespace.IsGlobalNamespace: true } } && type.Name == name;

    private BlockExpression? Run(IBlockOperation block)
    {
        foreach (var statement in block.Operations)
        {
            switch (statement)
            {
                case IReturnOperation { ReturnedValue: { } value }:
                    return Value(value);

                case IVariableDeclarationGroupOperation group:
                    foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
                    {
                        if (declarator.GetVariableInitializer() is { } initializer && Value(initializer.Value) is { } named)
                            _values[declarator.Symbol] = named.Named(Names.Pascal(declarator.Symbol.Name));
                        else
                            Unsupported(declarator);
                    }

                    break;

                default:
                    Unsupported(statement);
                    return null;
            }
        }

        return null;
    }

    private BlockExpression? Value(IOperation operation)
    {
        switch (operation)
        {
            case IParenthesizedOperation inner:
                return Value(inner.Operand);

            case IConversionOperation { IsImplicit: true } conversion:
                return Value(conversion.Operand);

            case IParameterReferenceOperation reference when _values.TryGetValue(reference.Parameter, out var input):
                return input;

            case ILocalReferenceOperation reference when _values.TryGetValue(reference.Local, out var local):
                return local;

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, LeftOperand: var left, RightOperand: var right }:
                return Value(left) is { } a && Value(right) is { } b ? a + b : null;

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Multiply, LeftOperand: var left, RightOperand: var right }:
                if (left.ConstantValue is { HasValue: true, Value: { } factor } && left.Type?.SpecialType is SpecialType.System_Single)
                    return Value(right) is { } scaled ? new BlockScale((float)factor, scaled) : null;
                return Value(left) is { } c && Value(right) is { } d ? c * d : null;

            case IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: IParameterReferenceOperation module, Arguments: [var argument] } when _modules.TryGetValue(module.Parameter, out var spec):
                _calls[module.Parameter] = _calls.TryGetValue(module.Parameter, out var calls) ? calls + 1 : 1;
                return Value(argument.Value) is { } x ? new BlockCall(spec.Name, x) : null;

            case IInvocationOperation { TargetMethod: { Name: "Map", ContainingType: { Name: "Tensor" } tensor }, Instance: { } mapped, Arguments: [var function] } when IsOurs(tensor, "Tensor"):
                return Function(function.Value) is { } activation && Value(mapped) is { } of ? new BlockMap(activation, of) : null;

            default:
                Unsupported(operation);
                return null;
        }
    }

    private ActivationSpec? Function(IOperation operation)
    {
        var method = operation is IDelegateCreationOperation { Target: IMethodReferenceOperation reference } ? reference.Method : null;
        if (method is { ContainingType.Name: "Activations" } && IsOurs(method.ContainingType, "Activations") && Enum.TryParse<Activation>(method.Name, out var builtIn))
            return Activations.Of(builtIn);

        if (method is not null && PointwiseFunctions.Call(method, [Expression.X]) is { } known && !PointwiseFunctions.IsOfMath(method))
            return new(method.Name, Names.Snake(method.Name), known);

        if (method is null || method.Parameters.Length != 1 || PointwiseParser.Misdeclared(method) is not null || method.DeclaringSyntaxReferences.IsEmpty)
        {
            Unsupported(operation);
            return null;
        }

        var found = new Problems();
        var formula = new PointwiseParser(compilation, found, cancellation).Parse(method, [Expression.X]);
        if (found.AreErrors)
            problems.AddReportedElsewhere();

        return new(Names.Pascal(method.Name), Names.Snake(method.Name), formula) { IsOwn = true };
    }

    private void Unsupported(IOperation operation)
    {
        if (!problems.AreErrors)
            problems.Add(Descriptors.BlockUnsupported, operation.Syntax.GetLocation(), $"'{Excerpt(operation.Syntax.ToString())}'");
    }

    private static string Excerpt(string text) => text.Length <= 40 ? text : text.Substring(0, 40) + "...";
}
