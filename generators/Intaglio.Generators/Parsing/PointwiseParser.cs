using System.Globalization;
using Intaglio.Compiler;
using Intaglio.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Location = Microsoft.CodeAnalysis.Location;

namespace Intaglio.Generators.Parsing;

/// <summary>
/// From a [Pointwise] method to the expression that it computes: its statements are run on expressions in the place of numbers. Mistakes are reported at
/// the token, those of a called method where that method is analyzed.
/// </summary>
internal sealed class PointwiseParser(Compilation compilation, Problems problems, CancellationToken cancellation)
{
    /// <summary>More parts than this make no readable derivative.</summary>
    private const int MostParts = 1000;

    private readonly List<IMethodSymbol> _calls = [];
    private int _steps;

    /// <summary>Whether a method carries the attribute.</summary>
    public static bool IsPointwise(IMethodSymbol method) => method.GetAttributes().Any(attribute =>
        attribute.AttributeClass is { Name: "PointwiseAttribute", ContainingNamespace: { Name: "Intaglio", ContainingNamespace.IsGlobalNamespace: true } });

    /// <summary>What is wrong with a method whatever its body; null where nothing is.</summary>
    public static string? Misdeclared(IMethodSymbol method) => method switch
    {
        _ when !IsPointwise(method) => "is not [Pointwise]",
        { IsStatic: false } => "is not static",
        _ => WrongSignature(method),
    };

    /// <summary>The attribute and the modifier that a method lacks; nothing where its signature is wrong as well.</summary>
    public static Remedy RemedyOf(IMethodSymbol method)
    {
        var location = method.Locations[0];
        if (WrongSignature(method) is not null || !location.IsInSource)
            return Remedy.None;

        var missing = new (string Modifier, bool IsThere)[] { (Remedy.Pointwise, IsPointwise(method)), (Remedy.Static, method.IsStatic) };
        return new() { Modifiers = [.. missing.Where(item => !item.IsThere).Select(item => item.Modifier)], Elsewhere = location };
    }

    /// <summary>The method's value for given arguments; meaningless where problems were found.</summary>
    public Expression Parse(IMethodSymbol method, IReadOnlyList<Expression> arguments)
    {
        cancellation.ThrowIfCancellationRequested();
        var implementation = method.PartialImplementationPart ?? method;
        if (implementation.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not { } syntax)
            return 0;

        if (compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellation) is not IMethodBodyOperation body || (body.BlockBody ?? body.ExpressionBody) is not { } block)
        {
            problems.Add(Descriptors.ActivationMethodUnusable, Here(method.Locations[0]), method.Name, "has no body");
            return 0;
        }

        var variables = new Variables();
        foreach (var (parameter, argument) in implementation.Parameters.Zip(arguments, (parameter, argument) => (parameter, argument)))
            variables.Numbers[parameter] = argument;

