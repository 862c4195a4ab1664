namespace Intaglio.Compiler;

/// <summary>An op whose first result is the losses; the others are gradients, which only training needs.</summary>
internal interface ILoss;
