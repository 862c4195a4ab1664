using Intaglio.Testing;
using Xunit;

namespace Intaglio.Generators.Tests.Documentation;

public sealed class AttributePageTests
{
    [Fact]
    public Task Page_has_every_attribute_as_its_source_documents_it() => Snapshots.VerifyFile(AttributePage.Text(), Path.Combine(Repository.Root, "docs", "attributes.md"));
}