        _calls.Add(method);
        var result = Run([block], variables) ?? 0;
        _calls.RemoveAt(_calls.Count - 1);
        return result;
    }

    /// <summary>Runs statements up to one that returns: its value, or null.</summary>
    private Expression? Run(IReadOnlyList<IOperation> statements, Variables variables)
    {
        for (var index = 0; index < statements.Count && !problems.AreErrors; index++)
        {
            var statement = statements[index];
            if (++_steps > MostParts)
                return TooLarge(statement);

            switch (statement)
            {
                case IBlockOperation block:
                    return Run([.. block.Operations, .. statements.Skip(index + 1)], variables);

                case IReturnOperation { ReturnedValue: { } value }:
                    return Number(value, variables);

                case IConditionalOperation choice:
                    var condition = Truth(choice.Condition, variables);
                    var (whenTrue, whenFalse) = (variables.Copy(), variables.Copy());
                    IOperation[] otherwise = choice.WhenFalse is null ? [] : [choice.WhenFalse];
                    if (!choice.Descendants().OfType<IReturnOperation>().Any())
                    {
                        Run([choice.WhenTrue], whenTrue);
                        Run(otherwise, whenFalse);
                        variables.Merge(condition, whenTrue, whenFalse);
                        break;
                    }

                    // Each branch goes on by itself, since one of them may have ended.
                    var rest = statements.Skip(index + 1).ToList();
                    var then = Run([choice.WhenTrue, .. rest], whenTrue) ?? 0;
                    return Checked(condition.Select(then, Run([.. otherwise, .. rest], whenFalse) ?? 0), choice);

                case IVariableDeclarationGroupOperation group:
                    foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
                        Declare(declarator, variables);
                    break;

                case IExpressionStatementOperation { Operation: var operation }:
                    Assign(operation, variables);
                    break;

                case IEmptyOperation:
                    break;

                default:
                    Unsupported(statement, statement.Syntax.GetFirstToken().GetLocation(), $"'{statement.Syntax.GetFirstToken()}'", "use declarations, assignments, if and return");
                    break;
            }
        }

        return null;
    }

    private void Declare(IVariableDeclaratorOperation declarator, Variables variables)
    {
        if (declarator.Symbol.IsConst || declarator.GetVariableInitializer() is not { } initializer)
            return;

        Set(declarator.Symbol, declarator.Symbol.Type, initializer.Value, variables, declarator);
    }

    private void Assign(IOperation operation, Variables variables)
    {
        switch (operation)
        {
            case ISimpleAssignmentOperation { IsRef: false } assignment when Variable(assignment.Target) is { } variable:
                Set(variable, assignment.Target.Type!, assignment.Value, variables, assignment);
                break;

            case ICompoundAssignmentOperation assignment when Variable(assignment.Target) is { } variable && IsNumber(assignment.Target.Type):
                variables.Numbers[variable] = Checked(Combine(assignment, assignment.OperatorKind, Number(assignment.Target, variables), Number(assignment.Value, variables)), assignment);
                break;

            case IIncrementOrDecrementOperation step when Variable(step.Target) is { } variable && IsNumber(step.Target.Type):
                variables.Numbers[variable] = Number(step.Target, variables) + (step.Kind == OperationKind.Increment ? 1 : -1);
                break;

            default:
                Unsupported(operation);
                break;
        }
    }

    private void Set(ISymbol variable, ITypeSymbol type, IOperation value, Variables variables, IOperation at)
    {
        if (type.SpecialType == SpecialType.System_Boolean)
            variables.Truths[variable] = Truth(value, variables);
        else if (IsNumber(type))
            variables.Numbers[variable] = Checked(Number(value, variables), at);
        else
            Unsupported(at, at.Syntax.GetLocation(), $"A variable of type {type.ToDisplayString()}", "use float, double or bool, or const");
    }

    /// <summary>The value of an expression of type float or double.</summary>
    private Expression Number(IOperation operation, Variables variables)
    {
        if (operation.ConstantValue is { HasValue: true, Value: { } constant } && ConstantOf(constant) is { } number)
            return number;

        return operation switch
        {
            IInvocationOperation call when IsNumber(call.Type) || PointwiseFunctions.IsStep(call.TargetMethod) => Call(call, variables),

            // Of type int where all branches are constants.
            IConditionalOperation { WhenFalse: { } otherwise } choice => Truth(choice.Condition, variables).Select(Number(choice.WhenTrue, variables), Number(otherwise, variables)),
            ISwitchExpressionOperation choice => Choose(choice, variables),
            _ when !IsNumber(operation.Type) => Unsupported(operation, operation.Syntax.GetLocation(), $"'{operation.Syntax}' of type {operation.Type?.ToDisplayString()}", "use float, or a constant"),
            _ when Variable(operation) is { } variable => variables.Numbers.TryGetValue(variable, out var value) ? value : Unsupported(operation),
            IConversionOperation conversion => Convert(conversion, variables),
            IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Minus } minus => -Number(minus.Operand, variables),
            IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Plus } plus => Number(plus.Operand, variables),
            IBinaryOperation { OperatorMethod: null } binary => Combine(binary, binary.OperatorKind, Number(binary.LeftOperand, variables), Number(binary.RightOperand, variables)),
            _ => Unsupported(operation),
        };
    }

    private Expression Convert(IConversionOperation conversion, Variables variables) => conversion switch
    {
        // A cast to an integer and back.
        { Operand: IConversionOperation { Type: var between, Operand: var inner } cast } when !IsNumber(between) && IsNumber(inner.Type) =>
            NotDifferentiable((cast.Syntax as CastExpressionSyntax)?.Type.GetLocation() ?? cast.Syntax.GetLocation(), $"The cast to {between?.ToDisplayString()}"),
        { OperatorMethod: null } => Number(conversion.Operand, variables),
        _ => Unsupported(conversion),
    };

    private Expression Combine(IOperation operation, BinaryOperatorKind kind, Expression left, Expression right) => kind switch
    {
        BinaryOperatorKind.Add => left + right,
        BinaryOperatorKind.Subtract => left - right,
        BinaryOperatorKind.Multiply => left * right,
        BinaryOperatorKind.Divide => left / right,
        BinaryOperatorKind.Remainder => NotDifferentiable(OperatorOf(operation), "%"),
        _ => Unsupported(operation),
    };

    private Expression Choose(ISwitchExpressionOperation choice, Variables variables)
    {
        var last = choice.Arms[choice.Arms.Length - 1];
        if (last is not { Pattern: IDiscardPatternOperation, Guard: null })
            return Unsupported(last, last.Syntax.GetLocation(), "A switch without '_'", "end it with an arm for '_'");

        var subject = Number(choice.Value, variables);
        return choice.Arms.Take(choice.Arms.Length - 1).Reverse().Aggregate(Number(last.Value, variables), (otherwise, arm) =>
        {
            var condition = Matches(arm.Pattern, subject, variables);
            condition = arm.Guard is null ? condition : new Both(condition, Truth(arm.Guard, variables));
            return condition.Select(Number(arm.Value, variables), otherwise);
        });
    }

    private Expression Call(IInvocationOperation call, Variables variables)
    {
        var (method, at) = (call.TargetMethod, NameOf(call));
        var ordered = call.Arguments.OrderBy(argument => argument.Parameter!.Ordinal).Select(argument => argument.Value);
        if (PointwiseFunctions.IsStep(method))
            return NotDifferentiable(at, method.Name);

        if (!PointwiseFunctions.IsOfMath(method) && PointwiseFunctions.Call(method, [.. method.Parameters.Select(_ => Expression.X)]) is null)
        {
            if (Misdeclared(method) is { } reason)
                return Unsupported(call, at, $"'{method.Name}', which {reason},", "call functions of MathF, or static [Pointwise] methods of floats", RemedyOf(method));

            if (method.DeclaringSyntaxReferences.IsEmpty)
                return Report(Descriptors.PointwiseWithoutSource, at, method.Name);

            if (_calls.Contains(method, SymbolEqualityComparer.Default))
                return Report(Descriptors.PointwiseRecursive, at, method.Name, string.Join(" -> ", _calls.Append(method).Select(other => other.Name)));

            Expression[] values = [.. ordered.Select(value => Number(value, variables))];
            return problems.AreErrors ? 0 : Checked(Parse(method, values), call);
        }

        return PointwiseFunctions.Call(method, [.. ordered.Select(value => Number(value, variables))])
            ?? Unsupported(call, at, $"'{method.Name}'", $"of MathF there are {PointwiseFunctions.Names}");
    }

    /// <summary>The value of an expression of type bool.</summary>
    private Condition Truth(IOperation operation, Variables variables)
    {
        switch (operation)
        {
            case { ConstantValue: { HasValue: true, Value: bool value } }:
                return new Always(value);

            case IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Not } not:
                return new Not(Truth(not.Operand, variables));

            case IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } both:
                return new Both(Truth(both.LeftOperand, variables), Truth(both.RightOperand, variables));

            case IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } either:
                return new Either(Truth(either.LeftOperand, variables), Truth(either.RightOperand, variables));

            case IBinaryOperation { OperatorMethod: null } comparison when IsNumber(comparison.LeftOperand.Type):
                return Compare(comparison, comparison.OperatorKind, Number(comparison.LeftOperand, variables), Number(comparison.RightOperand, variables));

            case IIsPatternOperation match:
                return Matches(match.Pattern, Number(match.Value, variables), variables);

            case not null when Variable(operation) is { } variable && variables.Truths.TryGetValue(variable, out var truth):
                return truth;

            default:
                Unsupported(operation!);
                return new Always(false);
        }
    }

    private Condition Matches(IPatternOperation pattern, Expression subject, Variables variables)
    {
        switch (pattern)
        {
            case IDiscardPatternOperation:
                return new Always(true);

            case IConstantPatternOperation constant:
                return new Compared(Relation.Equal, subject, Number(constant.Value, variables));

            case IRelationalPatternOperation relation:
                return Compare(relation, relation.OperatorKind, subject, Number(relation.Value, variables));

            case INegatedPatternOperation not:
                return new Not(Matches(not.Pattern, subject, variables));

            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both:
                return new Both(Matches(both.LeftPattern, subject, variables), Matches(both.RightPattern, subject, variables));

            case IBinaryPatternOperation either:
                return new Either(Matches(either.LeftPattern, subject, variables), Matches(either.RightPattern, subject, variables));

            default:
                Unsupported(pattern);
                return new Always(false);
        }
    }

    private Condition Compare(IOperation operation, BinaryOperatorKind kind, Expression left, Expression right)
    {
        switch (kind)
        {
            case BinaryOperatorKind.GreaterThan:
                return new Compared(Relation.Greater, left, right);
            case BinaryOperatorKind.LessThan:
                return new Compared(Relation.Greater, right, left);
            case BinaryOperatorKind.GreaterThanOrEqual:
                return new Compared(Relation.AtLeast, left, right);
            case BinaryOperatorKind.LessThanOrEqual:
                return new Compared(Relation.AtLeast, right, left);
            case BinaryOperatorKind.Equals:
                return new Compared(Relation.Equal, left, right);
            case BinaryOperatorKind.NotEquals:
                return new Not(new Compared(Relation.Equal, left, right));
            default:
                Unsupported(operation);
                return new Always(false);
        }
    }

    private static string? WrongSignature(IMethodSymbol method) => method switch
    {
        { IsGenericMethod: true } or { ContainingType.IsGenericType: true } => "is generic",
        { ReturnType.SpecialType: not SpecialType.System_Single } or { ReturnsByRef: true } or { ReturnsByRefReadonly: true } => "does not return float",
        { Parameters.IsEmpty: true } => "has no parameter",
        _ when method.Parameters.Any(parameter => parameter.Type.SpecialType != SpecialType.System_Single || parameter.RefKind != RefKind.None) => "has a parameter that is not float",
        _ => null,
    };

    private static ISymbol? Variable(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    private static bool IsNumber(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double;

    // A float counts as the decimal number that is written: 0.1, not 0.10000000149.
    private static Expression? ConstantOf(object value) => value switch
    {
        float number => double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        double number => number,
        int or uint or long or ulong or short or ushort or byte or sbyte or decimal => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static Location NameOf(IInvocationOperation call) => (call.Syntax as InvocationExpressionSyntax)?.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.GetLocation(),
        { } name => name.GetLocation(),
        null => call.Syntax.GetLocation(),
    };

    private static Location OperatorOf(IOperation operation) => operation.Syntax switch
    {
        BinaryExpressionSyntax binary => binary.OperatorToken.GetLocation(),
        AssignmentExpressionSyntax assignment => assignment.OperatorToken.GetLocation(),
        var other => other.GetLocation(),
    };

    private Expression Checked(Expression value, IOperation at) => Parts(value, MostParts) > MostParts ? TooLarge(at) : value;

    /// <summary>How many parts an expression has, counted up to a bound.</summary>
    private static int Parts(Expression expression, int bound)
    {
        var parts = 1;
        foreach (var child in expression.Children())
        {
            if (parts > bound)
                break;

            parts += Parts(child, bound - parts);
        }

        return parts;
    }

    private Expression TooLarge(IOperation at) => Report(Descriptors.PointwiseTooLarge, at.Syntax.GetFirstToken().GetLocation(), _calls[0].Name, MostParts.ToString(CultureInfo.InvariantCulture));

    private Expression NotDifferentiable(Location at, string what) => Report(Descriptors.PointwiseNotDifferentiable, at, what);

    private Expression Unsupported(IOperation operation) => Unsupported(operation, operation.Syntax.GetLocation(), $"'{operation.Syntax}'", "use arithmetic, functions of MathF, comparisons, ?: and locals");

    private Expression Unsupported(IOperation operation, Location at, string what, string instead, Remedy? remedy = null)
    {
        // What means nothing is the compiler's to report.
        if (operation is IInvalidOperation || operation.Type is IErrorTypeSymbol)
            problems.AddReportedElsewhere();
        else
            problems.Add(Descriptors.PointwiseUnsupported, Here(at), remedy ?? Remedy.None, what, instead);

        return 0;
    }

    private Expression Report(DiagnosticDescriptor descriptor, Location at, params object[] arguments)
    {
        problems.Add(descriptor, Here(at), arguments);
        return 0;
    }

    // A called method's mistakes are reported where it is analyzed itself.
    private Location? Here(Location at) => _calls.Count > 1 ? null : at;

    /// <summary>What variables hold at one point of a run.</summary>
    private sealed class Variables
    {
        public Dictionary<ISymbol, Expression> Numbers { get; private set; } = new(SymbolEqualityComparer.Default);

        public Dictionary<ISymbol, Condition> Truths { get; private set; } = new(SymbolEqualityComparer.Default);

        public Variables Copy() => new() { Numbers = new(Numbers, SymbolEqualityComparer.Default), Truths = new(Truths, SymbolEqualityComparer.Default) };

        /// <summary>Takes over what two branches left.</summary>
        public void Merge(Condition condition, Variables then, Variables otherwise)
        {
            Numbers = Merged(then.Numbers, otherwise.Numbers, condition.Select);
            Truths = Merged(then.Truths, otherwise.Truths, condition.Select);
        }

        // What only one branch sets is not read after both.
        private static Dictionary<ISymbol, T> Merged<T>(Dictionary<ISymbol, T> then, Dictionary<ISymbol, T> otherwise, Func<T, T, T> select) =>
            then.Where(pair => otherwise.ContainsKey(pair.Key)).ToDictionary(pair => pair.Key, pair => select(pair.Value, otherwise[pair.Key]), (IEqualityComparer<ISymbol>)SymbolEqualityComparer.Default);
    }
}
