using Xunit;

namespace Intaglio.Generators.Tests.Documentation;

public sealed class AttributePageTests
{
    [Fact]
    public void Page_has_every_attribute_as_its_source_documents_it() => Page.Verify("attributes", AttributePage.Text());
}
